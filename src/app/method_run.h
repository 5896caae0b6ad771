#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/session.h"
#include "engine/method_runner.h"
#include "engine/run_event.h"

namespace swamp::app {

/// `model method run`.
struct RunMethod {
  std::string model = {};       // name or id of a definition
  std::string type = {};        // or a type; then…
  std::string definition = {};  // …the definition to use or make, or none: an ephemeral instance
  std::string method;
  Map inputs = {};                                // data: never searched for expressions
  std::optional<Map> global_args = std::nullopt;  // with `type`: likewise
  std::vector<std::pair<std::string, std::string>> tags = {};
  engine::Selection selection = {};
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
  std::map<std::string, std::string> trace = {};  // TRACEPARENT, TRACESTATE
  bool last_evaluated = false;                    // the definition as it was evaluated last
  std::string command_line = {};                  // as others read it who wait for our locks
};

/// What a call left.
struct MethodRun {
  model::Instance instance;
  std::string type_version;
  std::string method;
  engine::MethodOutcome outcome;
  std::string log_file;  // absolute
  std::string initiated_by;
};

/// Runs one method and waits for it. The first signal (INT, TERM, HUP) cancels it, a second one
/// ends this process. What happens is told to `listener`: MethodResolved, MethodOutput, StepNotice,
/// ReportEnded, with empty paths. A method that fails is a MethodRun whose outcome has not
/// succeeded; a call that could not be made is an error.
Result<MethodRun> run_method(Session& session, RunMethod request, engine::RunListener& listener);

}  // namespace swamp::app
