#pragma once

#include "app/workflow_run.h"
#include "engine/dry_run.h"

namespace swamp::app {

/// `workflow run --dry-run`: what run_workflow() would do with this request. Refuses what that
/// refuses. `session` must be read-only.
Result<engine::DryRun> foresee_workflow(Session& session, const RunWorkflow& request);

}  // namespace swamp::app
