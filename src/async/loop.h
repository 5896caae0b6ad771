#pragma once

#include "async/task.h"

namespace swamp {

/// Runs `task` on an event loop of this thread until it has ended: the door from ordinary code into
/// waiting code.
Result<> run_loop(Task<> task);

}  // namespace swamp
