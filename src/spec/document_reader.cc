#include "spec/document_reader.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/duration.h"
#include "base/suggest.h"
#include "spec/phrases.h"
#include "value/json.h"

namespace swamp::spec {
namespace {

constexpr double kMostSeconds = 100.0 * 365 * 24 * 3600;

std::string_view with_article(std::string_view kind) {
  if (kind == "string") return "a string";
  if (kind == "number") return "a number";
  if (kind == "list") return "a list";
  if (kind == "map") return "a map";
  if (kind == "boolean") return "true or false";
  return kind == "null" ? std::string_view("empty") : kind;
}

/// An error inside a text is counted from its first character, which for a quoted text is behind
/// the quote and for a block on the line below.
SourceSpan text_place(const yaml::Node& node) {
  if (node.style() == yaml::Style::plain) return node.where();
  const std::string_view text = node.text();
  const auto line = text.substr(0, text.find('\n'));
  const auto points =
      std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return node.place_in(0, static_cast<std::uint32_t>(std::max<std::ptrdiff_t>(1, points)));
}

void collect_places(const yaml::Node& node, const std::string& pointer,
                    std::vector<Field::Place>& places) {
  places.push_back({pointer, node.is_string() ? text_place(node) : node.where()});
  for (const auto& entry : node.entries())
    collect_places(entry.value, pointer_to(pointer, entry.name), places);
  std::size_t index = 0;
  for (const auto& item : node.items())
    collect_places(item, pointer_to(pointer, std::to_string(index++)), places);
}

}  // namespace

void Problems::add(SourceSpan where, std::string message, std::string hint) {
  add(Error{.code = ErrorCode::invalid_input,
            .message = std::move(message),
            .where = std::move(where),
            .hint = std::move(hint)});
}

void Problems::add(SourceSpan where, Error error) {
  if (!error.where) error.where = std::move(where);
  add(std::move(error));
}

void Problems::add_all(Error error) {
  auto rest = std::move(error.also);
  error.also.clear();
  add(std::move(error));
  for (auto& problem : rest)
    add(std::move(problem));
}

bool looks_like_expression(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\t' ||
                           text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text.starts_with("${{") && text.ends_with("}}") && cel::Template::has_expression(text);
}

Field field_of(const yaml::Node& node) {
  std::vector<Field::Place> places;
  collect_places(node, {}, places);
  return Field::written(node.to_value(), std::move(places));
}

Field field_of(const yaml::Node& node, const std::vector<std::string>& pointers) {
  std::vector<Field::Place> places;
  collect_places(node, {}, places);
  return Field::written_only_at(node.to_value(), std::move(places), pointers);
}

std::string label(std::string_view noun, const yaml::Node& node, std::string_view key) {
  const auto* name = node.find(key);
  return name && name->is_string() ? fmt::format("{} '{}'", noun, name->text()) : std::string(noun);
}

MapReader::MapReader(const yaml::Node& node, std::string what, Problems& problems)
    : node_(node), what_(std::move(what)), problems_(problems) {
  if (!node_.is_mapping()) {
    problems_.add(node_.where(),
                  fmt::format("{} must be a map, not {}", what_, with_article(node_.kind_name())));
  }
}

const yaml::Node* MapReader::find(std::string_view key) {
  known_.push_back(key);
  return node_.find(key);
}

const yaml::Node* MapReader::require(std::string_view key, std::string_view hint) {
  const auto* value = find(key);
  if (!value && node_.is_mapping()) {
    problems_.add(node_.where(), fmt::format("{} has no '{}'", what_, key), std::string(hint));
  }
  return value;
}

void MapReader::wrong(std::string_view key, const yaml::Node& value, std::string_view expected,
                      std::string hint) {
  if (hint.empty() && value.is_null())
    hint = fmt::format("give '{}' a value, or leave it out", key);
  problems_.add(value.where(),
                fmt::format("'{}' of {} must be {}, not {}", key, what_, expected,
                            with_article(value.kind_name())),
                std::move(hint));
}

const yaml::Node* MapReader::find_text(std::string_view key) {
  const auto* value = find(key);
  if (!value || value->is_string()) return value;
  std::string hint;
  if (value->is_scalar() && !value->is_null())
    hint = fmt::format("write it in quotes: '{}'", value->text());
  wrong(key, *value, "a string", std::move(hint));
  return nullptr;
}

std::optional<std::string> MapReader::text(std::string_view key) {
  const auto* value = find_text(key);
  if (!value) return std::nullopt;
  if (value->text().empty())
    problems_.add(value->where(), fmt::format("'{}' of {} must not be empty", key, what_));
  return value->text();
}

std::string MapReader::required_text(std::string_view key, std::string_view hint) {
  require(key, hint);
  return text(key).value_or(std::string());
}

Field MapReader::text_field(std::string_view key) {
  const auto* value = find_text(key);
  return value ? field_of(*value) : Field();
}

Field MapReader::required_text_field(std::string_view key, std::string_view hint) {
  require(key, hint);
  return filled_text_field(key);
}

Field MapReader::filled_text_field(std::string_view key) {
  auto field = text_field(key);
  if (field && field.text().empty()) {
    problems_.add(field.where(), fmt::format("'{}' of {} must not be empty", key, what_));
  }
  return field;
}

std::optional<std::size_t> MapReader::choice(std::string_view key,
                                             std::span<const std::string_view> choices) {
  const auto* value = find_text(key);
  if (!value) return std::nullopt;
  const auto found = std::find(choices.begin(), choices.end(), value->text());
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  const std::vector<std::string> names(choices.begin(), choices.end());
  problems_.add(value->where(),
                fmt::format("'{}' of {} must be {}, not '{}'", key, what_, alternatives(names),
                            value->text()),
                did_you_mean(value->text(), names));
  return std::nullopt;
}

std::optional<bool> MapReader::flag(std::string_view key) {
  const auto* value = find(key);
  if (!value) return std::nullopt;
  if (value->value().is_bool()) return value->value().as_bool();
  std::string hint;
  if (value->text() == "yes" || value->text() == "on") hint = "write 'true'";
  if (value->text() == "no" || value->text() == "off") hint = "write 'false'";
  wrong(key, *value, "true or false", std::move(hint));
  return std::nullopt;
}

std::optional<double> MapReader::number(std::string_view key, double lowest) {
  const auto* value = find(key);
  if (!value) return std::nullopt;
  if (!value->value().is_number()) {
    wrong(key, *value, "a number");
    return std::nullopt;
  }
  const double number = value->value().to_double();
  if (std::isfinite(number) && number >= lowest) return number;
  problems_.add(value->where(),
                std::isfinite(number)
                    ? fmt::format("'{}' of {} must be at least {}, not {}", key, what_,
                                  number_to_string(lowest), value->text())
                    : fmt::format("'{}' of {} must be a finite number", key, what_));
  return std::nullopt;
}

std::optional<int> MapReader::integer(std::string_view key, int lowest) {
  const auto* value = find(key);
  if (!value) return std::nullopt;
  const auto& scalar = value->value();
  if (!scalar.is_number() || scalar.to_double() != std::floor(scalar.to_double())) {
    wrong(key, *value, "a whole number");
    return std::nullopt;
  }
  const double number = scalar.to_double();
  if (number >= lowest && number <= std::numeric_limits<int>::max())
    return static_cast<int>(number);
  problems_.add(
      value->where(),
      fmt::format("'{}' of {} must be {} {}, not {}", key, what_,
                  number < lowest ? "at least" : "at most",
                  number < lowest ? lowest : std::numeric_limits<int>::max(), value->text()));
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> MapReader::time_limit(std::string_view key) {
  const auto* value = find(key);
  if (!value) return std::nullopt;
  if (!value->is_scalar() || !(value->value().is_number() || value->is_string())) {
    wrong(key, *value, "a time limit such as 30s or 5m");
    return std::nullopt;
  }
  auto limit = parse_time_limit(
      value->value().is_number() ? number_to_string(value->value().to_double()) : value->text());
  if (limit) return *limit;
  problems_.add(value->where(), fmt::format("'{}' of {}: {}", key, what_, limit.error().message),
                limit.error().hint);
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> MapReader::seconds(std::string_view key, Zero zero) {
  const auto* value = find(key);
  if (!value) return std::nullopt;
  if (!value->value().is_number()) {
    wrong(key, *value, "a number of seconds");
    return std::nullopt;
  }
  const double seconds = value->value().to_double();
  const bool in_range =
      seconds <= kMostSeconds && (zero == Zero::allowed ? seconds >= 0 : seconds > 0);
  if (in_range)
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1000)));
  problems_.add(
      value->where(),
      fmt::format("'{}' of {} must be {} and at most 100 years, not {} seconds", key, what_,
                  zero == Zero::allowed ? "0 or more" : "more than 0", value->text()));
  return std::nullopt;
}

Field MapReader::map_field(std::string_view key) {
  const auto* value = find(key);
  if (!value) return {};
  if (!value->is_mapping()) {
    wrong(key, *value, "a map");
    return {};
  }
  return field_of(*value);
}

Field MapReader::text_map_field(std::string_view key) {
  auto field = map_field(key);
  if (!field) return {};
  for (const auto& entry : node_.find(key)->entries()) {
    if (entry.value.is_string()) continue;
    problems_.add(entry.value.where(),
                  fmt::format("'{}' in '{}' of {} must be a string, not {}", entry.name, key, what_,
                              with_article(entry.value.kind_name())),
                  entry.value.is_scalar() && !entry.value.is_null()
                      ? fmt::format("write it in quotes: '{}'", entry.value.text())
                      : std::string());
  }
  return field;
}

Field MapReader::map_or_expression(std::string_view key) {
  const auto* value = find(key);
  if (!value) return {};
  if (value->is_mapping() || (value->is_string() && looks_like_expression(value->text())))
    return field_of(*value);
  wrong(key, *value, "a map or one ${{ … }} expression");
  return {};
}

void MapReader::check_texts(std::string_view key, const yaml::Node& list) {
  for (const auto& item : list.items()) {
    if (item.is_string() && !item.text().empty()) continue;
    problems_.add(item.where(), item.is_string()
                                    ? fmt::format("'{}' of {} holds an empty string", key, what_)
                                    : fmt::format("'{}' of {} must hold strings only, not {}", key,
                                                  what_, with_article(item.kind_name())));
  }
}

Field MapReader::text_list_field(std::string_view key) {
  const auto* value = find(key);
  if (!value) return {};
  if (!value->is_sequence()) {
    wrong(key, *value, "a list of strings");
    return {};
  }
  check_texts(key, *value);
  return field_of(*value);
}

std::vector<std::string> MapReader::texts(std::string_view key) {
  const auto* value = find(key);
  if (!value) return {};
  if (!value->is_sequence()) {
    wrong(key, *value, "a list of strings");
    return {};
  }
  check_texts(key, *value);
  std::vector<std::string> texts;
  for (const auto& item : value->items())
    texts.push_back(item.text());
  return texts;
}

std::span<const yaml::Node> MapReader::items(std::string_view key) {
  const auto* value = find(key);
  if (!value) return {};
  if (!value->is_sequence()) wrong(key, *value, "a list");
  return value->items();
}

std::span<const yaml::Node> MapReader::required_items(std::string_view key, std::string_view hint) {
  const auto* value = require(key, hint);
  if (value && value->is_sequence() && value->items().empty()) {
    problems_.add(value->where(), fmt::format("'{}' of {} must not be empty", key, what_),
                  std::string(hint));
  }
  return items(key);
}

std::span<const yaml::Entry> MapReader::entries(std::string_view key) {
  const auto* value = find(key);
  if (!value) return {};
  if (!value->is_mapping()) wrong(key, *value, "a map");
  return value->entries();
}

void MapReader::finish(std::span<const KeyHint> hints, Problems& problems) {
  for (const auto& entry : node_.entries()) {
    if (std::find(known_.begin(), known_.end(), entry.name) != known_.end()) continue;
    std::vector<std::string> keys;
    for (const auto key : known_) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.emplace_back(key);
    }
    const auto special = std::find_if(hints.begin(), hints.end(),
                                      [&](const KeyHint& hint) { return hint.key == entry.name; });
    std::string hint =
        special != hints.end() ? std::string(special->hint) : did_you_mean(entry.name, keys);
    if (!hint.empty()) hint += "; ";
    problems.add(entry.key.where(), fmt::format("{} has no key '{}'", what_, entry.name),
                 fmt::format("{}its keys are {}", hint, fmt::join(keys, ", ")));
  }
}

}  // namespace swamp::spec
