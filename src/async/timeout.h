#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "async/task.h"

namespace swamp {

/// Runs `task` for at most `limit`; when that has passed the task is cancelled, waited for, and the
/// result is an error with code timed_out.
Task<> within(std::chrono::milliseconds limit, Task<> task);

template <class T>
Task<T> within(std::chrono::milliseconds limit, Task<T> task);

/// Waits. Ends early with code cancelled when the waiting task is cancelled.
Task<> sleep_for(std::chrono::milliseconds time);

/// Whether the running coroutine has been asked to stop. A wait that begins after the request is
/// not woken by it, so code that waits on Asio directly asks before each wait; everything of this
/// room does.
asio::awaitable<bool> is_cancelled();

namespace detail {

template <class T>
Task<> keep_result(Task<T> task, std::optional<T>& slot) {
  auto result = co_await std::move(task);
  if (!result) co_return fail(std::move(result).error());
  slot.emplace(*std::move(result));
  co_return Result<>{};
}

}  // namespace detail

template <class T>
Task<T> within(std::chrono::milliseconds limit, Task<T> task) {
  std::optional<T> slot;
  SWAMP_CO_CHECK(co_await within(limit, detail::keep_result(std::move(task), slot)));
  co_return *std::move(slot);
}

}  // namespace swamp
