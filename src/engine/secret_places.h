#pragma once

#include <string>
#include <vector>

#include "value/value.h"

namespace swamp::engine {

/// Where secret strings are in a value, as JSON Pointers with `prefix` in front: what is written in
/// their place is an expression, everything else that is written is data.
std::vector<std::string> secret_places(const Value& value, const std::string& prefix = {});

}  // namespace swamp::engine
