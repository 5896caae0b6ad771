#include "spec/names.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"

namespace swamp::spec {
namespace {

constexpr std::size_t kLongestFileName = 64;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_scope_char(char c) {
  return is_lower(c) || is_digit(c) || c == '_' || c == '-';
}

/// `[a-z0-9][a-z0-9-]*`, and `_` after the first where that is allowed.
bool is_strict(std::string_view name, bool underscore) {
  if (name.empty() || !(is_lower(name.front()) || is_digit(name.front()))) return false;
  return std::all_of(name.begin(), name.end(), [underscore](char c) {
    return is_lower(c) || is_digit(c) || c == '-' || (underscore && c == '_');
  });
}

Result<> check_new_name(std::string_view name, std::string_view what, bool underscore) {
  SWAMP_CHECK(check_name(name, what));
  if (is_scoped_name(name)) return {};
  if (!is_strict(name, underscore)) {
    return fail(
        ErrorCode::invalid_input,
        fmt::format(
            "{} '{}' must begin with a lower-case letter or digit and hold only those{} and '-'",
            what, name, underscore ? ", '_'" : ""),
        "write for example 'web-server', or '@team/web-server'");
  }
  if (name.size() > kLongestFileName) {
    return fail(ErrorCode::invalid_input,
                fmt::format("{} '{}' is longer than {} characters", what, name, kLongestFileName),
                "choose a shorter one");
  }
  return {};
}

}  // namespace

Result<TypeName> TypeName::parse(std::string_view text) {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  TypeName name{.raw = std::string(text), .normalized = {}};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool colons = text.substr(i, 2) == "::";
    if (colons) ++i;
    if (colons || is_blank(text[i]) || text[i] == '.' || text[i] == '/') {
      if (!name.normalized.empty() && name.normalized.back() != '/') name.normalized += '/';
    } else if (text[i] == '\\' || static_cast<unsigned char>(text[i]) < 0x20) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("type '{}' holds a character that no type can have", text));
    } else {
      name.normalized += to_lower(text[i]);
    }
  }
  if (!name.normalized.empty() && name.normalized.back() == '/') name.normalized.pop_back();
  if (name.normalized.empty()) return fail(ErrorCode::invalid_input, "a type must not be empty");
  return name;
}

std::string_view TypeName::collective() const {
  const std::string_view all = normalized;
  return all.starts_with('@') ? all.substr(0, all.find('/')) : std::string_view{};
}

bool is_scoped_name(std::string_view name) {
  if (!name.starts_with('@')) return false;
  std::size_t parts = 0;
  for (name.remove_prefix(1);; ++parts) {
    const auto part = name.substr(0, name.find('/'));
    if (part.empty() || !std::all_of(part.begin(), part.end(), is_scope_char)) return false;
    if (part.size() == name.size()) break;
    name.remove_prefix(part.size() + 1);
  }
  return parts >= 1;
}

Result<> check_name(std::string_view name, std::string_view what) {
  if (name.empty())
    return fail(ErrorCode::invalid_input, fmt::format("{} must not be empty", what));
  for (const auto& [part, label] : {std::pair<std::string_view, std::string_view>{"..", "'..'"},
                                    {"\\", "a backslash"},
                                    {std::string_view("\0", 1), "a NUL"}}) {
    if (name.find(part) != name.npos) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("{} '{}' must not hold {}", what, name, label));
    }
  }
  if (name.find('/') != name.npos && !is_scoped_name(name)) {
    return fail(ErrorCode::invalid_input, fmt::format("{} '{}' must not hold '/'", what, name),
                "only a scoped name may: '@team/name', of lower-case letters, digits, '_' and '-'");
  }
  return {};
}

Result<> check_new_definition_name(std::string_view name) {
  return check_new_name(name, "definition name", true);
}
Result<> check_new_workflow_name(std::string_view name) {
  return check_new_name(name, "workflow name", false);
}

bool is_definition_file_name(std::string_view name) {
  return name.size() <= kLongestFileName && is_strict(name, true);
}
bool is_workflow_file_name(std::string_view name) {
  return name.size() <= kLongestFileName && is_strict(name, false);
}

}  // namespace swamp::spec
