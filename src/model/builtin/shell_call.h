#pragma once

#include "async/task.h"
#include "model/method_context.h"

namespace swamp::model {

/// One run of `command/shell execute`. Lines are told as they come. Writes the resource `result`,
/// then the file `log`; a command that fails (and was not told to ignore that) leaves neither.
Task<> run_shell_call(MethodContext& context);

}  // namespace swamp::model
