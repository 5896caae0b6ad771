#pragma once

#include <span>
#include <string>
#include <string_view>

#include "value/value.h"

namespace swamp::schema {

/// A value as a message shows it: a string in quotes, cut when it is long, a secret as its
/// expression; a list or map by its kind.
std::string shown(const Value& value);

/// `3 items`, `1 item`, `no items`
std::string counted(std::size_t count, std::string_view noun);

/// `a, b or c`
std::string joined_by_or(std::span<const std::string> words);

}  // namespace swamp::schema
