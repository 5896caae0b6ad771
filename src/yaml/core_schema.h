#pragma once

#include <optional>
#include <string_view>

#include "value/value.h"

namespace swamp::yaml {

/// What a plain scalar means under the core schema of YAML 1.2 (section 10.3.2): null, a boolean, a
/// number or, for all else, the text itself. Empty when it is a number larger than every double.
std::optional<Value> resolve_plain(std::string_view text);

}  // namespace swamp::yaml
