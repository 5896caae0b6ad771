#pragma once

#include <optional>
#include <string_view>

#include "value/value.h"

namespace swamp::schema {

/// The meta-schema of draft 2020-12 with this URI (the dialect itself, or one of its vocabularies).
/// Empty for any other.
std::optional<Value> find_metaschema(std::string_view uri);

}  // namespace swamp::schema
