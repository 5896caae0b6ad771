#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "schema/schema.h"
#include "spec/field.h"

// What can be said of arguments before their expressions are evaluated. Not for other rooms.
namespace swamp::spec {

/// The keys that the schema of an object declares, in order.
std::vector<std::string> declared_keys(const Value& schema);
/// Its `required`, without those that have a default.
std::vector<std::string> needed_keys(const Value& schema);
/// Whether a key that it does not declare is taken: no schema, or `additionalProperties` that is
/// not false.
bool takes_any_key(const Value& schema);

/// Keys of `given` among none of `schemas`; none when one of those takes any key.
std::vector<std::string> unknown_keys(const Field& given, const std::vector<const Value*>& schemas);

/// `method 'deploy' of type 'acme/web' has no argument 'x'`, at the key's value, with the nearest
/// of `known`.
Error unknown_argument(const Field& given, std::string_view key, std::string_view owner,
                       std::string_view what, const std::vector<std::string>& known);

/// The keys of a map that was written down; none for an absent field or a whole expression.
std::vector<std::string> keys_of(const Field& given);

/// Compiles each schema once. Schemas are known by their address: they must outlive the cache.
class SchemaCache {
 public:
  /// Values of `given` (a map, or absent) that hold no expression and are not what the schema of
  /// their key asks for. Texts count as what they would be coerced to. `what` begins messages:
  /// `argument`, `global argument`.
  std::vector<Error> wrong_values(const Field& given, const Value& schema, std::string_view what);

 private:
  const schema::Schema* find(const Value& schema);

  std::map<const Value*, Result<schema::Schema>> compiled_;
};

}  // namespace swamp::spec
