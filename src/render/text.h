#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace swamp::render {

// Text as it stands on a terminal: measured in columns, not in bytes. Invalid UTF-8 counts and
// prints as U+FFFD.

/// The columns that `text` takes, escape sequences not counted. Wide characters take two, combining
/// ones none.
std::size_t display_width(std::string_view text);

/// `text` with nothing in it that moves a cursor or sets a terminal: control characters become
/// visible (`\t` a blank, others `\x1b` as written in C), escape sequences go.
std::string printable(std::string_view text);

/// The last state of a line that overwrites itself, as progress bars do: what follows its last
/// carriage return, those at its end aside.
std::string_view last_state(std::string_view line);

/// A line of output as it may be shown. On a terminal: its last state, of escape sequences only
/// colours, and these only where `colour` wants them, no other control characters. Elsewhere: as it
/// is, but for a carriage return at its end.
std::string shown_line(std::string_view line, bool on_terminal, bool colour);

/// `text` for a terminal that knows only ASCII: symbols that we use by something alike, everything
/// else as `?`, one for each column. Bytes that are no UTF-8 likewise.
std::string ascii_only(std::string_view text);

/// The longest beginning of `text` that fits in `width` columns, with `…` for what was cut off.
std::string fit(std::string_view text, std::size_t width);

/// `text` with blanks up to `width`, on the right or on the left.
std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);

/// Lines of at most `width` columns, broken at blanks; a longer word has a line of its own.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// `1 item`, `3 items`
std::string count_of(std::size_t count, std::string_view singular, std::string_view plural = {});

}  // namespace swamp::render
