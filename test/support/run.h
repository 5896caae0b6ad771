#pragma once

#include <optional>
#include <utility>

#include "async/loop.h"
#include "async/task.h"

namespace swamp::test {

template <class T>
Task<> store_result(Task<T> task, std::optional<Result<T>>& slot) {
  slot.emplace(co_await std::move(task));
  co_return Result<>{};
}

/// Runs a task to its end on a loop of its own and gives back its result.
template <class T>
Result<T> run(Task<T> task) {
  std::optional<Result<T>> slot;
  if (auto ended = run_loop(store_result(std::move(task), slot)); !ended)
    return fail(ended.error());
  return *std::move(slot);
}

}  // namespace swamp::test
