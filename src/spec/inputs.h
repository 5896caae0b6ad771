#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "spec/field.h"
#include "value/value.h"

namespace swamp::spec {

/// What a workflow or definition may be given: JSON Schema, in the form with `properties` or as the
/// bare map of them.
class InputSchema {
 public:
  InputSchema() = default;  // declares nothing and takes everything

  /// Fails with invalid_input, with all problems: a property that is no map, an unknown type, a bad
  /// keyword.
  static Result<InputSchema> make(Field source);

  bool is_declared() const { return source_.is_set(); }

  /// As written; a default in it may be an expression.
  const Field& source() const { return source_; }

  /// The same schema with the values of its expressions in place.
  Result<InputSchema> evaluated(Value source) const;

  /// In the form with `type: object` and `properties`, whichever form was written.
  const Value& schema() const { return schema_; }

  /// Declared names in order.
  std::vector<std::string> names() const;
  std::vector<std::string> required() const;
  bool declares(std::string_view name) const;
  bool has_default(std::string_view name) const;
  /// Whether `additionalProperties` explicitly lets undeclared names in.
  bool takes_others() const;
  /// Whether `additionalProperties` is false.
  bool refuses_others() const;

 private:
  Field source_;
  Value schema_;
};

/// Which declared inputs must be there.
struct InputNeeds {
  bool all = true;                 // everything in `required`
  std::vector<std::string> names;  // unless `all`: only these of them
};

/// What `given` means under the schema: texts coerced to the declared types, defaults filled in,
/// everything checked.
///
/// Coercion: number and integer from decimal text (a fraction is no integer, an empty text no
/// number), boolean from exactly `true` or `false`, array and object from JSON text. Undeclared
/// keys pass unless `additionalProperties` is false. Fails with invalid_input and all problems:
/// "`x` is required", "`x` must be one of: a, b", …
Result<Map> bind_inputs(const Map& given, const InputSchema& schema, const InputNeeds& needs = {});

/// `over` merged into `base`: maps key by key, everything else is replaced.
Map deep_merge(Map base, const Map& over);

}  // namespace swamp::spec
