#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace swamp {

/// The deepest nesting that is read.
inline constexpr std::size_t kMaxJsonDepth = 1000;

/// What is wrong with a text that is not JSON, and where (in bytes).
struct JsonFault {
  std::size_t offset = 0;
  std::size_t length = 1;
  std::string message;
  std::string hint = {};
};

/// The first fault of a text; empty when it is JSON. parse_json() itself only notices that there is
/// one, this tells where and what.
std::optional<JsonFault> find_json_fault(std::string_view text);

}  // namespace swamp
