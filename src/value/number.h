#pragma once

#include <optional>
#include <string_view>

#include "value/value.h"

namespace swamp {

/// Whether `token` is a number as RFC 8259 writes it.
bool is_json_number(std::string_view token);

/// The number written as `[-]digits[.digits][e[±]digits]`, whose form the caller has checked
/// (digits may be missing on one side of the point, zeros may lead): an int64 or uint64 when it has
/// only digits and fits, else the nearest double. Empty when it is larger than every double.
std::optional<Value> read_decimal(std::string_view token);

}  // namespace swamp
