#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace swamp {

/// Where the first byte lies that is not part of a whole UTF-8 character; npos when there is none.
std::size_t first_invalid_utf8(std::string_view text);

/// Appends a code point as UTF-8. `code` must be one (no surrogate).
void append_utf8(std::string& out, std::uint32_t code);

}  // namespace swamp
