#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace swamp::store {

/// What decides which versions of one data name are latest.
struct VersionFacts {
  std::uint32_t version = 0;
  std::string run_id;
  std::string job;
  std::string step;
  bool is_deleted = false;
};

struct VersionFlags {
  bool is_latest = false;
  bool is_live = true;
  friend bool operator==(const VersionFlags&, const VersionFlags&) = default;
};

/// Latest is the newest version; when a run wrote that, also the newest of each other step of the
/// same run. Where the newest is a tombstone it alone is latest, and no version of the name is
/// live. `versions` ascend.
std::vector<VersionFlags> apply_latest_rule(const std::vector<VersionFacts>& versions);

}  // namespace swamp::store
