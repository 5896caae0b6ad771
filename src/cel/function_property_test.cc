// Functions against the plain way to say what they do, over random texts, lists and numbers.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "cel/program.h"
#include "value/json.h"

namespace swamp::cel {
namespace {

using Characters = std::vector<std::string>;

/// What the expression gives, as JSON; `a`, `b`, `c` are its variables.
std::string given(std::string_view text, Value a, Value b = {}, Value c = {}) {
  const auto program = Program::compile(text, Dialect::strict);
  RC_ASSERT(program.has_value());
  const Map variables = {{"a", std::move(a)}, {"b", std::move(b)}, {"c", std::move(c)}};
  const auto outcome = program->evaluate(PlainScope(variables), Answers());
  return outcome ? write_json(std::get<Value>(*outcome)) : "error";
}

std::string json(Value value) {
  return write_json(value);
}

Characters any_characters() {
  return *rc::gen::container<Characters>(
      rc::gen::element<std::string>("a", "a", "b", "é", "ключ", "😀", ",", " "));
}

/// Characters of which none stands for several.
Characters any_single_characters() {
  return *rc::gen::container<Characters>(
      rc::gen::element<std::string>("a", "a", "b", "é", "😀", ","));
}

std::string text_of(const Characters& characters) {
  return fmt::format("{}", fmt::join(characters, ""));
}

std::vector<std::int64_t> any_numbers() {
  return *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(-4, 5));
}

Value list_of(const std::vector<std::int64_t>& numbers) {
  return List(numbers.begin(), numbers.end());
}

RC_GTEST_PROP(TextProperty, WhatIsSplitIsJoinedAgain, ()) {
  const std::string text = text_of(any_characters());
  for (const char* separator : {",", "a", "aa", "", "é", "none"})
    RC_ASSERT(given("a.split(b).join(b)", text, separator) == json(text));
}

RC_GTEST_PROP(TextProperty, ReplacingIsSplittingAndJoining, ()) {
  const std::string text = text_of(any_characters());
  for (const char* old : {",", "a", "aa", "é", "none"}) {
    RC_ASSERT(given("a.replace(b, c)", text, old, "é-") ==
              given("a.split(b).join(c)", text, old, "é-"));
  }
}

RC_GTEST_PROP(TextProperty, PlacesCountCharacters, ()) {
  const Characters characters = any_single_characters();
  const std::string text = text_of(characters);
  const auto size = static_cast<std::int64_t>(characters.size());
  RC_ASSERT(given("size(a)", text) == json(size));
  for (std::int64_t i = -1; i <= size + 1; ++i) {
    const bool is_inside = i >= 0 && i <= size;
    const std::string there = i >= 0 && i < size ? characters[static_cast<std::size_t>(i)] : "";
    RC_ASSERT(given("a.charAt(b)", text, i) == (is_inside ? json(there) : "error"));
    RC_ASSERT(given("a.substring(0, b) + a.substring(b)", text, i) ==
              (is_inside ? json(text) : "error"));
  }
  RC_ASSERT(given("a.reverse()", text) == json(text_of({characters.rbegin(), characters.rend()})));
}

RC_GTEST_PROP(TextProperty, ATextIsFoundWhereItFirstAndLastStands, ()) {
  const Characters characters = any_single_characters();
  const std::string text = text_of(characters);
  const auto size = static_cast<std::int64_t>(characters.size());
  const std::int64_t from = *rc::gen::inRange<std::int64_t>(0, size + 1);
  for (const Characters& sought : {Characters{"a"}, {"a", "a"}, {"😀"}, {"é", "a"}, {}}) {
    const auto stands_at = [&](std::int64_t at) {
      return at + static_cast<std::int64_t>(sought.size()) <= size &&
             std::equal(sought.begin(), sought.end(), characters.begin() + at);
    };
    std::int64_t first = -1;
    std::int64_t last = -1;
    std::int64_t first_from = -1;
    std::int64_t last_until = -1;
    for (std::int64_t at = 0; at <= size; ++at) {
      if (!stands_at(at)) continue;
      if (first < 0) first = at;
      if (first_from < 0 && at >= from) first_from = at;
      if (at <= from) last_until = at;
      last = at;
    }
    RC_ASSERT(given("[a.indexOf(b), a.lastIndexOf(b)]", text, text_of(sought)) ==
              json(List{first, last}));
    RC_ASSERT(given("[a.indexOf(b, c), a.lastIndexOf(b, c)]", text, text_of(sought), from) ==
              json(List{first_from, last_until}));
  }
}

RC_GTEST_PROP(BytesProperty, Base64ComesBack, ()) {
  const std::string text = text_of(any_characters());
  RC_ASSERT(given("string(base64.decode(base64.encode(bytes(a))))", text) == json(text));
}

RC_GTEST_PROP(ListProperty, ListsAreSortedReversedAndCutAsTheyShould, ()) {
  auto numbers = any_numbers();
  const Value list = list_of(numbers);
  const auto size = static_cast<std::int64_t>(numbers.size());
  const std::int64_t end = *rc::gen::inRange<std::int64_t>(0, size + 1);
  const std::int64_t begin = *rc::gen::inRange<std::int64_t>(0, end + 1);
  RC_ASSERT(given("a.slice(b, c)", list, begin, end) ==
            json(list_of({numbers.begin() + begin, numbers.begin() + end})));
  RC_ASSERT(given("a.slice(b, size(a) + 1)", list, begin) == "error");
  RC_ASSERT(given("a.reverse()", list) == json(list_of({numbers.rbegin(), numbers.rend()})));
  RC_ASSERT(given("[a, [a, 7]].flatten(2) == a + a + [7]", list) == "true");
  std::vector<std::int64_t> once;
  for (const std::int64_t number : numbers) {
    if (std::find(once.begin(), once.end(), number) == once.end()) once.push_back(number);
  }
  RC_ASSERT(given("a.distinct()", list) == json(list_of(once)));
  auto by_size = numbers;
  std::stable_sort(by_size.begin(), by_size.end(),
                   [](std::int64_t x, std::int64_t y) { return std::abs(x) < std::abs(y); });
  RC_ASSERT(given("a.sortBy(x, math.abs(x))", list) == json(list_of(by_size)));
  std::sort(numbers.begin(), numbers.end());
  RC_ASSERT(given("a.sort()", list) == json(list_of(numbers)));
  if (numbers.empty()) return;
  RC_ASSERT(given("[math.least(a), math.greatest(a)]", list) ==
            json(list_of({numbers.front(), numbers.back()})));
}

RC_GTEST_PROP(SetProperty, SetsAreComparedElementByElement, ()) {
  const auto left = any_numbers();
  const auto right = any_numbers();
  const auto has = [](const auto& all, std::int64_t one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  const auto has_all = [&](const auto& all, const auto& some) {
    return std::all_of(some.begin(), some.end(), [&](std::int64_t one) { return has(all, one); });
  };
  const bool meets =
      std::any_of(left.begin(), left.end(), [&](std::int64_t one) { return has(right, one); });
  // The numbers of the right list are doubles: they are equal all the same.
  RC_ASSERT(
      given("[sets.contains(a, b.map(x, double(x))), sets.equivalent(a, b.map(x, double(x))), "
            "sets.intersects(a, b.map(x, double(x)))]",
            list_of(left), list_of(right)) ==
      json(List{has_all(left, right), has_all(left, right) && has_all(right, left), meets}));
}

RC_GTEST_PROP(NumberProperty, NumbersComeBackFromTheirText, ()) {
  const auto whole = *rc::gen::arbitrary<std::int64_t>();
  const auto real = *rc::gen::arbitrary<double>();
  RC_ASSERT(given("int(string(a)) == a && a == int('%d'.format([a]))", whole) == "true");
  RC_ASSERT(given("double(string(a)) == a", real) == "true");
  const auto natural = static_cast<std::uint64_t>(whole < 0 ? -(whole + 1) : whole);
  RC_ASSERT(given("'%x %X %o %b'.format([a, a, a, a])", natural) ==
            json(fmt::format("{0:x} {0:X} {0:o} {0:b}", natural)));
}

RC_GTEST_PROP(NumberProperty, BitsAreThoseOfTheMachine, ()) {
  const auto x = *rc::gen::arbitrary<std::int64_t>();
  const auto y = *rc::gen::arbitrary<std::int64_t>();
  const auto places = *rc::gen::inRange<std::int64_t>(0, 70);
  RC_ASSERT(given("[math.bitAnd(a, b), math.bitOr(a, b), math.bitXor(a, b), math.bitNot(a)]", x,
                  y) == json(List{x & y, x | y, x ^ y, ~x}));
  const auto bits = static_cast<std::uint64_t>(x);
  const auto left = places < 64 ? static_cast<std::int64_t>(bits << places) : 0;
  const auto right = places < 64 ? static_cast<std::int64_t>(bits >> places) : 0;
  RC_ASSERT(given("[math.bitShiftLeft(a, b), math.bitShiftRight(a, b)]", x, places) ==
            json(List{left, right}));
}

RC_GTEST_PROP(TimeProperty, TimesComeBackFromTheirText, ()) {
  const auto seconds = *rc::gen::inRange<std::int64_t>(-62'135'596'800, 253'402'300'800);
  const auto span = *rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000);
  RC_ASSERT(given("int(timestamp(string(timestamp(a)))) == a", seconds) == "true");
  RC_ASSERT(given("duration(string(duration(string(a) + 's'))).getSeconds() == a", span) == "true");
}

RC_GTEST_PROP(AddressProperty, AnAddressComesBackFromItsCanonicalText, ()) {
  const auto groups = *rc::gen::container<std::vector<int>>(8, rc::gen::element(0, 0, 0, 1, 0xdb8));
  std::vector<std::string> digits;
  for (const int group : groups)
    digits.push_back(fmt::format("{:04X}", group));
  const std::string full = fmt::format("{}", fmt::join(digits, ":"));
  RC_ASSERT(given("ip(string(ip(a))) == ip(a) && ip.isCanonical(string(ip(a)))", full) == "true");
  const auto length = *rc::gen::inRange<std::int64_t>(0, 129);
  RC_ASSERT(given("cidr(a + '/' + string(b)).containsIP(ip(a)) && "
                  "cidr(a + '/' + string(b)).masked().containsIP(a) && "
                  "cidr(a + '/0').containsCIDR(cidr(a + '/' + string(b)))",
                  full, length) == "true");
}

}  // namespace
}  // namespace swamp::cel
