#include <cmath>

#include <fmt/format.h>

#include "cel/functions/function.h"

namespace swamp::cel {

namespace {

/// The argument that comes first in the order `wanted`; of equal ones the first.
Datum extreme(const Call& call, Order wanted) {
  const bool is_list = call.size() == 1 && call[0].is(Kind::list);
  const std::size_t count = is_list ? call[0].size() : call.size();
  if (count == 0) return Datum::failure("an empty list has neither a greatest nor a least element");
  Datum best;
  for (std::size_t i = 0; i < count && call.charge(1); ++i) {
    Datum candidate = is_list ? call[0].at(i) : call[i];
    if (!candidate.is_numeric())
      return Datum::failure(fmt::format("{} is no number", to_string(candidate.kind())));
    if (i == 0 || compare(candidate, best, call.meter) == wanted) best = std::move(candidate);
  }
  return best;
}
Datum greatest(Call& call) {
  return extreme(call, Order::greater);
}
Datum least(Call& call) {
  return extreme(call, Order::less);
}

template <double (*Round)(double)>
Datum rounded(Call& call) {
  return Datum::real(Round(call[0].as_real()));
}

Datum absolute(Call& call) {
  const Datum& number = call[0];
  if (number.is(Kind::unsigned_integer)) return number;
  if (number.is(Kind::real)) return Datum::real(std::fabs(number.as_real()));
  if (number.as_int() == INT64_MIN) {
    return number.is(Kind::number) ? Datum::real(0x1p63)
                                   : Datum::failure("the number does not fit into an int");
  }
  const std::int64_t size = number.as_int() < 0 ? -number.as_int() : number.as_int();
  return number.is(Kind::number) ? Datum::number(size) : Datum::integer(size);
}

Datum sign(Call& call) {
  const Datum& number = call[0];
  if (number.is(Kind::unsigned_integer))
    return Datum::unsigned_integer(number.as_uint() > 0 ? 1 : 0);
  if (number.is(Kind::real)) {
    const double real = number.as_real();
    return Datum::real(std::isnan(real) ? real : (real > 0 ? 1 : 0) - (real < 0 ? 1 : 0));
  }
  const std::int64_t sign = (number.as_int() > 0 ? 1 : 0) - (number.as_int() < 0 ? 1 : 0);
  return number.is(Kind::number) ? Datum::number(sign) : Datum::integer(sign);
}

Datum square_root(Call& call) {
  return Datum::real(std::sqrt(call[0].to_double()));
}

Datum is_nan(Call& call) {
  return Datum::boolean(std::isnan(call[0].as_real()));
}
Datum is_inf(Call& call) {
  return Datum::boolean(std::isinf(call[0].as_real()));
}
Datum is_finite(Call& call) {
  return Datum::boolean(std::isfinite(call[0].as_real()));
}

/// Bits of an int or uint, and back to the kind they came from.
Datum from_bits(const Datum& like, std::uint64_t bits) {
  return like.is(Kind::integer) ? Datum::integer(static_cast<std::int64_t>(bits))
                                : Datum::unsigned_integer(bits);
}

Datum bit_and(Call& call) {
  return from_bits(call[0], call[0].as_uint() & call[1].as_uint());
}
Datum bit_or(Call& call) {
  return from_bits(call[0], call[0].as_uint() | call[1].as_uint());
}
Datum bit_xor(Call& call) {
  return from_bits(call[0], call[0].as_uint() ^ call[1].as_uint());
}
Datum bit_not(Call& call) {
  return from_bits(call[0], ~call[0].as_uint());
}

template <class Shift>
Datum shifted(Call& call, Shift shift) {
  const std::int64_t count = call[1].as_int();
  if (count < 0) return Datum::failure(fmt::format("bits cannot be shifted by {}", count));
  return from_bits(call[0], count > 63 ? 0 : shift(call[0].as_uint(), count));
}
Datum shift_left(Call& call) {
  return shifted(call, [](std::uint64_t bits, std::int64_t count) { return bits << count; });
}
Datum shift_right(Call& call) {
  return shifted(call, [](std::uint64_t bits, std::int64_t count) { return bits >> count; });
}

constexpr Function kMathFunctions[] = {
    {.name = "math.greatest",
     .type = "(int|uint|number|double...) -> dyn",
     .doc = "the greatest of the numbers",
     .example = "math.greatest(1, 3, 2) == 3",
     .call = greatest},
    {.name = "math.greatest",
     .type = "(list) -> dyn",
     .doc = "the greatest number of the list",
     .example = "math.greatest([1, 2.5]) == 2.5",
     .call = greatest},
    {.name = "math.least",
     .type = "(int|uint|number|double...) -> dyn",
     .doc = "the least of the numbers",
     .example = "math.least(3, 1, 2) == 1",
     .call = least},
    {.name = "math.least",
     .type = "(list) -> dyn",
     .doc = "the least number of the list",
     .example = "math.least([1, 2.5]) == 1",
     .call = least},
    {.name = "math.ceil",
     .type = "(double) -> double",
     .doc = "the next whole number above",
     .example = "math.ceil(1.2) == 2.0",
     .call = rounded<std::ceil>},
    {.name = "math.floor",
     .type = "(double) -> double",
     .doc = "the next whole number below",
     .example = "math.floor(-1.2) == -2.0",
     .call = rounded<std::floor>},
    {.name = "math.round",
     .type = "(double) -> double",
     .doc = "the nearest whole number, halves away from zero",
     .example = "math.round(-1.5) == -2.0",
     .call = rounded<std::round>},
    {.name = "math.trunc",
     .type = "(double) -> double",
     .doc = "without the fraction",
     .example = "math.trunc(-1.7) == -1.0",
     .call = rounded<std::trunc>},
    {.name = "math.abs",
     .type = "(int|uint|number|double) -> dyn",
     .doc = "without the sign",
     .example = "math.abs(-5) == 5",
     .call = absolute},
    {.name = "math.sign",
     .type = "(int|uint|number|double) -> dyn",
     .doc = "-1, 0 or 1",
     .example = "math.sign(-5.5) == -1.0",
     .call = sign},
    {.name = "math.sqrt",
     .type = "(int|uint|number|double) -> double",
     .doc = "the square root",
     .example = "math.sqrt(16) == 4.0",
     .call = square_root},
    {.name = "math.isNaN",
     .type = "(double) -> bool",
     .doc = "whether it is not a number",
     .example = "math.isNaN(0.0 / 0.0)",
     .call = is_nan},
    {.name = "math.isInf",
     .type = "(double) -> bool",
     .doc = "whether it is infinite",
     .example = "math.isInf(1.0 / 0.0)",
     .call = is_inf},
    {.name = "math.isFinite",
     .type = "(double) -> bool",
     .doc = "whether it is neither",
     .example = "math.isFinite(1.5)",
     .call = is_finite},
    {.name = "math.bitAnd",
     .type = "(int, int) -> int",
     .doc = "bits that both have",
     .example = "math.bitAnd(6, 3) == 2",
     .call = bit_and},
    {.name = "math.bitAnd",
     .type = "(uint, uint) -> uint",
     .doc = "bits that both have",
     .example = "math.bitAnd(6u, 3u) == 2u",
     .call = bit_and},
    {.name = "math.bitOr",
     .type = "(int, int) -> int",
     .doc = "bits that either has",
     .example = "math.bitOr(6, 3) == 7",
     .call = bit_or},
    {.name = "math.bitOr",
     .type = "(uint, uint) -> uint",
     .doc = "bits that either has",
     .example = "math.bitOr(6u, 3u) == 7u",
     .call = bit_or},
    {.name = "math.bitXor",
     .type = "(int, int) -> int",
     .doc = "bits that one has",
     .example = "math.bitXor(6, 3) == 5",
     .call = bit_xor},
    {.name = "math.bitXor",
     .type = "(uint, uint) -> uint",
     .doc = "bits that one has",
     .example = "math.bitXor(6u, 3u) == 5u",
     .call = bit_xor},
    {.name = "math.bitNot",
     .type = "(int|uint) -> dyn",
     .doc = "all bits turned",
     .example = "math.bitNot(1) == -2",
     .call = bit_not},
    {.name = "math.bitShiftLeft",
     .type = "(int|uint, int) -> dyn",
     .doc = "the bits so many places up",
     .example = "math.bitShiftLeft(1, 4) == 16",
     .call = shift_left},
    {.name = "math.bitShiftRight",
     .type = "(int|uint, int) -> dyn",
     .doc = "the bits so many places down, zeros in front",
     .example = "math.bitShiftRight(1024, 2) == 256",
     .call = shift_right},
};

}  // namespace

std::span<const Function> math_functions() {
  return kMathFunctions;
}

}  // namespace swamp::cel
