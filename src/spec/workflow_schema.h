#pragma once

#include "value/value.h"

namespace swamp::spec {

/// The file format of workflows as JSON Schemas (draft 2020-12), one for each of the keys
/// `workflow`, `job`, `jobDependency`, `step`, `stepDependency`, `stepTask`, `triggerCondition`;
/// each stands alone. They refuse what decode_workflow() refuses, but for what schemas cannot say:
/// which cron fields are in range, and where the references within `inputs` lead.
const Value& workflow_schemas();

}  // namespace swamp::spec
