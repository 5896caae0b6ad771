#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/method_runner.h"
#include "engine/type_schemas.h"
#include "model/type.h"

namespace swamp::engine {

/// A value that its type wants kept in a vault.
struct SensitiveSpot {
  std::string pointer;  // RFC 6901, into the data
  std::string path;     // dotted, for people and keys: `credentials.token`
  std::optional<std::string> vault_name = std::nullopt;
  std::optional<std::string> vault_key = std::nullopt;
};

/// The spots of `data` that the schema marks `sensitive` (through objects, not into lists or maps
/// of anything) and that have a value; with `sensitiveOutput` every top-level key.
std::vector<SensitiveSpot> sensitive_fields(const model::ResourceSpec& spec, const Value& data);

/// The same for arguments under a schema.
std::vector<SensitiveSpot> sensitive_fields(const Value& schema, const Value& data);

// The same where the schema was read before.
std::vector<SensitiveSpot> sensitive_fields(const model::ResourceSpec& spec,
                                            const KnownSchema& known, const Value& data);
std::vector<SensitiveSpot> sensitive_fields(const KnownSchema& known, const Value& data);

/// Whether a resource of the type may hold anything sensitive.
bool has_sensitive_outputs(const model::Type& type);
bool has_sensitive_outputs(const std::shared_ptr<const model::Type>& type, TypeSchemas& schemas);

/// A copy of `arguments` in which sensitive values are `***`: for reports and `model get`.
Value masked_arguments(const Value& schema, const Value& arguments);
Value masked_arguments(const KnownSchema& known, const Value& arguments);

/// Data that does not fit its schema is stored all the same; the listener is told.
void report_schema_mismatch(const model::ResourceSpec& spec, const KnownSchema& known,
                            std::string_view name, const Value& data, MethodListener& listener);

}  // namespace swamp::engine
