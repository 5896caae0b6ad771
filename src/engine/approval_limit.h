#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "spec/workflow.h"

namespace swamp::engine {

/// How long a gate waits for its approval: what its task says or what its step says, whichever is
/// less. Nothing for a step that is no gate.
inline std::optional<std::chrono::milliseconds> approval_limit(const spec::Step& step) {
  const auto* task = std::get_if<spec::ApprovalTask>(&step.task);
  if (task == nullptr) return std::nullopt;
  if (!task->timeout || !step.timeout) return task->timeout ? task->timeout : step.timeout;
  return std::min(*task->timeout, *step.timeout);
}

}  // namespace swamp::engine
