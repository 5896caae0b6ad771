#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "engine/plan.h"
#include "engine/run_event.h"

namespace swamp::engine {

/// Which nodes may still start: those whose conditions hold, less what each rule takes away. Rules
/// add up, so that a stop never starts what a failure before it had ruled out. A larger value is
/// stricter.
enum class Admission : std::uint8_t {
  normal = 0,
  failing_fast = 1,  // only what is about a failure: one condition names a failed node and says so
  stopping = 2,      // only what has conditions that are all `always` or `completed`
  stopping_after_failure = failing_fast | stopping,
  halted = 4,  // nothing
};

/// Both rules at once.
constexpr Admission narrowed(Admission one, Admission other) {
  const int both = static_cast<int>(one) | static_cast<int>(other);
  return static_cast<Admission>(std::min(both, static_cast<int>(Admission::halted)));
}

/// What is left of a rule for a job that began in spite of `spared`.
constexpr Admission less(Admission mode, Admission spared) {
  return static_cast<Admission>(static_cast<int>(mode) & ~static_cast<int>(spared));
}

constexpr bool includes(Admission mode, Admission rule) {
  return (static_cast<int>(mode) & static_cast<int>(rule)) != 0;
}

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
  const bool is_about_one = std::any_of(needs.begin(), needs.end(), [&](const Need<Id>& need) {
    return status_of(need.upstream) == NodeStatus::failed && is_about_failure(*need.condition);
  });
  if (includes(mode, Admission::failing_fast) && !is_about_one) return false;
  const bool cleans_up =
      !needs.empty() && std::all_of(needs.begin(), needs.end(), [](const Need<Id>& need) {
        return is_clean_up(*need.condition);
      });
  return cleans_up || !includes(mode, Admission::stopping);
}

}  // namespace swamp::engine
