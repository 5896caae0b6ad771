#include "schema/schema_reader.h"

#include "schema/documents.h"

namespace swamp::schema {
namespace {

constexpr int kMaxReferences = 32;       // in a row
constexpr std::size_t kMaxLevels = 100;  // of allOf in each other

const Value kNothing{};

bool is_null_only(const Value& schema) {
  if (!schema.is_map()) return false;
  const Value* constant = schema.as_map().find("const");
  return schema["type"] == Value("null") || (constant != nullptr && constant->is_null());
}

}  // namespace

const Value& SchemaReader::resolve(const Value& schema) const {
  const Value* at = &schema;
  for (int count = 0; (*at)["$ref"].is_string(); ++count) {
    const std::string& reference = (*at)["$ref"].as_string();
    if (count == kMaxReferences || !reference.starts_with('#')) return kNothing;
    at = find_at(root_, std::string_view(reference).substr(1));
    if (at == nullptr) return kNothing;
  }
  return *at;
}

std::vector<const Value*> SchemaReader::alternatives(const Value& schema) const {
  for (const char* keyword : {"anyOf", "oneOf"}) {
    if (!schema[keyword].is_list()) continue;
    std::vector<const Value*> all;
    for (const Value& alternative : schema[keyword].as_list()) {
      all.push_back(&resolve(alternative));
    }
    return all;
  }
  return {&schema};
}

const Value& SchemaReader::without_null(const Value& schema) const {
  const Value* only = nullptr;
  for (const Value* alternative : alternatives(schema)) {
    if (is_null_only(*alternative)) continue;
    if (only != nullptr) return schema;
    only = alternative;
  }
  return only != nullptr ? *only : schema;
}

std::vector<SchemaReader::Property> SchemaReader::properties(const Value& schema) {
  std::vector<Property> all;
  add_properties(schema, 0, all);
  return all;
}

void SchemaReader::add_properties(const Value& written, std::size_t level,
                                  std::vector<Property>& properties) {
  const Value& schema = without_null(resolve(written));
  if (level == kMaxLevels || steps_left_ == 0) return;
  --steps_left_;
  if (schema["properties"].is_map()) {
    for (const auto& [name, property] : schema["properties"].as_map()) {
      if (steps_left_ == 0) return;
      --steps_left_;
      properties.push_back({.name = name, .schema = property});
    }
  }
  if (!schema["allOf"].is_list()) return;
  for (const Value& part : schema["allOf"].as_list()) {
    add_properties(part, level + 1, properties);
  }
}

}  // namespace swamp::schema
