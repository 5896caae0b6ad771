#pragma once

#include <optional>

#include "async/task_group.h"
#include "engine/runner.h"

namespace swamp::engine {

/// A step that was started: what it needs while it runs.
struct Runner::Running {
  TaskGroup* work = nullptr;
  std::optional<StopCause> cause = std::nullopt;  // set when it is to be ended
  bool has_slot = true;
  Runner* nested = nullptr;  // of the run that the step waits for
  StepReport report = {};
  std::optional<Result<StepRunner::Iterations>> iterations = std::nullopt;
};

}  // namespace swamp::engine
