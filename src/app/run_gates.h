#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/runs.h"
#include "app/session.h"
#include "app/workflow_run.h"
#include "engine/run_decisions.h"

// What people do about runs that wait, were left, or go on too long.
namespace swamp::app {

/// The run of a workflow that can go on: suspended or interrupted, or with `from` failed. Fails
/// with not_found when there is none, with invalid_input when there are several (the hint lists
/// them).
Result<FoundRun> find_left_run(Session& session, std::string_view workflow,
                               const ResumeRun& request);

/// A gate that waits for somebody.
struct PendingApproval {
  std::string workflow_name;
  std::string run_id;
  std::string step;
  std::string prompt;
  std::optional<Timestamp> since = std::nullopt;
  Value inputs = {};
};
Result<std::vector<PendingApproval>> list_approvals(Session& session);

struct DecideGate {
  std::string workflow;
  std::string step;
  std::string run = {};  // id or its beginning; empty: the only suspended run
  bool approved = false;
  std::string reason = {};
};
struct DecidedGate {
  engine::Decided decided;
  std::string decided_by;
};
Result<DecidedGate> decide_gate(Session& session, const DecideGate& request);

struct CancelledRun {
  std::string run_id;
  std::string workflow_name;
  std::string previous_status;
};
/// Cancels a run: asks its process to stop and waits for that, or closes one that no process works
/// on. `run` is an id or its beginning; empty: the latest that has not ended. Fails with not_found.
Result<CancelledRun> cancel_run(Session& session, std::string_view workflow, std::string_view run,
                                std::string_view reason);

}  // namespace swamp::app
