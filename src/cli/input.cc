#include "cli/input.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "cli/usage_error.h"
#include "spec/inputs.h"
#include "value/json.h"
#include "yaml/parse.h"

namespace swamp::cli {
namespace {

constexpr std::size_t kDeepestKey = 100;

struct Pair {
  std::vector<std::string> path;
  bool json = false;
  std::string_view value;
};

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// `@scope/name`, as types and extensions are called: no file, although a file could be called so.
bool is_scoped_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash < 2 || slash + 1 == text.size()) return false;
  const std::string_view scope = text.substr(1, slash - 1);
  const std::string_view name = text.substr(slash + 1);
  return is_letter(scope[0]) && std::all_of(scope.begin(), scope.end(), is_word) &&
         is_word(name[0]) && name[0] != '_' && name[0] != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_word(c) || c == '/'; });
}

Result<std::vector<std::string>> split_key(std::string_view key, std::string_view option) {
  std::vector<std::string> path;
  std::string_view rest = key;
  while (true) {
    const std::size_t dot = rest.find('.');
    path.emplace_back(rest.substr(0, dot));
    if (path.back().empty())
      return usage_error(fmt::format("the key '{}' of '{}' has an empty part", key, option));
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (path.size() > kDeepestKey)
    return usage_error(fmt::format("a key of '{}' nests more than {} levels", option, kDeepestKey));
  return path;
}

Result<Pair> read_pair(std::string_view text, std::string_view option) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return usage_error(fmt::format("'{}' needs key=value, not '{}'", option, text),
                       fmt::format("write '{} <key>={}'", option, text));
  }
  std::string_view key = text.substr(0, equals);
  Pair pair{.value = text.substr(equals + 1)};
  if (key.ends_with(":json")) {
    pair.json = true;
    key.remove_suffix(5);
  }
  SWAMP_TRY(pair.path, split_key(key, option));
  return pair;
}

Result<std::string> read_named_file(std::string_view path, std::string_view key,
                                    const InputContext& context) {
  std::filesystem::path file(path);
  if (path.starts_with("~/")) file = std::filesystem::path(context.home) / path.substr(2);
  auto content = context.read_file(file);
  if (content) return content;
  Error error = std::move(content).error();
  error.hint =
      fmt::format("for a value that begins with '@' write '{}=\\@…' or '{}:json=\"@…\"'", key, key);
  return fail(
      std::move(error).while_doing(fmt::format("reading the file that input '{}' names", key)));
}

std::string joined(const std::vector<std::string>& path) {
  std::string key;
  for (const std::string& part : path)
    key += (key.empty() ? "" : ".") + part;
  return key;
}

Result<Value> read_value(const Pair& pair, const InputContext& context, std::string_view option) {
  const std::string key = joined(pair.path);
  if (pair.json) {
    auto value = parse_json(pair.value, fmt::format("{} {}", option, key));
    if (!value) {
      Error error = std::move(value).error();
      error.name = "usage";
      return fail(std::move(error));
    }
    return value;
  }
  if (pair.value.starts_with("\\@")) return Value(pair.value.substr(1));
  if (!pair.value.starts_with('@') || is_scoped_name(pair.value)) return Value(pair.value);
  SWAMP_TRY(std::string content, read_named_file(pair.value.substr(1), key, context));
  return Value(std::move(content));
}

/// Puts `value` at `path`; a scalar that is in the way is replaced by a map.
void put(Map& map, std::span<const std::string> path, Value value) {
  if (path.size() == 1) {
    map.set(path[0], std::move(value));
    return;
  }
  Value* inner = map.find(path[0]);
  if (inner == nullptr || !inner->is_map()) inner = &map.set(path[0], Map());
  put(inner->mutable_map(), path.subspan(1), std::move(value));
}

Result<Map> read_object(std::string_view text, std::string_view option) {
  auto value = parse_json(text, option);
  if (!value) {
    Error error = std::move(value).error();
    error.name = "usage";
    return fail(std::move(error));
  }
  return value->as_map();  // what begins with a brace and is JSON is an object
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

constexpr std::string_view kRecordForms =
    "give a JSON object, a list of objects, one object a line, or a YAML mapping";

Result<std::vector<Map>> objects_of(const List& list) {
  if (list.empty())
    return fail(ErrorCode::invalid_input, "standard input holds an empty list",
                std::string(kRecordForms));
  std::vector<Map> records;
  for (const Value& item : list) {
    if (!item.is_map()) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("item {} of the list on standard input is a {}, not an object",
                              records.size() + 1, kind_name(item)));
    }
    records.push_back(item.as_map());
  }
  return records;
}

/// The objects of NDJSON; empty when the first line already is none.
Result<std::optional<std::vector<Map>>> read_lines(std::string_view text) {
  std::vector<Map> records;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) continue;
    auto value = parse_json(line, fmt::format("line {} of standard input", number));
    if (records.empty() && (!value || !value->is_map())) return std::nullopt;
    if (!value) return fail(std::move(value).error());
    if (!value->is_map()) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("line {} of standard input is a {}, not an object", number,
                              kind_name(*value)));
    }
    records.push_back(value->as_map());
  }
  return records;
}

}  // namespace

Result<Map> parse_key_values(std::span<const std::string> pairs, const InputContext& context,
                             std::string_view option) {
  Map inputs;
  for (const std::string& text : pairs) {
    SWAMP_TRY(const Pair pair, read_pair(text, option));
    SWAMP_TRY(Value value, read_value(pair, context, option));
    put(inputs, pair.path, std::move(value));
  }
  return inputs;
}

Result<Map> parse_inputs(std::span<const std::string> texts, const InputContext& context,
                         std::string_view option) {
  Map inputs;
  for (const std::string& text : texts) {
    if (text.starts_with('{')) {
      SWAMP_TRY(const Map object, read_object(text, option));
      inputs = spec::deep_merge(std::move(inputs), object);
      continue;
    }
    SWAMP_TRY(const Pair pair, read_pair(text, option));
    SWAMP_TRY(Value value, read_value(pair, context, option));
    put(inputs, pair.path, std::move(value));
  }
  return inputs;
}

Result<Map> parse_input_file(std::string text, std::string name) {
  SWAMP_TRY(const yaml::Document document, yaml::parse(std::move(text), name));
  Value value = document.to_value();
  if (!value.is_map()) {
    return fail(
        ErrorCode::invalid_input,
        fmt::format("the input file '{}' holds a {}, not a mapping", name, kind_name(value)),
        "write 'name: value' lines");
  }
  return value.as_map();
}

Result<std::vector<Map>> parse_records(std::string_view text) {
  if (text.empty()) return std::vector<Map>();
  const std::string_view content = trimmed(text);
  if (content.empty())
    return fail(ErrorCode::invalid_input, "standard input holds only blanks",
                std::string(kRecordForms));
  if (auto value = parse_json(content)) {
    if (value->is_list()) return objects_of(value->as_list());
    if (value->is_map()) return std::vector<Map>{value->as_map()};
  }
  SWAMP_TRY(auto lines, read_lines(content));
  if (lines) return *std::move(lines);
  SWAMP_TRY(const yaml::Document document, yaml::parse(std::string(content), "<stdin>"));
  Value value = document.to_value();
  if (!value.is_map()) {
    return fail(ErrorCode::invalid_input,
                fmt::format("standard input holds a {}, not inputs", kind_name(value)),
                std::string(kRecordForms));
  }
  return std::vector<Map>{value.as_map()};
}

Result<std::vector<std::pair<std::string, std::string>>> parse_tags(
    std::span<const std::string> pairs, std::string_view option) {
  std::vector<std::pair<std::string, std::string>> tags;
  for (const std::string& text : pairs) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return usage_error(fmt::format("'{}' needs key=value, not '{}'", option, text));
    }
    tags.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return tags;
}

Result<std::vector<InputExpression>> parse_input_expressions(std::span<const std::string> pairs) {
  std::vector<InputExpression> expressions;
  for (const std::string& text : pairs) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      return usage_error(fmt::format("'--input-expr' needs key=<CEL>, not '{}'", text),
                         "write '--input-expr total=1+2'");
    }
    SWAMP_TRY(auto path, split_key(std::string_view(text).substr(0, equals), "--input-expr"));
    expressions.push_back({std::move(path), text.substr(equals + 1)});
  }
  return expressions;
}

}  // namespace swamp::cli
