#include "schema/decimal.h"

#include <charconv>
#include <cmath>
#include <string>

namespace swamp::schema {
namespace {

__extension__ using Wide = unsigned __int128;

/// mantissa × 10^exponent without its sign; the mantissa does not end in a zero, unless it is one.
struct Decimal {
  std::uint64_t mantissa = 0;
  int exponent = 0;
};

Decimal normalize(Decimal decimal) {
  if (decimal.mantissa == 0) return {};
  while (decimal.mantissa % 10 == 0) {
    decimal.mantissa /= 10;
    ++decimal.exponent;
  }
  return decimal;
}

/// The digits of the shortest text that reads back as `number`, at most 17.
Decimal from_double(double number) {
  char buffer[40];
  const char* end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(number),
                                  std::chars_format::scientific)
                        .ptr;
  Decimal decimal;
  const char* at = buffer;
  for (bool in_fraction = false; *at != 'e'; ++at) {
    if (*at == '.') {
      in_fraction = true;
      continue;
    }
    decimal.mantissa = decimal.mantissa * 10 + static_cast<std::uint64_t>(*at - '0');
    if (in_fraction) --decimal.exponent;
  }
  int exponent = 0;
  std::from_chars(at + (at[1] == '+' ? 2 : 1), end, exponent);
  decimal.exponent += exponent;
  return normalize(decimal);
}

Decimal decimal_of(const Value& number) {
  switch (number.kind()) {
    case Value::Kind::int64: {
      const std::int64_t whole = number.as_int();
      return normalize({.mantissa = whole < 0 ? ~static_cast<std::uint64_t>(whole) + 1
                                              : static_cast<std::uint64_t>(whole)});
    }
    case Value::Kind::uint64:
      return normalize({.mantissa = number.as_uint()});
    default:
      return from_double(number.as_double());
  }
}

/// mantissa × 10^power mod divisor
std::uint64_t remainder(std::uint64_t mantissa, int power, std::uint64_t divisor) {
  Wide rest = mantissa % divisor;
  for (int i = 0; i < power && rest != 0; ++i) {
    rest = rest * 10 % divisor;
  }
  return static_cast<std::uint64_t>(rest);
}

/// An integer against a double that is neither NaN nor infinite.
template <class Integer>
std::partial_ordering compare_to_double(Integer whole, double real, double least, double beyond) {
  if (real >= beyond) return std::partial_ordering::less;
  if (real < least) return std::partial_ordering::greater;
  const double floor = std::floor(real);
  const auto ordering = whole <=> static_cast<Integer>(floor);
  if (ordering != 0) return ordering;
  return real > floor ? std::partial_ordering::less : std::partial_ordering::equivalent;
}

std::partial_ordering reverse(std::partial_ordering ordering) {
  return 0 <=> ordering;
}

}  // namespace

std::partial_ordering compare_numbers(const Value& a, const Value& b) {
  using Kind = Value::Kind;
  if (a.kind() == Kind::real && b.kind() == Kind::real) return a.as_double() <=> b.as_double();
  if (a.kind() == Kind::real) return reverse(compare_numbers(b, a));
  if (b.kind() == Kind::real) {
    if (std::isnan(b.as_double())) return std::partial_ordering::unordered;
    return a.kind() == Kind::int64 ? compare_to_double(a.as_int(), b.as_double(), -0x1p63, 0x1p63)
                                   : compare_to_double(a.as_uint(), b.as_double(), 0.0, 0x1p64);
  }
  if (a.kind() == b.kind()) {
    return a.kind() == Kind::int64 ? std::partial_ordering(a.as_int() <=> b.as_int())
                                   : std::partial_ordering(a.as_uint() <=> b.as_uint());
  }
  // A uint64 is above every int64: Value makes one only of numbers that are.
  return a.kind() == Kind::uint64 ? std::partial_ordering::greater : std::partial_ordering::less;
}

bool is_whole(const Value& number) {
  if (number.is_integer()) return true;
  const double real = number.as_double();
  return std::isfinite(real) && std::trunc(real) == real;
}

bool is_multiple_of(const Value& number, const Value& divisor) {
  if (!std::isfinite(number.to_double())) return false;
  const Decimal a = decimal_of(number);
  const Decimal b = decimal_of(divisor);
  if (a.mantissa == 0) return true;
  const int power = a.exponent - b.exponent;
  if (power >= 0) return remainder(a.mantissa, power, b.mantissa) == 0;
  // Neither mantissa ends in a zero, so a cannot be divided by b × 10^n.
  return false;
}

}  // namespace swamp::schema
