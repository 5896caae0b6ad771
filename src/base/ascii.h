#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace swamp {

// Letters and digits of ASCII, whatever the locale: what names, numbers and words of formats are
// made of. Every other byte is none of them and stays as it is.

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_letter(char c) {
  return is_lower(c) || is_upper(c);
}
constexpr bool is_alphanumeric(char c) {
  return is_letter(c) || is_digit(c);
}
constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

constexpr char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char to_upper(char c) {
  return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}

inline std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    c = to_lower(c);
  return lower;
}

/// Whether `wanted` stands in `text`, in letters of either case.
inline bool contains_in_any_case(std::string_view text, std::string_view wanted) {
  return wanted.empty() ||
         std::search(text.begin(), text.end(), wanted.begin(), wanted.end(),
                     [](char a, char b) { return to_lower(a) == to_lower(b); }) != text.end();
}

}  // namespace swamp
