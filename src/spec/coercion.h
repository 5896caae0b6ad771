#pragma once

#include "value/value.h"

namespace swamp::spec {

/// `value` with every text that its schema declares to be something else turned into that, where it
/// can be: `"5"` for a number, `"true"` for a boolean, JSON text for an array or object. Follows
/// `properties`, `additionalProperties` and `items`. What cannot be turned stays, for validation to
/// refuse. Secret strings stay.
Value coerced(Value value, const Value& schema);

}  // namespace swamp::spec
