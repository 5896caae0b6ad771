#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace swamp::vault {

/// Whether a text is long enough to be masked at all: 3 UTF-16 units.
bool is_maskable(std::string_view secret);

/// The texts in which a secret can appear, each once. The caller wipes them.
struct SecretForms {
  std::vector<std::string> texts;    // the secret itself, JSON-escaped, URL-encoded
  std::vector<std::string> encoded;  // hex, base64: programs break them into lines
};

/// The forms of a secret; none when it is not maskable.
///
/// Final line ends are left out (what is printed with `echo` has one more or one less), line ends
/// within also appear as the other kind, and a line that is long enough not to be met by chance
/// counts on its own: it may be indented, or stand behind a time. Of a secret beyond 256 KiB only
/// the text itself and its JSON forms are given.
SecretForms forms_of(std::string_view secret);

}  // namespace swamp::vault
