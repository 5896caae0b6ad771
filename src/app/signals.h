#pragma once

#include <functional>

#include "async/task.h"

namespace swamp::app {

/// Runs `task`; the first INT, TERM or HUP asks it to stop, a second one ends this process with
/// code 130. Gives the task's own result, which knows best how it ended.
///
/// SIGUSR1 says that another process has a request (cancel_requests.h): `wants_end` looks at it and
/// says whether it is for this task, which then is asked to stop.
Task<> until_signal(Task<> task, std::function<bool()> wants_end);

}  // namespace swamp::app
