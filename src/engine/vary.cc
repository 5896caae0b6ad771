#include "engine/vary.h"

#include <fmt/format.h>

#include "spec/iteration_names.h"
#include "value/json.h"

namespace swamp::engine {
namespace {

constexpr std::size_t kLongest = 64;

std::string raw_text(const Value& value) {
  if (!value.is_map() && !value.is_list()) return spec::iteration_label(value);
  for (const char* key : {"key", "name", "id"}) {
    const Value& member = value[key];
    if (!member.is_null() && !member.is_map() && !member.is_list())
      return spec::iteration_label(member);
  }
  return write_json(value).substr(0, kLongest);
}

/// What a data name may hold of a text: it is a folder's name.
std::string cleaned(std::string_view text) {
  std::string clean;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0') continue;
    const bool is_parent = text.substr(i, 2) == "..";
    if (is_parent || text[i] == '/' || text[i] == '\\') {
      clean += "--";
      i += is_parent ? 1 : 0;
    } else {
      clean += text[i];
    }
  }
  return clean;
}

}  // namespace

Result<std::string> vary_suffix(const List& values) {
  std::string suffix;
  for (const Value& value : values) {
    if (value.holds_secret()) {
      return fail(ErrorCode::invalid_input, "a data name may not be varied by a secret");
    }
    const std::string text = value.is_null() ? std::string() : cleaned(raw_text(value));
    if (text.empty()) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("a data name may not be varied by {}",
                              value.is_null() ? "null" : "an empty text"));
    }
    suffix += (suffix.empty() ? "" : "-") + text;
  }
  return suffix;
}

}  // namespace swamp::engine
