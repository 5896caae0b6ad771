#include "spec/condition.h"

#include <algorithm>

#include <fmt/format.h>

namespace swamp::spec {
namespace {

using Kind = Condition::Kind;

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::always:
      return "always";
    case Kind::succeeded:
      return "succeeded";
    case Kind::failed:
      return "failed";
    case Kind::completed:
      return "completed";
    case Kind::skipped:
      return "skipped";
    case Kind::all_of:
      return "and";
    case Kind::any_of:
      return "or";
    case Kind::negation:
      return "not";
  }
  return {};
}

}  // namespace

bool holds(const Condition& condition, Ending ending) {
  const auto part_holds = [ending](const Condition& part) { return holds(part, ending); };
  switch (condition.kind) {
    case Kind::always:
      return true;
    case Kind::succeeded:
      return ending == Ending::succeeded;
    case Kind::failed:
      return ending == Ending::failed;
    case Kind::completed:
      return ending != Ending::skipped;
    case Kind::skipped:
      return ending == Ending::skipped;
    case Kind::all_of:
      return std::all_of(condition.parts.begin(), condition.parts.end(), part_holds);
    case Kind::any_of:
      return std::any_of(condition.parts.begin(), condition.parts.end(), part_holds);
    case Kind::negation:
      return !part_holds(condition.parts.front());
  }
  return false;
}

bool mentions(const Condition& condition, Kind kind) {
  return condition.kind == kind ||
         std::any_of(condition.parts.begin(), condition.parts.end(),
                     [kind](const Condition& part) { return mentions(part, kind); });
}

std::string to_string(const Condition& condition) {
  if (condition.kind == Kind::negation) return "not " + to_string(condition.parts.front());
  if (condition.parts.empty()) return std::string(name_of(condition.kind));
  std::string text = "(";
  for (const auto& part : condition.parts) {
    if (text.size() > 1) text += fmt::format(" {} ", name_of(condition.kind));
    text += to_string(part);
  }
  return text + ")";
}

Value to_value(const Condition& condition) {
  Map map{{"type", name_of(condition.kind)}};
  if (condition.kind == Kind::negation) {
    map.set("condition", to_value(condition.parts.front()));
  } else if (!condition.parts.empty()) {
    List parts;
    for (const auto& part : condition.parts)
      parts.push_back(to_value(part));
    map.set("conditions", std::move(parts));
  }
  return map;
}

}  // namespace swamp::spec
