#pragma once

#include <string>

#include "value/value.h"

namespace swamp {

/// The text that a value is, as it stands in documents that others may have written: empty where it
/// is something else.
inline std::string text_of(const Value& value) {
  return value.is_string() ? value.as_string() : std::string();
}

}  // namespace swamp
