#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "async/task.h"
#include "engine/engine_services.h"
#include "engine/run_event.h"
#include "engine/run_options.h"
#include "engine/run_state.h"
#include "spec/workflow.h"

namespace swamp::engine {

class Runner;

/// Lets somebody else stop a run: a signal, a server. Used from the event loop's thread.
class RunControl {
 public:
  /// Stops the run: what runs is ended, clean-up still runs, for at most a minute. A second call
  /// ends that too. Before the run has begun, or after it has ended, it does nothing.
  void stop(StopCause cause);

  /// Ends one step, `job/step`, of the run or of a run within it. False when that step does not
  /// run.
  bool cancel_step(std::string_view run_id, std::string_view step, StopCause cause);

 private:
  friend class ControlledRun;
  Runner* runner_ = nullptr;
};

/// Runs a workflow from its checks to its end, or until it is suspended. A run that fails is an
/// outcome; an error means that there was no run, or that it could not be kept on record. All
/// outlive the task.
Task<RunOutcome> run_workflow(EngineServices& services,
                              std::shared_ptr<const spec::Workflow> workflow, RunOptions options,
                              RunListener& listener, RunControl& control);

/// How a run is to go on.
struct ResumeOptions {
  /// A step to run again with all that depends on it: `step` or `job/step`, as written or of one
  /// iteration. For runs that failed; empty: the run was suspended or its process died.
  std::string from = {};
  Map inputs = {};  // over those of the run
  /// For what is left of the run, from now on; it takes the place of the `--timeout` that the run
  /// was started with.
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
  driver::Input process_input = driver::Input::inherited;
};

/// Goes on with a run that no process works on. Finished steps keep their results, what was running
/// runs again, the workflow is the current one: steps that are new in it are pending, those that it
/// lost count no more. `end_leftovers` ends what processes of an earlier attempt are left; it may
/// be empty.
///
/// Fails with conflict (code name `run_active`) while the run is under way, and with invalid_input
/// when there is nothing to go on with: it has ended, or every step that is left waits for an
/// approval (`approval_pending`).
Task<RunOutcome> resume_workflow(EngineServices& services, store::RunRecord record,
                                 ResumeOptions options, RunListener& listener, RunControl& control,
                                 std::function<Task<>(std::string run_id)> end_leftovers = {});

}  // namespace swamp::engine
