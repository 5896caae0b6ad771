#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace swamp {

/// Reads a time limit as our own keys write it: `<number>(ms|s|m|h|d)`, a bare number is seconds,
/// the number may have a fraction. Must be greater than zero.
Result<std::chrono::milliseconds> parse_time_limit(std::string_view text);

/// Reads an age as the original writes it: `<digits>(m|h|d|w|mo|y)`, mo = 30 days, y = 365 days.
/// Zero is allowed.
Result<std::chrono::milliseconds> parse_age(std::string_view text);

/// For people: `15ms`, `1.2s`, `2m5s`, `3h7m`.
std::string to_human(std::chrono::milliseconds duration);

}  // namespace swamp
