#include "engine/admission.h"

namespace swamp::engine {

spec::Ending ending_of(NodeStatus status) {
  if (status == NodeStatus::succeeded) return spec::Ending::succeeded;
  return status == NodeStatus::failed ? spec::Ending::failed : spec::Ending::skipped;
}

bool is_clean_up(const spec::Condition& condition) {
  using Kind = spec::Condition::Kind;
  switch (condition.kind) {
    case Kind::always:
    case Kind::completed:
      return true;
    case Kind::all_of:
    case Kind::any_of:
      return std::all_of(condition.parts.begin(), condition.parts.end(), is_clean_up);
    default:
      return false;
  }
}

bool is_about_failure(const spec::Condition& condition) {
  using Kind = spec::Condition::Kind;
  for (const Kind kind : {Kind::failed, Kind::completed, Kind::always, Kind::negation}) {
    if (spec::mentions(condition, kind)) return true;
  }
  return false;
}

}  // namespace swamp::engine
