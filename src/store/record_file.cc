#include "store/record_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "os/file.h"

namespace swamp::store {

Result<Value> read_record_value(const std::filesystem::path& path) {
  SWAMP_TRY(auto text, os::read_file(path));
  SWAMP_TRY(const auto document, yaml::parse(std::move(text), path.string()));
  return document.to_value();
}

std::string normalized_prefix(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c == '-') continue;
    if (!is_hex_digit(c)) return {};
    digits += to_lower(c);
  }
  return digits.size() >= 3 ? digits : std::string();
}

bool may_be_id(std::string_view text) {
  return !normalized_prefix(text).empty();
}

bool has_prefix(std::string_view id, std::string_view prefix) {
  std::size_t matched = 0;
  for (std::size_t i = 0; i < id.size() && matched < prefix.size(); ++i) {
    if (id[i] == '-') continue;
    if (id[i] != prefix[matched]) return false;
    ++matched;
  }
  return matched == prefix.size();
}

Error ambiguous_prefix(std::string_view prefix, const std::vector<std::string>& ids) {
  return {.code = ErrorCode::invalid_input,
          .message = fmt::format("'{}' is the beginning of {} ids", prefix, ids.size()),
          .hint = fmt::format("write more of one of them: {}", fmt::join(ids, ", "))};
}

std::string file_stamp(std::string iso) {
  std::replace_if(
      iso.begin(), iso.end(), [](char c) { return c == ':' || c == '.'; }, '-');
  return iso;
}

}  // namespace swamp::store
