#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/artifact.h"
#include "store/artifact_store.h"

namespace swamp::store {

/// What garbage collection needs to know from outside. Empty functions mean: none, no, nothing.
struct GcRules {
  Timestamp now{};
  bool dry_run = false;
  /// Only this instance; absent: everything.
  std::optional<Instance> only = std::nullopt;
  /// Whether the record of that run is still there: it keeps data of lifetime `job` and `workflow`.
  std::function<bool(const std::string& workflow_id, const std::string& run_id)> run_exists;
  /// Whether versions of that run must stay: it is live, suspended, interrupted, or failed in the
  /// last 7 days.
  std::function<bool(const std::string& run_id)> is_spared;
  /// On such an instance a count policy counts runs, not versions.
  std::function<bool(const Instance&)> is_ephemeral_instance;
};

struct GcReport {
  struct Item {
    ArtifactKey key;
    std::string reason;  // `duration-expired`, `workflow-deleted`, `job-deleted`; `count` or `age`
                         // for versions
    std::vector<std::uint32_t> versions;
    std::uint64_t bytes = 0;  // of content
  };
  std::vector<Item> expired;  // names that go whole
  std::vector<Item> pruned;   // names of which some versions go; an expired name is not here too
  std::vector<Error> warnings;
};

/// Removes what lifetimes and retention policies no longer keep; with `dry_run` only tells. One
/// item that fails is a warning and stays. The caller holds the instances' locks.
GcReport collect_garbage(ArtifactStore& artifacts, const GcRules& rules);

}  // namespace swamp::store
