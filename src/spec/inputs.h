#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "schema/schema.h"
#include "spec/field.h"
#include "value/value.h"

namespace swamp::spec {

/// What a workflow or definition may be given: JSON Schema, in the form with `properties` or as the
/// bare map of them. Immutable, cheap to copy, safe to share.
class InputSchema {
 public:
  InputSchema() = default;  // declares nothing and takes everything

  /// Fails with invalid_input, with all problems: a property that is no map, an unknown type, a bad
  /// keyword. Keywords that are expressions are looked at when they are evaluated.
  static Result<InputSchema> make(Field source);

  bool is_declared() const { return source_.is_set(); }

  /// As written; a default in it may be an expression.
  const Field& source() const { return source_; }

  /// The same schema with the values of its expressions in place.
  Result<InputSchema> evaluated(Value source) const;

  /// In the form with `type: object` and `properties`, whichever form was written; null when
  /// nothing is declared.
  const Value& schema() const { return schema_; }

  /// Declared names in order.
  std::vector<std::string> names() const;
  std::vector<std::string> required() const;
  bool declares(std::string_view name) const;
  bool has_default(std::string_view name) const;
  /// Whether `additionalProperties` explicitly lets undeclared names in, or keeps them out.
  bool takes_others() const;
  bool refuses_others() const;

 private:
  friend Result<Map> bind_inputs(const Map& given, const InputSchema& schema,
                                 const struct InputNeeds& needs);

  Field source_;
  Value schema_;
  std::shared_ptr<const schema::Schema>
      compiled_;  // null when nothing is declared, or expressions are in it
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
/// number), boolean from exactly `true` or `false`, array and object from JSON text; secret strings
/// stay as they are. A null counts as absent where there is a default. Undeclared keys pass unless
/// `additionalProperties` is false. Fails with invalid_input (code name `input_validation_failed`)
/// and all problems: `input 'x' is required`, `input 'x' must be one of: a, b`, …
Result<Map> bind_inputs(const Map& given, const InputSchema& schema, const InputNeeds& needs = {});

/// `over` merged into `base`: maps key by key, everything else is replaced.
Map deep_merge(Map base, const Map& over);

}  // namespace swamp::spec
