#pragma once

#include <string>
#include <string_view>

namespace swamp::yaml {

/// Where a string is written, as far as its form depends on that.
struct StringPlace {
  std::size_t indent = 2;  // blanks before the lines of a block text
  bool is_key = false;     // keys have one line
  bool is_root = false;    // at the first column, where `...` would end the document
  char quote = '\'';
};

/// Appends `text` (valid UTF-8) in the form that the original gives it, or a quoted one where that
/// would not be read back as the same string. Ends without a line break.
void append_string(std::string& out, std::string_view text, const StringPlace& place);

}  // namespace swamp::yaml
