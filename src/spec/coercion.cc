#include "spec/coercion.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "value/json.h"

namespace swamp::spec {
namespace {

/// Whether a schema's `type` is, or lists, this one.
bool declares_type(const Value& schema, std::string_view type) {
  const auto& declared = schema["type"];
  if (declared.is_string()) return declared.as_string() == type;
  if (!declared.is_list()) return false;
  const auto& list = declared.as_list();
  return std::any_of(list.begin(), list.end(), [type](const Value& each) {
    return each.is_string() && each.as_string() == type;
  });
}

/// A whole number as such, anything else as a double; empty when the text is no decimal number.
std::optional<Value> number_of(const std::string& text) {
  const char* const begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  if (const auto read = std::from_chars(begin, end, whole);
      read.ec == std::errc{} && read.ptr == end)
    return whole;
  double real = 0;
  const auto read = std::from_chars(begin, end, real);
  if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(real)) return std::nullopt;
  return real;
}

std::optional<Value> integer_of(const std::string& text) {
  auto number = number_of(text);
  if (!number || number->is_integer()) return number;
  const double real = number->as_double();
  // Up to here a double names one whole number only.
  if (real != std::trunc(real) || std::abs(real) > 9007199254740992.0) return std::nullopt;
  return static_cast<std::int64_t>(real);
}

std::optional<Value> json_of(const std::string& text, bool list) {
  auto value = parse_json(text);
  if (!value || (list ? !value->is_list() : !value->is_map())) return std::nullopt;
  return *std::move(value);
}

std::optional<Value> coerced_text(const std::string& text, const Value& schema) {
  if (declares_type(schema, "string")) return std::nullopt;
  std::optional<Value> result;
  if (declares_type(schema, "integer")) result = integer_of(text);
  if (!result && declares_type(schema, "number")) result = number_of(text);
  if (!result && declares_type(schema, "boolean") && (text == "true" || text == "false"))
    result = text == "true";
  if (!result && declares_type(schema, "array")) result = json_of(text, true);
  if (!result && declares_type(schema, "object")) result = json_of(text, false);
  return result;
}

const Value& schema_of_key(const Value& schema, std::string_view key) {
  const auto& properties = schema["properties"];
  if (properties.is_map()) {
    if (const auto* found = properties.as_map().find(key)) return *found;
  }
  return schema["additionalProperties"];
}

}  // namespace

Value coerced(Value value, const Value& schema) {
  if (!schema.is_map() || value.is_secret()) return value;
  if (value.is_string()) return coerced_text(value.as_string(), schema).value_or(value);
  if (value.is_map()) {
    Map result;
    for (const auto& [key, item] : value.as_map())
      result.set(key, coerced(item, schema_of_key(schema, key)));
    return result;
  }
  if (value.is_list() && schema["items"].is_map()) {
    for (auto& item : value.mutable_list())
      item = coerced(std::move(item), schema["items"]);
  }
  return value;
}

}  // namespace swamp::spec
