#pragma once

#include <optional>

namespace swamp::os {

/// Whether the descriptor leads to a terminal.
bool is_terminal(int fd);

/// Columns of the terminal behind the descriptor; empty when it is none or does not say.
std::optional<unsigned> terminal_width(int fd);

/// Whether to print in colour: on a terminal that is not `TERM=dumb`, unless NO_COLOR is set to
/// anything but nothing. `no_color` and `term` are the values of those variables, null when not
/// set.
bool wants_color(bool is_on_terminal, const char* no_color, const char* term);

/// The same for a descriptor and the environment of this process.
bool wants_color(int fd);

}  // namespace swamp::os
