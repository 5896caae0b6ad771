#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/source_span.h"

namespace swamp {

/// What a caller can usefully do about an error. Anything finer belongs in the message.
enum class ErrorCode {
  invalid_input,  // the user's file, flag or value is wrong; they can fix it
  not_found,      // the named thing does not exist
  conflict,       // it exists already, or changed under us
  denied,         // not allowed
  unavailable,    // something outside did not answer; trying again may help
  timed_out,
  cancelled,
  internal,  // a bug of ours
};

/// The code as documents print it: `invalid_input`, `not_found`, …
std::string_view to_string(ErrorCode code);

/// Why something did not work, in words for the person who asked for it.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;  // one clause, lower case, no full stop
  std::optional<SourceSpan> where = std::nullopt;
  std::vector<std::string> notes = {};  // what we were doing, innermost first
  std::string hint = {};                // the next thing to try; empty when there is none
  std::string name =
      {};  // the drop-in code of JSON errors (`model_not_found`, …); empty: that of `code`
  std::vector<Error> also = {};  // further problems of the same document, in order of place

  /// The same error with one more note about what was being done.
  Error while_doing(std::string note) &&;
};

template <class T = void>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorCode::not_found, "…")` from any function that returns a Result.
tl::unexpected<Error> fail(Error error);
tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string hint = {});

/// All problems of one document as one error: the first in order of place, the rest in `also`.
/// `problems` must not be empty.
Error combine(std::vector<Error> problems);

}  // namespace swamp

// The only macros of the tree. SWAMP_TRY(auto x, expr) binds the value or leaves the function with
// the error; SWAMP_CHECK(expr) when there is nothing to bind; the CO_ twins are for coroutines.
#define SWAMP_CONCAT_(a, b) a##b
#define SWAMP_CONCAT(a, b) SWAMP_CONCAT_(a, b)
#define SWAMP_TRY_IMPL_(leave, temp, binding, ...)          \
  auto temp = (__VA_ARGS__);                                \
  if (!temp) leave tl::unexpected(std::move(temp).error()); \
  binding = *std::move(temp)
#define SWAMP_TRY(binding, ...) \
  SWAMP_TRY_IMPL_(return, SWAMP_CONCAT(try_result_, __LINE__), binding, __VA_ARGS__)
#define SWAMP_CO_TRY(binding, ...) \
  SWAMP_TRY_IMPL_(co_return, SWAMP_CONCAT(try_result_, __LINE__), binding, __VA_ARGS__)
#define SWAMP_CHECK(...)                                       \
  do {                                                         \
    if (auto check_result_ = (__VA_ARGS__); !check_result_)    \
      return tl::unexpected(std::move(check_result_).error()); \
  } while (false)
#define SWAMP_CO_CHECK(...)                                       \
  do {                                                            \
    if (auto check_result_ = (__VA_ARGS__); !check_result_)       \
      co_return tl::unexpected(std::move(check_result_).error()); \
  } while (false)
