#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "engine/plan.h"
#include "engine/run_event.h"

namespace swamp::engine {

/// Which nodes may still start, the strictest last.
enum class Admission : std::uint8_t {
  normal,        // those whose conditions hold
  failing_fast,  // and of these, those that are about a failure: one condition names a failed node
                 // and says so
  stopping,      // and of these, those with conditions that are all `always` or `completed`
  halted,        // none
};

/// How the upstream of a need ended, for its condition. `status` must be terminal.
spec::Ending ending_of(NodeStatus status);

/// Whether the condition can only be about cleaning up: `always`, `completed`, or made of these.
bool is_clean_up(const spec::Condition& condition);

/// Whether the condition speaks of a failure: `failed`, `completed`, `always` or `not` occurs in
/// it.
bool is_about_failure(const spec::Condition& condition);

/// Whether all conditions hold. `status_of(id)` must be terminal for every upstream.
template <class Id, class StatusOf>
bool all_hold(std::span<const Need<Id>> needs, StatusOf status_of) {
  return std::all_of(needs.begin(), needs.end(), [&](const Need<Id>& need) {
    return spec::holds(*need.condition, ending_of(status_of(need.upstream)));
  });
}

/// Whether a node with these needs may start.
template <class Id, class StatusOf>
bool admits(Admission mode, std::span<const Need<Id>> needs, StatusOf status_of) {
  if (mode == Admission::halted || !all_hold(needs, status_of)) return false;
  if (mode == Admission::failing_fast) {
    return std::any_of(needs.begin(), needs.end(), [&](const Need<Id>& need) {
      return status_of(need.upstream) == NodeStatus::failed && is_about_failure(*need.condition);
    });
  }
  if (mode == Admission::stopping) {
    return !needs.empty() && std::all_of(needs.begin(), needs.end(), [](const Need<Id>& need) {
      return is_clean_up(*need.condition);
    });
  }
  return true;
}

}  // namespace swamp::engine
