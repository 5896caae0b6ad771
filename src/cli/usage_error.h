#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace swamp::cli {

/// The command line itself is wrong: exit code 2.
inline tl::unexpected<Error> usage_error(std::string message, std::string hint = {}) {
  return fail(Error{.code = ErrorCode::invalid_input,
                    .message = std::move(message),
                    .hint = std::move(hint),
                    .name = "usage"});
}

}  // namespace swamp::cli
