#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace swamp::cli {

/// Whether the characters of the locale that `env` tells of (LC_ALL, LC_CTYPE, LANG: the first that
/// says anything) are those of UTF-8. A locale that is not set says nothing: it is missing in most
/// containers, whose terminals know UTF-8.
bool is_utf8_locale(const std::function<std::optional<std::string>(std::string_view)>& env);

}  // namespace swamp::cli
