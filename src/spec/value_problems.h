#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/schema.h"
#include "value/value.h"

// Not for other rooms.
namespace swamp::spec {

struct ProblemMessage {
  std::string pointer;  // of the value in question
  std::string text;
  std::string hint;
};

/// The problems of `value` as people are told of their inputs: `input 'x' is required`, `input
/// 'a.b[0]' must be a string`, `… must be one of: a, b`, `… must have at least 1 item`. `what` is
/// the noun that the names get.
std::vector<ProblemMessage> problem_messages(const Value& value, const Value& schema,
                                             const std::vector<schema::Problem>& problems,
                                             std::string_view what);

}  // namespace swamp::spec
