#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "cel/datum.h"
#include "cel/network.h"

namespace swamp::cel {

namespace {

template <class T>
Order order(const T& a, const T& b) {
  if (a < b) return Order::less;
  return b < a ? Order::greater : Order::equal;
}

Order flip(Order order) {
  if (order == Order::less) return Order::greater;
  return order == Order::greater ? Order::less : order;
}

/// A whole number against a double, without rounding the whole number where that would decide.
Order compare_whole(std::int64_t whole, double real) {
  if (std::isnan(real)) return Order::unordered;
  if (real >= 0x1p63) return real == 0x1p63 && whole == INT64_MAX ? Order::equal : Order::less;
  if (real < -0x1p63) return Order::greater;
  const double cut = std::trunc(real);
  const Order by_whole = order(whole, static_cast<std::int64_t>(cut));
  return by_whole == Order::equal ? order(cut, real) : by_whole;
}

Order compare_natural(std::uint64_t whole, double real) {
  if (std::isnan(real)) return Order::unordered;
  if (real >= 0x1p64) return real == 0x1p64 && whole == UINT64_MAX ? Order::equal : Order::less;
  if (real < 0) return Order::greater;
  const double cut = std::trunc(real);
  const Order by_whole = order(whole, static_cast<std::uint64_t>(cut));
  return by_whole == Order::equal ? order(cut, real) : by_whole;
}

Order compare_numbers(const Datum& a, const Datum& b) {
  if (a.is(Kind::real) && b.is(Kind::real)) {
    if (std::isnan(a.as_real()) || std::isnan(b.as_real())) return Order::unordered;
    return order(a.as_real(), b.as_real());
  }
  if (a.is(Kind::real)) return flip(compare_numbers(b, a));
  if (b.is(Kind::real)) {
    return a.is(Kind::unsigned_integer) ? compare_natural(a.as_uint(), b.as_real())
                                        : compare_whole(a.as_int(), b.as_real());
  }
  const bool a_natural = a.is(Kind::unsigned_integer);
  const bool b_natural = b.is(Kind::unsigned_integer);
  if (a_natural && b_natural) return order(a.as_uint(), b.as_uint());
  if (a_natural) return b.as_int() < 0 ? Order::greater : order(a.as_uint(), b.as_uint());
  if (b_natural) return a.as_int() < 0 ? Order::less : order(a.as_uint(), b.as_uint());
  return order(a.as_int(), b.as_int());
}

bool equal_lists(const Datum& a, const Datum& b, Meter& meter) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  for (std::size_t i = 0; i < size; ++i) {
    if (!equal(a.at(i), b.at(i), meter) || meter.is_exhausted()) return false;
  }
  return true;
}

bool equal_maps(const Datum& a, const Datum& b, Meter& meter) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  Datum other;
  for (std::size_t i = 0; i < size; ++i) {
    if (!b.find(a.key_at(i), other) || !equal(a.value_at(i), other, meter) || meter.is_exhausted())
      return false;
  }
  return true;
}

/// An IPv4 address is the same whether written as IPv4 or as IPv6.
bool equal_networks(const Network& a, const Network& b) {
  const Network left = unmapped(a);
  const Network right = unmapped(b);
  return left.is_v4 == right.is_v4 && left.prefix == right.prefix &&
         std::equal(std::begin(left.octets), std::end(left.octets), right.octets);
}

}  // namespace

bool equal(const Datum& a, const Datum& b, Meter& meter) {
  if (a.is_numeric() && b.is_numeric()) return compare_numbers(a, b) == Order::equal;
  if (a.kind() != b.kind() || !meter.charge(1)) return false;
  switch (a.kind()) {
    case Kind::null:
      return true;
    case Kind::boolean:
    case Kind::duration:
    case Kind::type:
      return a.as_int() == b.as_int();
    case Kind::timestamp:
      return a.as_timestamp() == b.as_timestamp();
    case Kind::string:
    case Kind::bytes:
      return a.text().size() == b.text().size() && meter.charge(a.text().size() / 16) &&
             a.text() == b.text();
    case Kind::list:
      return equal_lists(a, b, meter);
    case Kind::map:
      return equal_maps(a, b, meter);
    case Kind::optional:
      if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
      return equal(a.optional_value(), b.optional_value(), meter);
    case Kind::ip:
    case Kind::cidr:
      return equal_networks(a.as_network(), b.as_network());
    default:
      return false;
  }
}

Order compare(const Datum& a, const Datum& b, Meter& meter) {
  if (a.is_numeric() && b.is_numeric()) return compare_numbers(a, b);
  if (a.kind() != b.kind()) return Order::incomparable;
  switch (a.kind()) {
    case Kind::boolean:
    case Kind::duration:
      return order(a.as_int(), b.as_int());
    case Kind::timestamp:
      return order(a.as_timestamp(), b.as_timestamp());
    case Kind::string:
    case Kind::bytes:
      // Bytes of UTF-8 are in the order of the code points that they encode.
      (void)meter.charge(std::min(a.text().size(), b.text().size()) / 16);
      return order(a.text().compare(b.text()), 0);
    default:
      return Order::incomparable;
  }
}

Datum sorted_by(const Datum& list, const Items& keys, Meter& meter) {
  std::vector<std::uint32_t> places(keys.size());
  std::iota(places.begin(), places.end(), 0U);
  for (const Datum& key : keys) {
    if (compare(keys.front(), key, meter) == Order::incomparable) {
      return Datum::failure(fmt::format("{} and {} have no order", to_string(keys.front().kind()),
                                        to_string(key.kind())));
    }
  }
  if (!meter.charge(keys.size() * (std::bit_width(keys.size()) + 1))) return Datum();
  const auto is_nan = [](const Datum& key) {
    return key.is(Kind::real) && std::isnan(key.as_real());
  };
  std::stable_sort(places.begin(), places.end(), [&](std::uint32_t a, std::uint32_t b) {
    const Order order = compare(keys[a], keys[b], meter);
    return order == Order::less ||
           (order == Order::unordered && is_nan(keys[a]) && !is_nan(keys[b]));
  });
  Items sorted;
  sorted.reserve(places.size());
  for (const std::uint32_t place : places) {
    sorted.push_back(list.at(place));
  }
  return Datum::list(std::move(sorted));
}

}  // namespace swamp::cel
