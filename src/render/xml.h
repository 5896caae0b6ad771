#pragma once

#include <string>
#include <string_view>

namespace swamp::render {

/// Text for the content of an XML 1.0 document. What XML has no way to write (most control
/// characters, U+FFFE, U+FFFF, bytes that are no UTF-8) becomes U+FFFD.
std::string escape_xml(std::string_view text);

}  // namespace swamp::render
