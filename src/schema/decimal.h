#pragma once

#include <compare>

#include "value/value.h"

namespace swamp::schema {

/// Compares two numbers of whatever kind by their mathematical value. Unordered when one is NaN.
std::partial_ordering compare_numbers(const Value& a, const Value& b);

/// Whether a number has no fraction, whatever its kind: 1.0 is whole.
bool is_whole(const Value& number);

/// Whether `number` is a multiple of `divisor` (not zero), both taken as the shortest decimals that
/// denote them: 0.0075 is a multiple of 0.0001 although no two such doubles divide without a rest.
bool is_multiple_of(const Value& number, const Value& divisor);

}  // namespace swamp::schema
