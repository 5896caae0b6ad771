#pragma once

#include <memory>

#include "model/type.h"

namespace swamp::model {

/// `command/shell`: runs a command with `sh -c` and keeps what it printed.
std::shared_ptr<const Type> make_shell_type();

}  // namespace swamp::model
