#include "engine/method_sensitive.h"

#include <algorithm>

#include <fmt/format.h>


namespace swamp::engine {
namespace {

bool is_marked(const Value& schema) {
  return schema["sensitive"] == Value(true) || schema["x-sensitive"] == Value(true);
}

std::optional<std::string> text_of(const Value& schema, std::string_view key) {
  const Value& text = schema[key];
  return text.is_string() ? std::optional(text.as_string()) : std::nullopt;
}

void collect(const Value& schema, const Value& data, const std::string& pointer, const std::string& path,
             std::vector<SensitiveSpot>& spots) {
  if (!data.is_map() || !schema["properties"].is_map()) return;
  for (const auto& [key, field] : schema["properties"].as_map()) {
    const Value* value = data.as_map().find(key);
    if (value == nullptr || value->is_null()) continue;
    const std::string inner_pointer = spec::pointer_to(pointer, key);
    const std::string inner_path = path.empty() ? key : path + "." + key;
    if (is_marked(field)) {
      spots.push_back({inner_pointer, inner_path, text_of(field, "vaultName"), text_of(field, "vaultKey")});
    } else {
      collect(field, *value, inner_pointer, inner_path, spots);
    }
  }
}

bool has_marked(const Value& schema) {
  if (!schema["properties"].is_map()) return false;
  const Map& fields = schema["properties"].as_map();
  return std::any_of(fields.begin(), fields.end(),
                     [](const Map::Entry& field) { return is_marked(field.second) || has_marked(field.second); });
}

}  // namespace

std::vector<SensitiveSpot> sensitive_fields(const Value& schema, const Value& data) {
  std::vector<SensitiveSpot> spots;
  collect(schema, data, "", "", spots);
  return spots;
}

std::vector<SensitiveSpot> sensitive_fields(const model::ResourceSpec& spec, const Value& data) {
  std::vector<SensitiveSpot> spots = sensitive_fields(spec.schema, data);
  if (!spec.sensitive_output || !data.is_map()) return spots;
  for (const auto& [key, value] : data.as_map()) {
    const std::string pointer = spec::pointer_to("", key);
    const bool is_listed = std::any_of(spots.begin(), spots.end(),
                                       [&](const SensitiveSpot& spot) { return spot.pointer == pointer; });
    if (!value.is_null() && !is_listed) spots.push_back({pointer, key});
  }
  return spots;
}

bool has_sensitive_outputs(const model::Type& type) {
  return std::any_of(type.resources.begin(), type.resources.end(), [](const model::ResourceSpec& spec) {
    return spec.sensitive_output || has_marked(spec.schema);
  });
}

Value masked_arguments(const Value& schema, const Value& arguments) {
  Value masked = redacted(arguments);
  for (const SensitiveSpot& spot : sensitive_fields(schema, arguments)) {
    spec::set_at(masked, spot.pointer, "***");
  }
  return masked;
}

}  // namespace swamp::engine
