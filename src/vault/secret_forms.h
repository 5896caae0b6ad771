#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace swamp::vault {

/// Whether a text is long enough to be masked at all: 3 UTF-16 units.
bool is_maskable(std::string_view secret);

/// The texts in which a secret can appear, each once; empty when it is not maskable. The caller
/// wipes them.
///
/// Final line ends are left out (what is printed with `echo` has one more or one less), line ends
/// within also appear as the other kind. Of a secret beyond 16 KiB only the text itself and its
/// JSON form are given.
std::vector<std::string> forms_of(std::string_view secret);

}  // namespace swamp::vault
