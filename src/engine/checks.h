#pragma once

#include "base/result.h"
#include "engine/directory.h"
#include "spec/workflow.h"

namespace swamp::engine {

/// What must hold before a run of the workflow, or of those nested in it, may start: the checks of
/// validation that need no evaluation, and that nothing is asked for that cannot be done here. All
/// problems as one error; nothing is put on record.
Result<> check_before_run(const spec::Workflow& workflow, const Directory& directory);

/// What the workflow itself asks for and this version does not do.
std::vector<Error> unavailable_keys(const spec::Workflow& workflow);

}  // namespace swamp::engine
