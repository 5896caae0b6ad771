#pragma once

#include <string>

#include "async/task.h"

namespace swamp {

/// The error of a wait that was given up because its task was asked to stop.
Error cancelled_error();

/// Lets the running coroutine wait again after it was asked to stop, as for cleaning up. From here
/// on it counts as not cancelled; a further request is a new one.
asio::awaitable<void> acknowledge_cancellation();

/// Runs `task` to its end even when the waiting task is cancelled meanwhile: for work that must not
/// stop half-way. The request is not lost: is_cancelled() tells it afterwards.
Task<> shielded(Task<> task);

/// What an exception that escaped from a library means. To be called within a catch block.
Error error_of_current_exception();

}  // namespace swamp
