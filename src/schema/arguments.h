#pragma once

#include <string>
#include <vector>

#include "value/value.h"

namespace swamp::schema {

// What is done to arguments beside validating them. All of it follows `$ref` within the schema, and
// takes a schema that is not understood as one that asks nothing.

/// `value` with its strings turned into what the schema declares, where they can only be meant so:
/// numbers (`12`, `-1.5e3`, `0x10`, blanks around them; where only whole ones are wanted, `5.0` is
/// 5, and `1.7` stays for validate() to refuse), exactly `true` and `false`, JSON text of a list or
/// map. A string stays what it is where the schema takes strings or declares nothing, when it is
/// secret, and when it reads as nothing that is declared (an empty one always does).
Value coerce(const Value& value, const Value& schema);

/// `value` with absent properties set to their `default`, in maps that are there, at every depth.
Value apply_defaults(const Value& value, const Value& schema);

/// A field whose values must not be shown or stored in clear.
struct SensitiveField {
  std::vector<std::string> path;  // of property names
  std::string vault_name = {};    // where its value is kept, if the schema says so
  std::string vault_key = {};
};

/// The fields that the schema marks with `sensitive: true` or `x-sensitive: true`, in its order.
/// They are looked for in the properties of objects, also of optional ones and of every part of an
/// `allOf`; not in lists, free-form maps and real alternatives. Nothing within a marked field is
/// listed.
std::vector<SensitiveField> sensitive_fields(const Value& schema);

}  // namespace swamp::schema
