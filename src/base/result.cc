#include "base/result.h"

#include <algorithm>
#include <tuple>

namespace swamp {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_input:
      return "invalid_input";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::denied:
      return "denied";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::timed_out:
      return "timed_out";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

Error Error::while_doing(std::string note) && {
  notes.push_back(std::move(note));
  return std::move(*this);
}

tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string hint) {
  return fail(Error{.code = code, .message = std::move(message), .hint = std::move(hint)});
}

Error combine(std::vector<Error> problems) {
  auto place = [](const Error& e) {
    return e.where ? std::tuple(0, e.where->line, e.where->column) : std::tuple(1, 0U, 0U);
  };
  std::stable_sort(problems.begin(), problems.end(),
                   [&](const Error& a, const Error& b) { return place(a) < place(b); });
  Error first = std::move(problems.front());
  for (std::size_t i = 1; i < problems.size(); ++i) {
    first.also.push_back(std::move(problems[i]));
  }
  return first;
}

}  // namespace swamp
