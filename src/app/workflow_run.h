#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "app/session.h"
#include "engine/run_event.h"
#include "engine/run_options.h"

namespace swamp::app {

/// How a run is to go on.
struct ResumeRun {
  std::string run = {};   // id or its beginning; empty: the only one that can go on
  std::string from = {};  // a step of a failed run to run again, with all that depends on it
};

/// `workflow run`, and with `resume` `workflow resume`.
struct RunWorkflow {
  std::string workflow;  // name or id
  engine::RunOptions options = {};
  std::optional<ResumeRun> resume =
      std::nullopt;  // of `options` then only the inputs and the time limit count
  std::map<std::string, std::string> trace =
      {};                         // TRACEPARENT, TRACESTATE: for every process of the run
  std::string command_line = {};  // as others read it who wait for our locks
  /// Called about ten times a second while the run lasts, from its thread: for views that move.
  /// Empty: nobody looks.
  std::function<void()> on_tick = {};
};

class EngineRoom;

/// The workflow that is meant, as it is to be run. Fails with not_found.
Result<std::shared_ptr<const spec::Workflow>> find_to_run(Session& session, EngineRoom& room,
                                                          const RunWorkflow& request);

/// What a run left.
struct WorkflowRun {
  engine::RunOutcome outcome;
  std::string record_path;  // absolute
};

/// Runs a workflow to its end or to where it waits for somebody. The first signal (INT, TERM, HUP)
/// stops the run: clean-up steps still run; a second one ends those too, a third one this process.
/// A run that fails is a WorkflowRun; an error means that there was none.
Result<WorkflowRun> run_workflow(Session& session, RunWorkflow request,
                                 engine::RunListener& listener);

}  // namespace swamp::app
