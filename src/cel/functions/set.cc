#include "cel/functions/function.h"
#include "cel/operators.h"

namespace swamp::cel {

namespace {

/// Whether `list` has the element `at` of `other`.
bool has_element(const Datum& list, const Datum& other, std::size_t at, Meter& meter) {
  return contains(list, other.at(at), meter).is_true();
}

bool has_all(const Datum& list, const Datum& other, Meter& meter) {
  for (std::size_t i = 0; i < other.size(); ++i) {
    if (!has_element(list, other, i, meter)) return false;
  }
  return true;
}

Datum set_contains(Call& call) {
  return Datum::boolean(has_all(call[0], call[1], call.meter));
}
Datum set_equivalent(Call& call) {
  return Datum::boolean(has_all(call[0], call[1], call.meter) &&
                        has_all(call[1], call[0], call.meter));
}
Datum set_intersects(Call& call) {
  for (std::size_t i = 0; i < call[1].size(); ++i) {
    if (has_element(call[0], call[1], i, call.meter)) return Datum::boolean(true);
  }
  return Datum::boolean(false);
}

constexpr Function kSetFunctions[] = {
    {.name = "sets.contains",
     .type = "(list, list) -> bool",
     .doc = "whether the first list has every element of the second",
     .example = "sets.contains([1, 2, 3], [3, 1])",
     .call = set_contains},
    {.name = "sets.equivalent",
     .type = "(list, list) -> bool",
     .doc = "whether both lists have the same elements",
     .example = "sets.equivalent([1, 2, 2], [2, 1])",
     .call = set_equivalent},
    {.name = "sets.intersects",
     .type = "(list, list) -> bool",
     .doc = "whether the lists have an element in common",
     .example = "sets.intersects([1, 2], [2, 3])",
     .call = set_intersects},
};

}  // namespace

std::span<const Function> set_functions() {
  return kSetFunctions;
}

}  // namespace swamp::cel
