#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace swamp::vault {

/// Standard base64 with padding.
std::string encode_base64(std::string_view bytes);

/// Empty when the text is not what encode_base64 makes of some bytes: no blanks, no missing
/// padding, and no bits that do not count, so that two texts never mean the same bytes.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace swamp::vault
