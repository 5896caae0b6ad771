#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace swamp::cel {

/// RFC 4648, with padding.
std::string base64_encode(std::string_view octets);

/// Padding may be left out. Empty when the text is not base64.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace swamp::cel
