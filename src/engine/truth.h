#pragma once

#include <cmath>

#include "value/value.h"

namespace swamp::engine {

/// Whether a guard or assert counts a value as true, as the original does: false, null, 0, NaN and
/// the empty text are false, every list and map is true.
inline bool is_truthy(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null:
      return false;
    case Value::Kind::boolean:
      return value.as_bool();
    case Value::Kind::string:
      return !value.as_string().empty();
    case Value::Kind::list:
    case Value::Kind::map:
      return true;
    default:
      return value.to_double() != 0 && !std::isnan(value.to_double());
  }
}

}  // namespace swamp::engine
