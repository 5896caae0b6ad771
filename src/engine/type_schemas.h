#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "model/type.h"
#include "schema/arguments.h"
#include "schema/schema.h"
#include "value/value.h"

namespace swamp::engine {

/// A schema of a model type with what is made of it: compiling costs more than the check itself.
struct KnownSchema {
  Value schema;
  Result<schema::Schema> checks;
  std::vector<schema::SensitiveField> sensitive = {};
};

/// The schemas of model types, each read once: types do not change, and a run calls the same few
/// methods over and over. Used from the event loop's thread.
class TypeSchemas {
 public:
  /// `schema` is a part of `type`.
  const KnownSchema& of(const std::shared_ptr<const model::Type>& type, const Value& schema);

  /// That of the global arguments without its list of required ones: those that a method does not
  /// need may be absent.
  const KnownSchema& lenient_globals_of(const std::shared_ptr<const model::Type>& type);

 private:
  struct KnownType {
    std::shared_ptr<const model::Type> type;  // so that nothing else can come to its addresses
    std::unordered_map<const Value*, KnownSchema> schemas;
    std::unique_ptr<const KnownSchema> lenient_globals;
  };
  KnownType& entry_of(const std::shared_ptr<const model::Type>& type);

  std::unordered_map<const model::Type*, KnownType> types_;
};

}  // namespace swamp::engine
