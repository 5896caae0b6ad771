#include "store/field_reader.h"

#include <fmt/format.h>

#include "value/json.h"

namespace swamp::store {
namespace {

/// A scalar as text: files made by hand leave quotes away where a name is a number.
std::optional<std::string> scalar_text(const Value& value) {
  if (value.is_string()) return value.as_string();
  if (value.is_number() || value.is_bool()) return write_json(value);
  return std::nullopt;
}

}  // namespace

FieldReader::FieldReader(const Value& value, std::string_view what) : value_(value), what_(what) {
  if (!value.is_map()) refuse(fmt::format("{} is no map but a {}", what, kind_name(value)));
}

std::string FieldReader::text(std::string_view key) {
  auto found = text_if(key);
  if (found.empty()) refuse(fmt::format("{} has no '{}'", what_, key));
  return found;
}

std::string FieldReader::text_if(std::string_view key) {
  const Value& found = value_[key];
  if (found.is_null()) return {};
  auto text = scalar_text(found);
  if (!text) refuse_kind(key, "text");
  return text.value_or(std::string{});
}

std::int64_t FieldReader::integer(std::string_view key) {
  auto found = integer_if(key);
  if (!found) refuse(fmt::format("{} has no '{}'", what_, key));
  return found.value_or(0);
}

std::optional<std::int64_t> FieldReader::integer_if(std::string_view key) {
  const Value& found = value_[key];
  if (found.is_null()) return std::nullopt;
  if (found.kind() == Value::Kind::int64) return found.as_int();
  refuse_kind(key, "whole number");
  return std::nullopt;
}

Timestamp FieldReader::time(std::string_view key) {
  auto found = time_if(key);
  if (!found) refuse(fmt::format("{} has no '{}'", what_, key));
  return found.value_or(Timestamp{});
}

std::optional<Timestamp> FieldReader::time_if(std::string_view key) {
  const Value& found = value_[key];
  if (found.is_null()) return std::nullopt;
  if (found.is_string()) {
    if (auto time = parse_iso8601(found.as_string())) return time;
  }
  refuse_kind(key, "time");
  return std::nullopt;
}

bool FieldReader::flag(std::string_view key, bool otherwise) {
  const Value& found = value_[key];
  if (found.is_null()) return otherwise;
  if (found.is_bool()) return found.as_bool();
  refuse_kind(key, "true or false");
  return otherwise;
}

const List& FieldReader::list(std::string_view key) {
  static const List kNothing;
  const Value& found = value_[key];
  if (found.is_list()) return found.as_list();
  if (!found.is_null()) refuse_kind(key, "list");
  return kNothing;
}

void FieldReader::refuse(std::string message) {
  keep(Error{.code = ErrorCode::invalid_input, .message = std::move(message)});
}

Result<> FieldReader::finish() const {
  if (error_) return fail(*error_);
  return {};
}

void FieldReader::keep(Error error) {
  if (!error_) error_ = std::move(error);
}

void FieldReader::refuse_kind(std::string_view key, std::string_view wanted) {
  refuse(fmt::format("'{}' of {} is no {}", key, what_, wanted));
}

void set_if(Map& map, std::string_view key, const std::string& text) {
  if (!text.empty()) map.set(std::string(key), text);
}

void set_if(Map& map, std::string_view key, const Value& value) {
  if (!value.is_null()) map.set(std::string(key), value);
}

void set_if(Map& map, std::string_view key, const std::optional<Timestamp>& time) {
  if (time) map.set(std::string(key), to_iso8601(*time));
}

void set_if(Map& map, std::string_view key, const std::optional<std::int64_t>& number) {
  if (number) map.set(std::string(key), *number);
}

}  // namespace swamp::store
