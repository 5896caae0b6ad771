#pragma once

#include <optional>
#include <string>
#include <string_view>

// Base64 with the standard alphabet; RFC 4648, section 4.
namespace swamp {

/// With padding.
std::string base64_encode(std::string_view octets);

/// Padding may be left out. Empty when the text is not base64.
std::optional<std::string> base64_decode(std::string_view text);

/// Empty when the text is not what base64_encode makes of some octets: no blanks, no missing
/// padding, and no bits that do not count, so that two texts never mean the same octets.
std::optional<std::string> base64_decode_canonical(std::string_view text);

}  // namespace swamp
