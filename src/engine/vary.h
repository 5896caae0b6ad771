#pragma once

#include <string>

#include "base/result.h"
#include "value/value.h"

namespace swamp::engine {

/// What values that a data name varies by become in it: `prod-eu` for `[prod, eu]`, empty for none.
/// A map stands for its `key`, `name` or `id`, else for its JSON cut to 64 bytes; NUL goes, and
/// `..`, `/` and `\` become `--`. Fails with invalid_input for null, an empty text and a secret.
Result<std::string> vary_suffix(const List& values);

}  // namespace swamp::engine
