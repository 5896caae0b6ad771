#pragma once

#include "engine/names/name_context.h"

// `workflow.<name>.…`: a workflow, and how it was last run.
namespace swamp::engine {

/// `workflow.<name>.<kind>`, kind one of `definition`, `execution`. Fails with not_found when there
/// is no such workflow or kind, or it was never run.
Task<Value> workflow_member(const NameContext& context, cel::Ask ask);

}  // namespace swamp::engine
