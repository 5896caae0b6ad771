#include "engine/type_schemas.h"

namespace swamp::engine {
namespace {

KnownSchema read(Value schema) {
  auto checks = schema::Schema::compile(schema);
  auto sensitive = schema::sensitive_fields(schema);
  return {
      .schema = std::move(schema), .checks = std::move(checks), .sensitive = std::move(sensitive)};
}

}  // namespace

TypeSchemas::KnownType& TypeSchemas::entry_of(const std::shared_ptr<const model::Type>& type) {
  KnownType& known = types_[type.get()];
  if (known.type == nullptr) known.type = type;
  return known;
}

const KnownSchema& TypeSchemas::of(const std::shared_ptr<const model::Type>& type,
                                   const Value& schema) {
  auto& schemas = entry_of(type).schemas;
  auto found = schemas.find(&schema);
  if (found == schemas.end()) found = schemas.emplace(&schema, read(schema)).first;
  return found->second;
}

const KnownSchema& TypeSchemas::lenient_globals_of(const std::shared_ptr<const model::Type>& type) {
  auto& lenient = entry_of(type).lenient_globals;
  if (lenient == nullptr) {
    Value schema = type->global_arguments_schema;
    if (schema.is_map()) schema.mutable_map().erase("required");
    lenient = std::make_unique<const KnownSchema>(read(std::move(schema)));
  }
  return *lenient;
}

}  // namespace swamp::engine
