#include "store/json_member.h"

#include <sqlite3.h>

namespace swamp::store {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// Where the string ends that begins at `at`: behind its closing quote.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  std::size_t quote = json.find('"', at + 1);
  while (quote != kNone) {
    std::size_t escapes = 0;
    while (json[quote - 1 - escapes] == '\\')
      ++escapes;
    if (escapes % 2 == 0) return quote + 1;
    quote = json.find('"', quote + 1);
  }
  return kNone;
}

/// Behind the list or object that begins at `at`.
std::size_t end_of_container(std::string_view json, std::size_t at) {
  std::size_t depth = 0;
  while (at < json.size()) {
    switch (json[at]) {
      case '"':
        at = end_of_string(json, at);
        continue;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (--depth == 0) return at + 1;
        break;
      default:
        break;
    }
    ++at;
  }
  return kNone;
}

std::size_t end_of_value(std::string_view json, std::size_t at) {
  if (at >= json.size()) return kNone;
  if (json[at] == '"') return end_of_string(json, at);
  if (json[at] == '{' || json[at] == '[') return end_of_container(json, at);
  const auto end = json.find_first_of(",}]", at);
  return end == kNone ? json.size() : end;
}

/// The value of `key` in the object that `json` is.
std::optional<std::string_view> member_of(std::string_view json, std::string_view key) {
  if (!json.starts_with('{')) return std::nullopt;
  std::size_t at = 1;
  while (at < json.size() && json[at] == '"') {
    const auto key_end = end_of_string(json, at);
    if (key_end == kNone) return std::nullopt;
    const auto value = key_end + 1;  // behind the colon
    const auto end = end_of_value(json, value);
    if (end == kNone) return std::nullopt;
    if (json.substr(at + 1, key_end - at - 2) == key) return json.substr(value, end - value);
    at = end + 1;  // behind the comma, or the end of the object
  }
  return std::nullopt;
}

std::string_view text_of(sqlite3_value* value) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

bool is_in(std::string_view value, std::string_view list) {
  for (std::size_t at = 1; at < list.size();) {
    const auto end = end_of_value(list, at);
    if (end == kNone) return false;
    if (list.substr(at, end - at) == value) return true;
    at = end + 1;  // behind the comma, or the end of the list
  }
  return false;
}

void json_member_in(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  const auto member = json_member(text_of(arguments[0]), text_of(arguments[1]));
  if (!member) return sqlite3_result_null(context);
  sqlite3_result_int(context, is_in(*member, text_of(arguments[2])) ? 1 : 0);
}

}  // namespace

std::optional<std::string_view> json_member(std::string_view json, std::string_view path) {
  std::optional<std::string_view> found = json;
  path.remove_prefix(1);  // `$`
  while (found && !path.empty()) {
    path.remove_prefix(2);  // `."`
    const auto quote = path.find('"');
    found = member_of(*found, path.substr(0, quote));
    path.remove_prefix(quote + 1);
  }
  return found;
}

void add_json_functions(sqlite3* database) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  sqlite3_create_function(database, "json_member_in", 3, kFlags, nullptr, json_member_in, nullptr,
                          nullptr);
}

}  // namespace swamp::store
