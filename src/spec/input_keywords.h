#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "spec/field.h"

// The words of the language in which inputs are declared: JSON Schema. Not for other rooms.
namespace swamp::spec {

/// Whether a key of the flat form says something about all inputs rather than being one: what these
/// words say is never a map.
bool is_schema_keyword(std::string_view key, const Value& value);

/// Keys that JSON Schema does not have, wherever a schema stands in `inputs`: it would pass over
/// them, so a misspelt rule would hold for nothing. Keys that begin with `x-` belong to others.
std::vector<Error> unknown_input_keywords(const Field& inputs);

}  // namespace swamp::spec
