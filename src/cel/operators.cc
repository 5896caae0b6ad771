#include "cel/operators.h"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "cel/secret_pieces.h"
#include "cel/time.h"

namespace swamp::cel {

namespace {

Datum no_overload(Operator op, const Datum& left, const Datum& right) {
  std::string hint;
  const bool joins_text = op == Operator::add && (left.is(Kind::string) || right.is(Kind::string));
  if (joins_text) hint = "make it text with string(…)";
  return Datum::failure(fmt::format("'{}' does not take {} and {}", to_string(op),
                                    to_string(left.kind()), to_string(right.kind())),
                        std::move(hint));
}

Datum overflow(Operator op) {
  return Datum::failure(fmt::format("'{}' leaves the range of 64 bits", to_string(op)));
}

bool overflows(Operator op, std::int64_t a, std::int64_t b, std::int64_t& result) {
  switch (op) {
    case Operator::add:
      return __builtin_add_overflow(a, b, &result);
    case Operator::subtract:
      return __builtin_sub_overflow(a, b, &result);
    default:
      return __builtin_mul_overflow(a, b, &result);
  }
}

Datum on_integers(Operator op, std::int64_t a, std::int64_t b) {
  if (op == Operator::divide || op == Operator::modulo) {
    if (b == 0)
      return Datum::failure(op == Operator::divide ? "division by zero"
                                                   : "remainder of a division by zero");
    if (b == -1)
      return op == Operator::modulo ? Datum::integer(0)
             : a == INT64_MIN       ? overflow(op)
                                    : Datum::integer(-a);
    return Datum::integer(op == Operator::divide ? a / b : a % b);
  }
  std::int64_t result = 0;
  return overflows(op, a, b, result) ? overflow(op) : Datum::integer(result);
}

Datum on_unsigned(Operator op, std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  bool failed = false;
  switch (op) {
    case Operator::add:
      failed = __builtin_add_overflow(a, b, &result);
      break;
    case Operator::subtract:
      failed = __builtin_sub_overflow(a, b, &result);
      break;
    case Operator::multiply:
      failed = __builtin_mul_overflow(a, b, &result);
      break;
    default:
      if (b == 0)
        return Datum::failure(op == Operator::divide ? "division by zero"
                                                     : "remainder of a division by zero");
      result = op == Operator::divide ? a / b : a % b;
  }
  return failed ? overflow(op) : Datum::unsigned_integer(result);
}

Datum on_doubles(Operator op, double a, double b) {
  switch (op) {
    case Operator::add:
      return Datum::real(a + b);
    case Operator::subtract:
      return Datum::real(a - b);
    case Operator::multiply:
      return Datum::real(a * b);
    case Operator::divide:
      return Datum::real(a / b);
    default:
      return Datum::real(std::fmod(a, b));
  }
}

/// With a whole number from data: whole as long as it fits, except that a quotient is a double.
Datum on_numbers(Operator op, std::int64_t a, std::int64_t b) {
  const auto in_doubles = [&] {
    return on_doubles(op, static_cast<double>(a), static_cast<double>(b));
  };
  if (op == Operator::divide || (op == Operator::modulo && b == 0)) return in_doubles();
  if (op == Operator::modulo) return Datum::number(b == -1 ? 0 : a % b);
  std::int64_t result = 0;
  return overflows(op, a, b, result) ? in_doubles() : Datum::number(result);
}

Datum arithmetic(Operator op, const Datum& left, const Datum& right, Dialect dialect) {
  const Kind a = left.kind();
  const Kind b = right.kind();
  if (a == Kind::integer && b == Kind::integer)
    return on_integers(op, left.as_int(), right.as_int());
  if (a == Kind::unsigned_integer && b == Kind::unsigned_integer) {
    return on_unsigned(op, left.as_uint(), right.as_uint());
  }
  const bool is_modulo_of_doubles = op == Operator::modulo && dialect == Dialect::strict;
  if (a == Kind::real && b == Kind::real && !is_modulo_of_doubles)
    return on_doubles(op, left.as_real(), right.as_real());
  if (dialect == Dialect::strict) return no_overload(op, left, right);
  const auto is_whole = [](Kind kind) { return kind == Kind::integer || kind == Kind::number; };
  if (is_whole(a) && is_whole(b)) return on_numbers(op, left.as_int(), right.as_int());
  return on_doubles(op, left.to_double(), right.to_double());
}

Datum shifted(Operator op, const Datum& instant, std::int64_t nanos) {
  if (op == Operator::subtract && nanos == INT64_MIN) return overflow(op);
  const auto result = add(instant.as_timestamp(), op == Operator::add ? nanos : -nanos);
  return result ? Datum::timestamp(*result) : Datum::failure("the time leaves the years 1 to 9999");
}

Datum on_times(Operator op, const Datum& left, const Datum& right) {
  const bool adds = op == Operator::add;
  if (left.is(Kind::timestamp) && right.is(Kind::duration))
    return shifted(op, left, right.as_int());
  if (left.is(Kind::duration) && right.is(Kind::timestamp) && adds)
    return shifted(op, right, left.as_int());
  if (left.is(Kind::timestamp) && right.is(Kind::timestamp) && !adds) {
    const auto nanos = difference(left.as_timestamp(), right.as_timestamp());
    return nanos ? Datum::duration(*nanos)
                 : Datum::failure("the times lie too far apart for a duration");
  }
  if (left.is(Kind::duration) && right.is(Kind::duration)) {
    std::int64_t nanos = 0;
    return overflows(op, left.as_int(), right.as_int(), nanos)
               ? Datum::failure("the duration is too long")
               : Datum::duration(nanos);
  }
  return no_overload(op, left, right);
}

Datum join_texts(const Datum& left, const Datum& right, Meter& meter) {
  meter.charge((left.text().size() + right.text().size()) / 16);
  std::string joined;
  joined.reserve(left.text().size() + right.text().size());
  joined.append(left.text()).append(right.text());
  if (left.is(Kind::bytes)) {
    const auto& origin = left.origin() != nullptr ? left.origin() : right.origin();
    return Datum::bytes(std::move(joined), derived(origin));
  }
  SecretPieces secrets;
  secrets.add(0, left.text().size(), left.origin());
  secrets.add(left.text().size(), right.text().size(), right.origin());
  return Datum::string(std::move(joined), secrets.origin());
}

Datum sum(Operator op, const Datum& left, const Datum& right, Dialect dialect, Meter& meter) {
  if (left.is_numeric() && right.is_numeric()) return arithmetic(op, left, right, dialect);
  if (op == Operator::add && left.kind() == right.kind()) {
    if (left.is(Kind::string) || left.is(Kind::bytes)) return join_texts(left, right, meter);
    if (left.is(Kind::list)) return join_lists(left, right, meter);
  }
  return on_times(op, left, right);
}

Datum relation(Operator op, const Datum& left, const Datum& right, Meter& meter) {
  const Order order = compare(left, right, meter);
  switch (order) {
    case Order::incomparable:
      return no_overload(op, left, right);
    case Order::unordered:
      return Datum::boolean(false);
    case Order::less:
      return Datum::boolean(op == Operator::less || op == Operator::less_equal);
    case Order::equal:
      return Datum::boolean(op == Operator::less_equal || op == Operator::greater_equal);
    case Order::greater:
      return Datum::boolean(op == Operator::greater || op == Operator::greater_equal);
  }
  return Datum();
}

}  // namespace

Datum join_lists(const Datum& left, const Datum& right, Meter& meter) {
  if (right.size() == 0) return left;
  if (left.size() == 0) return right;
  if (!meter.charge((left.size() + right.size()) * kElementCost)) return Datum();
  Items items;
  items.reserve(left.size() + right.size());
  for (const Datum* list : {&left, &right}) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      items.push_back(list->at(i));
    }
  }
  return Datum::list(std::move(items));
}

Datum contains(const Datum& container, const Datum& key, Meter& meter) {
  if (container.is(Kind::map)) {
    Datum ignored;
    return Datum::boolean(container.find(key, ignored));
  }
  if (!container.is(Kind::list)) return no_overload(Operator::in, key, container);
  const std::size_t size = container.size();
  for (std::size_t i = 0; i < size && meter.charge(1); ++i) {
    if (equal(container.at(i), key, meter)) return Datum::boolean(true);
  }
  return Datum::boolean(false);
}

Datum negate(const Datum& operand, Dialect) {
  switch (operand.kind()) {
    case Kind::integer:
      return operand.as_int() == INT64_MIN ? overflow(Operator::subtract)
                                           : Datum::integer(-operand.as_int());
    case Kind::number:
      return operand.as_int() == INT64_MIN ? Datum::real(0x1p63) : Datum::number(-operand.as_int());
    case Kind::real:
      return Datum::real(-operand.as_real());
    default:
      return Datum::failure(fmt::format("'-' does not take {}", to_string(operand.kind())));
  }
}

Datum apply(Operator op, const Datum& left, const Datum& right, Dialect dialect, Meter& meter) {
  switch (op) {
    case Operator::add:
    case Operator::subtract:
      return sum(op, left, right, dialect, meter);
    case Operator::multiply:
    case Operator::divide:
    case Operator::modulo:
      if (left.is_numeric() && right.is_numeric()) return arithmetic(op, left, right, dialect);
      return no_overload(op, left, right);
    case Operator::equal:
      return Datum::boolean(equal(left, right, meter));
    case Operator::not_equal:
      return Datum::boolean(!equal(left, right, meter));
    case Operator::in:
      return contains(right, right.is(Kind::map) ? map_key(left, dialect) : left, meter);
    default:
      return relation(op, left, right, meter);
  }
}

}  // namespace swamp::cel
