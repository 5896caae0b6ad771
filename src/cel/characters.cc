#include "cel/characters.h"

#include <algorithm>

namespace swamp::cel {

namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// The property White_Space of Unicode 15.
bool is_white_space(std::uint32_t c) {
  return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

}  // namespace

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::size_t character_length(std::string_view text, std::size_t byte) {
  std::size_t end = byte + 1;
  while (end < text.size() && is_continuation(text[end])) {
    ++end;
  }
  return end - byte;
}

std::size_t byte_of_character(std::string_view text, std::size_t number) {
  std::size_t byte = 0;
  for (; number > 0 && byte < text.size(); --number) {
    byte += character_length(text, byte);
  }
  return byte;
}

std::uint32_t code_point_at(std::string_view text, std::size_t byte) {
  const auto lead = static_cast<unsigned char>(text[byte]);
  const std::size_t length = character_length(text, byte);
  if (length == 1) return lead;
  std::uint32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[byte + i]) & 0x3FU);
  }
  return code;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongestShown = 60;
  const std::size_t end =
      text.size() <= kLongestShown ? text.size() : byte_of_character(text, kLongestShown);
  return "'" + std::string(text.substr(0, end)) + (end < text.size() ? "…'" : "'");
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_white_space(code_point_at(text, 0))) {
    text.remove_prefix(character_length(text, 0));
  }
  while (!text.empty()) {
    std::size_t last = text.size() - 1;
    while (last > 0 && is_continuation(text[last])) {
      --last;
    }
    if (!is_white_space(code_point_at(text, last))) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

}  // namespace swamp::cel
