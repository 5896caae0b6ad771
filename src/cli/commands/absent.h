#pragma once

#include <span>

#include "cli/command.h"

namespace swamp::cli {

/// Commands that are known but not part of this version, and signposts: words that people try, with
/// what they want.
std::span<const Command> absent_commands();

}  // namespace swamp::cli
