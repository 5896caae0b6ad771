#pragma once

#include <string>

#include "base/result.h"
#include "cli/invocation.h"

namespace swamp::cli {

/// `--repo-dir`
std::string spelled(const Option& option);

/// Whether the value is one that its option takes: a whole number in range, a duration, one of the
/// choices. Fails with a usage error that names the option, or the variable that the value came
/// from.
Result<> check_value(const Invocation::Given& given);

}  // namespace swamp::cli
