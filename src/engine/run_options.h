#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "driver/environment.h"
#include "engine/method_runner.h"
#include "engine/run_event.h"
#include "spec/workflow.h"
#include "store/run_record.h"
#include "value/value.h"

namespace swamp::engine {

/// How a workflow is to be run. Nearly all of it is kept with the run, so that resuming it changes
/// nothing of it.
struct RunOptions {
  Map inputs = {};                                                     // as given
  std::vector<std::pair<std::string, std::string>> runtime_tags = {};  // `--tag`
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;     // `--timeout`
  Selection selection = {};
  /// `--fail-on`: a failed assert of less severity is an allowed failure, one that is not below it
  /// fails the command even where its step allows it. Absent: steps alone decide.
  std::optional<spec::Severity> fail_on = std::nullopt;
  driver::Input process_input = driver::Input::inherited;
  std::string initiated_by = {};  // `ghost` or `user:<name>`; empty in nested runs
  std::string trigger_source = "manual";
  std::string instance_id = {};
  bool last_evaluated = false;  // of a workflow as it was evaluated last
  /// Keeps the document that a workflow evaluated to before its run. Called from a thread of the
  /// pool; empty: nobody wants it. Not kept with the run.
  std::function<Result<>(const spec::Workflow& workflow, Value evaluated)> keep_evaluated = {};
};

/// How a run ended, or where it stands.
struct RunOutcome {
  std::string run_id;
  RunStatus status = RunStatus::succeeded;
  std::string reason = {};  // of a cancel: what is kept as `cancel_reason`
  store::RunRecord record = {};
  bool failed_asserts = false;  // one at or above `fail_on` failed, allowed or not
};

}  // namespace swamp::engine
