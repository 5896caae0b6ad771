#include "cli/locale.h"

#include "base/ascii.h"

namespace swamp::cli {

bool is_utf8_locale(const std::function<std::optional<std::string>(std::string_view)>& env) {
  for (const std::string_view name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string locale = to_lower(env(name).value_or(""));
    if (locale.empty()) continue;
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return true;
}

}  // namespace swamp::cli
