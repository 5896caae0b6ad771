#pragma once

#include <chrono>

#include "async/task.h"

namespace swamp {

/// Runs `task` for at most `limit`; when that has passed the task is cancelled, waited for, and the result is an
/// error with code timed_out.
Task<> within(std::chrono::milliseconds limit, Task<> task);

/// Waits. Ends early with code cancelled when the waiting task is cancelled.
Task<> sleep_for(std::chrono::milliseconds time);

/// Whether the running coroutine has been asked to stop.
asio::awaitable<bool> is_cancelled();

}  // namespace swamp
