#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "cel/functions/function.h"

namespace swamp::cel {

namespace {

Datum range(Call& call) {
  const std::int64_t begin = call.size() == 2 ? call[0].as_int() : 0;
  const std::int64_t end = call[call.size() - 1].as_int();
  Items items;
  // The whole cost before the first element: a list of 10^9 never comes to be.
  const std::uint64_t count =
      end > begin ? static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(begin) : 0;
  if (count > call.meter.left() / kElementCost || !call.charge(count * kElementCost)) {
    call.charge(UINT64_MAX);
    return Datum();
  }
  items.reserve(count);
  for (std::int64_t number = begin; number < end; ++number) {
    items.push_back(Datum::integer(number));
  }
  return Datum::list(std::move(items));
}

Datum slice(Call& call) {
  const std::int64_t begin = call[1].as_int();
  const std::int64_t end = call[2].as_int();
  const std::size_t size = call[0].size();
  if (begin < 0 || end < begin || static_cast<std::uint64_t>(end) > size) {
    return Datum::failure(
        fmt::format("the places {} to {} do not lie in a list of {}", begin, end, size));
  }
  if (!call.charge(static_cast<std::uint64_t>(end - begin) * kElementCost)) return Datum();
  Items items;
  for (std::int64_t i = begin; i < end; ++i) {
    items.push_back(call[0].at(static_cast<std::size_t>(i)));
  }
  return Datum::list(std::move(items));
}

Datum reverse_list(Call& call) {
  Items items;
  if (!call.charge(call[0].size() * kElementCost)) return Datum();
  for (std::size_t i = call[0].size(); i-- > 0;) {
    items.push_back(call[0].at(i));
  }
  return Datum::list(std::move(items));
}

bool flatten_into(Items& items, const Datum& list, std::int64_t depth, const Call& call) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!call.charge(kElementCost)) return false;
    Datum item = list.at(i);
    if (item.is(Kind::list) && depth > 0) {
      if (!flatten_into(items, item, depth - 1, call)) return false;
    } else {
      items.push_back(std::move(item));
    }
  }
  return true;
}

Datum flatten(Call& call) {
  const std::int64_t depth = call.size() == 2 ? call[1].as_int() : 1;
  if (depth < 0) return Datum::failure("the depth of a flattened list is not negative");
  Items items;
  flatten_into(items, call[0], depth, call);
  return Datum::list(std::move(items));
}

Datum distinct(Call& call) {
  Items items;
  std::unordered_set<std::string> texts;  // most lists are of texts, and quick that way
  for (std::size_t i = 0; i < call[0].size() && call.charge(kElementCost); ++i) {
    Datum item = call[0].at(i);
    const bool is_known = item.is(Kind::string)
                              ? !texts.insert(item.text()).second
                              : std::any_of(items.begin(), items.end(), [&](const Datum& old) {
                                  return call.charge(1) && equal(old, item, call.meter);
                                });
    if (!is_known) items.push_back(std::move(item));
  }
  return Datum::list(std::move(items));
}

Datum sort(Call& call) {
  Items keys;
  if (!call.charge(call[0].size() * kElementCost)) return Datum();
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    keys.push_back(call[0].at(i));
  }
  return sorted_by(call[0], keys, call.meter);
}

Datum first(Call& call) {
  return call[0].size() == 0 ? Datum::none() : Datum::some(call[0].at(0));
}
Datum last(Call& call) {
  return call[0].size() == 0 ? Datum::none() : Datum::some(call[0].at(call[0].size() - 1));
}

constexpr Function kListFunctions[] = {
    {.name = "range",
     .type = "(int) -> list",
     .doc = "the whole numbers from 0 up to below the given one",
     .example = "range(3) == [0, 1, 2]",
     .call = range},
    {.name = "range",
     .type = "(int, int) -> list",
     .doc = "the whole numbers from the first up to below the second",
     .example = "range(2, 4) == [2, 3]",
     .call = range},
    {.name = "lists.range",
     .type = "(int) -> list",
     .doc = "another name of range",
     .example = "lists.range(2) == [0, 1]",
     .call = range},
    {.name = "slice",
     .type = "list.(int, int) -> list",
     .doc = "the elements from one place up to another",
     .example = "[1, 2, 3].slice(1, 3) == [2, 3]",
     .call = slice},
    {.name = "reverse",
     .type = "list.() -> list",
     .doc = "the elements from last to first",
     .example = "[1, 2].reverse() == [2, 1]",
     .call = reverse_list},
    {.name = "flatten",
     .type = "list.() -> list",
     .doc = "the elements of the lists in the list",
     .example = "[1, [2, [3]]].flatten() == [1, 2, [3]]",
     .call = flatten},
    {.name = "flatten",
     .type = "list.(int) -> list",
     .doc = "the same, so many levels down",
     .example = "[1, [2, [3]]].flatten(2) == [1, 2, 3]",
     .call = flatten},
    {.name = "distinct",
     .type = "list.() -> list",
     .doc = "every element once, in the order of the first",
     .example = "[1, 2, 1].distinct() == [1, 2]",
     .call = distinct},
    {.name = "sort",
     .type = "list.() -> list",
     .doc = "the elements in their order",
     .example = "['b', 'a'].sort() == ['a', 'b']",
     .call = sort},
    {.name = "first",
     .type = "list.() -> optional",
     .doc = "the first element, if there is one",
     .example = "[1, 2].first().value() == 1",
     .call = first},
    {.name = "last",
     .type = "list.() -> optional",
     .doc = "the last element, if there is one",
     .example = "[].last().orValue(5) == 5",
     .call = last},
};

}  // namespace

std::span<const Function> list_functions() {
  return kListFunctions;
}

}  // namespace swamp::cel
