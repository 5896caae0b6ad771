#include "engine/method_sensitive.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "schema/arguments.h"

namespace swamp::engine {
namespace {

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::vector<SensitiveSpot> spots_of(const std::vector<schema::SensitiveField>& fields,
                                    const Value& data) {
  std::vector<SensitiveSpot> spots;
  for (const schema::SensitiveField& field : fields) {
    std::string pointer;
    for (const std::string& key : field.path) {
      pointer = spec::pointer_to(pointer, key);
    }
    const Value* value = spec::find_at(data, pointer);
    if (value == nullptr || value->is_null()) continue;
    spots.push_back({pointer, fmt::format("{}", fmt::join(field.path, ".")),
                     unless_empty(field.vault_name), unless_empty(field.vault_key)});
  }
  return spots;
}

std::vector<SensitiveSpot> spots_of(const model::ResourceSpec& spec,
                                    const std::vector<schema::SensitiveField>& fields,
                                    const Value& data) {
  std::vector<SensitiveSpot> spots = spots_of(fields, data);
  if (!spec.sensitive_output || !data.is_map()) return spots;
  for (const auto& [key, value] : data.as_map()) {
    const std::string pointer = spec::pointer_to("", key);
    const bool is_listed = std::any_of(spots.begin(), spots.end(), [&](const SensitiveSpot& spot) {
      return spot.pointer == pointer;
    });
    if (!value.is_null() && !is_listed) spots.push_back({pointer, key});
  }
  return spots;
}

Value masked(const Value& arguments, const std::vector<SensitiveSpot>& spots) {
  Value masked = redacted(arguments);
  for (const SensitiveSpot& spot : spots) {
    spec::set_at(masked, spot.pointer, "***");
  }
  return masked;
}

}  // namespace

std::vector<SensitiveSpot> sensitive_fields(const Value& schema, const Value& data) {
  return spots_of(schema::sensitive_fields(schema), data);
}

std::vector<SensitiveSpot> sensitive_fields(const model::ResourceSpec& spec, const Value& data) {
  return spots_of(spec, schema::sensitive_fields(spec.schema), data);
}

std::vector<SensitiveSpot> sensitive_fields(const KnownSchema& known, const Value& data) {
  return spots_of(known.sensitive, data);
}

std::vector<SensitiveSpot> sensitive_fields(const model::ResourceSpec& spec,
                                            const KnownSchema& known, const Value& data) {
  return spots_of(spec, known.sensitive, data);
}

bool has_sensitive_outputs(const model::Type& type) {
  return std::any_of(
      type.resources.begin(), type.resources.end(), [](const model::ResourceSpec& spec) {
        return spec.sensitive_output || !schema::sensitive_fields(spec.schema).empty();
      });
}

bool has_sensitive_outputs(const std::shared_ptr<const model::Type>& type, TypeSchemas& schemas) {
  return std::any_of(
      type->resources.begin(), type->resources.end(), [&](const model::ResourceSpec& spec) {
        return spec.sensitive_output || !schemas.of(type, spec.schema).sensitive.empty();
      });
}

Value masked_arguments(const Value& schema, const Value& arguments) {
  return masked(arguments, sensitive_fields(schema, arguments));
}

Value masked_arguments(const KnownSchema& known, const Value& arguments) {
  return masked(arguments, sensitive_fields(known, arguments));
}

void report_schema_mismatch(const model::ResourceSpec& spec, const KnownSchema& known,
                            std::string_view name, const Value& data, MethodListener& listener) {
  if (spec.schema.is_null() || !known.checks || known.checks->accepts(data)) return;
  const Error mismatch =
      schema::to_error(known.checks->validate(data), fmt::format("data '{}'", name));
  listener.on_notice(
      "schema_validation_warning", mismatch.message,
      Map{{"specName", spec.name}, {"instanceName", name}, {"error", mismatch.message}});
}

}  // namespace swamp::engine
