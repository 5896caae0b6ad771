#pragma once

#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

// Not for other rooms: how the checks of this one say what they find.
namespace swamp::spec {

/// Something wrong with what was written at `where`.
inline Error problem(SourceSpan where, std::string message, std::string hint = {}) {
  return {.code = ErrorCode::invalid_input,
          .message = std::move(message),
          .where = std::move(where),
          .hint = std::move(hint)};
}

inline void append(std::vector<Error>& errors, std::vector<Error> more) {
  errors.insert(errors.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

}  // namespace swamp::spec
