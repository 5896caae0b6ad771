#include "schema/words.h"

#include <fmt/format.h>

#include "value/json.h"

namespace swamp::schema {

std::string shown(const Value& value) {
  constexpr std::size_t kLongest = 60;
  if (value.is_list()) return value.as_list().empty() ? "[]" : "a list";
  if (value.is_map()) return value.as_map().empty() ? "{}" : "a map";
  if (!value.is_string()) return write_json(value);
  const std::string text = to_valid_utf8(redacted(value).as_string());
  if (text.size() <= kLongest) return fmt::format("'{}'", text);
  std::size_t end = kLongest;
  while ((text[end] & 0xC0) == 0x80) {
    --end;
  }
  return fmt::format("'{}…'", text.substr(0, end));
}

std::string counted(std::size_t count, std::string_view noun) {
  if (count == 0) return fmt::format("no {}s", noun);
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string joined_by_or(std::span<const std::string> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace swamp::schema
