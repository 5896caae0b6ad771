#pragma once

#include <memory>

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

}  // namespace swamp::engine
