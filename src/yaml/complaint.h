#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace swamp::yaml {

/// What libyaml says about a text it cannot read.
struct Complaint {
  std::string_view context;  // `while scanning a quoted scalar`
  std::string_view problem;  // `found unexpected end of stream`
  char found = '\0';         // the first byte at the problem's place
};

/// The same in our words.
struct Explanation {
  std::string message;
  std::string hint;
  bool at_context =
      false;  // it is better shown where the construct begins than where it went wrong
};

Explanation explain(const Complaint& complaint);

}  // namespace swamp::yaml
