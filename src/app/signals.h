#pragma once

#include "async/task.h"

namespace swamp::app {

/// Runs `task`; the first INT, TERM or HUP asks it to stop, a second one ends this process with
/// code 130. Gives the task's own result, which knows best how it ended.
Task<> until_signal(Task<> task);

}  // namespace swamp::app
