#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "value/value.h"

namespace swamp::schema {

/// Reads what a schema says of the shape of values, without compiling it: looks through references
/// within the schema, `allOf`, and alternatives of which all but one are null.
///
/// A schema that is a tangle of references is read only so far: after 100,000 properties it seems
/// to have no more.
class SchemaReader {
 public:
  explicit SchemaReader(const Value& root) : root_(root) {}

  /// Behind `$ref`s; a null value when one leads nowhere or in a circle.
  const Value& resolve(const Value& schema) const;

  /// What a value other than null must fit: the one alternative that is not null, else `schema`
  /// itself.
  const Value& without_null(const Value& schema) const;

  /// The alternatives of `anyOf` or `oneOf`; else `schema` alone.
  std::vector<const Value*> alternatives(const Value& schema) const;

  struct Property {
    const std::string& name;
    const Value& schema;
  };
  /// The properties that a schema declares, in its order. A name may come several times.
  std::vector<Property> properties(const Value& schema);

 private:
  void add_properties(const Value& schema, std::size_t level, std::vector<Property>& properties);

  const Value& root_;
  std::size_t steps_left_ = 100'000;
};

}  // namespace swamp::schema
