#pragma once

#include <string>

#include "async/task.h"
#include "engine/engine_services.h"
#include "store/run_record.h"

namespace swamp::engine {

/// What came of a decision.
struct Decided {
  store::RunRecord record;
  std::string job;
  std::string step;
  /// Something can go on now: `workflow resume`. Otherwise the run has ended, or only other gates
  /// are left.
  bool can_resume = false;
};

/// Approves or rejects a gate of a run that no process works on; durable when it returns. `step` is
/// the name of a step that waits, or `job/step`. After a rejection that leaves nothing to do the
/// run has failed. Fails with not_found when no such step waits, with invalid_input when its time
/// has passed, with conflict (code name `run_active`) while the run is under way.
Task<Decided> decide_gate(EngineServices& services, store::RunRecord record, std::string step,
                          store::ApprovalDecision decision);

/// Cancels a run that no process works on (suspended or interrupted): what ran or waited has
/// failed, what was pending is skipped, and so for runs within it. Durable when it returns. Fails
/// with invalid_input when the run has ended, with conflict (code name `run_active`) while it is
/// under way.
Task<store::RunRecord> cancel_left_run(EngineServices& services, store::RunRecord record,
                                       std::string reason);

}  // namespace swamp::engine
