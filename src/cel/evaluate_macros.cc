#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "cel/evaluator.h"

namespace swamp::cel {

Datum Evaluator::macro(const Op& op) {
  if (op.macro == Macro::bind) return bind(op);
  if (op.macro == Macro::block) return block(op);
  Datum target = eval(program_.operands[op.first]);
  if (is_stuck(target)) return target;
  if (op.macro == Macro::opt_map || op.macro == Macro::opt_flat_map)
    return optional_map(op, target);
  const bool is_range =
      target.is(Kind::list) || (target.is(Kind::map) && op.macro != Macro::sort_by);
  if (!is_range)
    return fail_at(op, fmt::format("{} cannot be looped over", to_string(target.kind())));
  switch (op.macro) {
    case Macro::all:
    case Macro::exists:
      return quantifier(op, target);
    case Macro::exists_one:
      return exactly_one(op, target);
    case Macro::transform_map:
    case Macro::transform_map_entry:
      return collect_map(op, target);
    case Macro::sort_by:
      return sort_by(op, target);
    default:
      return collect(op, target);
  }
}

/// One variable is the element of a list or the key of a map; two are index and element, or key and
/// value.
void Evaluator::set_variables(const Op& op, const Datum& target, std::size_t position) {
  const bool is_map = target.is(Kind::map);
  if (op.variables == 1) {
    locals_[op.a] = is_map ? target.key_at(position) : target.at(position);
    return;
  }
  locals_[op.a] =
      is_map ? target.key_at(position) : Datum::integer(static_cast<std::int64_t>(position));
  locals_[op.a + 1] = is_map ? target.value_at(position) : target.at(position);
}

Datum Evaluator::condition(OpId id) {
  Datum value = eval(id);
  if (is_stuck(value) || value.is(Kind::boolean)) return value;
  return boolean_wanted("the condition of a loop", program_.ops[id], value);
}

/// all() ends at the first false, exists() at the first true, whatever failed before; see
/// logical().
Datum Evaluator::quantifier(const Op& op, const Datum& target) {
  const bool decisive = op.macro == Macro::exists;
  const OpId body = program_.operands_of(op)[1];
  Datum trouble;
  const std::size_t size = target.size();
  for (std::size_t i = 0; i < size && meter_.charge(1); ++i) {
    set_variables(op, target, i);
    Datum value = condition(body);
    if (value.is(Kind::unknown)) return value;
    if (value.is(Kind::failure)) {
      if (!trouble.is(Kind::failure)) trouble = std::move(value);
    } else if (value.as_bool() == decisive) {
      return value;
    }
  }
  return trouble.is(Kind::failure) ? trouble : Datum::boolean(!decisive);
}

Datum Evaluator::exactly_one(const Op& op, const Datum& target) {
  const OpId body = program_.operands_of(op)[1];
  std::size_t count = 0;
  bool is_pending = false;
  const std::size_t size = target.size();
  for (std::size_t i = 0; i < size && meter_.charge(1); ++i) {
    set_variables(op, target, i);
    const Datum value = condition(body);
    if (value.is(Kind::failure)) return is_pending ? Datum::unknown() : value;
    is_pending = is_pending || value.is(Kind::unknown);
    if (value.is_true()) ++count;
  }
  return is_pending ? Datum::unknown() : Datum::boolean(count == 1);
}

/// Calls `visit(position)` for every round in which the condition of the macro, if it has one,
/// holds. What asks is visited to the end, so that all rounds ask at once. Gives the failure or
/// unknown that ended it, else null.
template <class Visit>
Datum Evaluator::each_round(const Op& op, const Datum& target, bool has_condition, Visit visit) {
  bool is_pending = false;
  const std::size_t size = target.size();
  for (std::size_t i = 0; i < size && meter_.charge(1); ++i) {
    set_variables(op, target, i);
    Datum value = has_condition ? condition(program_.operands_of(op)[1]) : Datum::boolean(true);
    if (value.is_true()) value = visit(i);
    if (value.is(Kind::failure)) return is_pending ? Datum::unknown() : value;
    is_pending = is_pending || value.is(Kind::unknown);
  }
  return is_pending ? Datum::unknown() : Datum();
}

Datum Evaluator::collect(const Op& op, const Datum& target) {
  const auto operands = program_.operands_of(op);
  const bool is_filter = op.macro == Macro::filter;
  Items items;
  const Datum ended = each_round(op, target, is_filter || operands.size() == 3, [&](std::size_t) {
    Datum value = is_filter ? locals_[op.a] : eval(operands.back());
    if (value.is_value() && meter_.charge(kElementCost)) items.push_back(value);
    return value;
  });
  return is_stuck(ended) ? ended : Datum::list(std::move(items));
}

Datum Evaluator::collect_map(const Op& op, const Datum& target) {
  const auto operands = program_.operands_of(op);
  const Op& body = program_.ops[operands.back()];
  MapBuilder builder;
  const auto put = [&](const Datum& written, Datum value) {
    Datum key = checked_key(body, written);
    if (key.is(Kind::failure)) return key;
    (void)meter_.charge(2 * kElementCost);
    const bool is_new = builder.set(std::move(key), std::move(value));
    return is_new ? Datum()
                  : fail_at(body, fmt::format("the key {} comes up twice", key_text(written)));
  };
  const Datum ended = each_round(op, target, operands.size() == 3, [&](std::size_t) -> Datum {
    Datum value = eval(operands.back());
    if (is_stuck(value)) return value;
    if (op.macro == Macro::transform_map) return put(locals_[op.a], std::move(value));
    if (!value.is(Kind::map))
      return fail_at(body, fmt::format("an entry is a map, not {}", to_string(value.kind())));
    for (std::size_t i = 0; i < value.size() && meter_.charge(1); ++i) {
      if (Datum failed = put(value.key_at(i), value.value_at(i)); failed.is(Kind::failure))
        return failed;
    }
    return Datum();
  });
  return is_stuck(ended) ? ended : std::move(builder).finish();
}

Datum Evaluator::sort_by(const Op& op, const Datum& target) {
  const OpId body = program_.operands_of(op)[1];
  Items keys;
  Datum ended = each_round(op, target, false, [&](std::size_t) {
    Datum key = eval(body);
    if (key.is_value()) keys.push_back(key);
    return key;
  });
  if (is_stuck(ended)) return ended;
  Datum sorted = sorted_by(target, keys, meter_);
  return fail_at(std::move(sorted), program_.ops[body].begin, program_.ops[body].end);
}

Datum Evaluator::optional_map(const Op& op, const Datum& target) {
  if (!target.is(Kind::optional)) {
    return fail_at(op, fmt::format("'{}' wants an optional, not {}",
                                   op.macro == Macro::opt_map ? "optMap" : "optFlatMap",
                                   to_string(target.kind())));
  }
  if (!target.has_value()) return target;
  locals_[op.a] = target.optional_value();
  const OpId body = program_.operands_of(op)[1];
  Datum value = eval(body);
  if (is_stuck(value)) return value;
  if (op.macro == Macro::opt_map) return Datum::some(std::move(value));
  if (value.is(Kind::optional)) return value;
  return fail_at(program_.ops[body],
                 fmt::format("'optFlatMap' wants an optional, not {}", to_string(value.kind())));
}

Datum Evaluator::bind(const Op& op) {
  const auto operands = program_.operands_of(op);
  Datum value = eval(operands[0]);
  if (value.is(Kind::failure)) return value;
  locals_[op.a] = std::move(value);  // perhaps unknown: what the body asks besides is asked at once
  return eval(operands[1]);
}

/// A block's entries fail only where they are used.
Datum Evaluator::block(const Op& op) {
  const auto operands = program_.operands_of(op);
  for (std::size_t i = 0; i + 1 < operands.size(); ++i) {
    locals_[op.a + i] = eval(operands[i]);
  }
  return eval(operands.back());
}

}  // namespace swamp::cel
