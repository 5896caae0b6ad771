#pragma once

#include "cel/datum.h"
#include "cel/tree.h"

namespace swamp::cel {

/// One operator on two values; a failure when they do not fit.
Datum apply(Operator op, const Datum& left, const Datum& right, Dialect dialect, Meter& meter);

Datum negate(const Datum& operand, Dialect dialect);

/// `key in container`.
Datum contains(const Datum& container, const Datum& key, Meter& meter);

/// `list + list` in the order left, right.
Datum join_lists(const Datum& left, const Datum& right, Meter& meter);

}  // namespace swamp::cel
