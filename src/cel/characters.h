#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace swamp::cel {

// Texts as sequences of code points. All texts are UTF-8; a byte that is not counts as a character.

std::size_t count_characters(std::string_view text);

/// The byte at which the character with this number begins; the size of the text when it has fewer.
std::size_t byte_of_character(std::string_view text, std::size_t number);

/// How many bytes the character that begins at `byte` takes.
std::size_t character_length(std::string_view text, std::size_t byte);

/// The code point at `byte`.
std::uint32_t code_point_at(std::string_view text, std::size_t byte);

/// The text in single quotes for a message; a long one is cut.
std::string in_quotes(std::string_view text);

/// Without the white space of Unicode at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace swamp::cel
