#include "store/latest_rule.h"

#include <set>
#include <string_view>
#include <utility>

namespace swamp::store {

std::vector<VersionFlags> apply_latest_rule(const std::vector<VersionFacts>& versions) {
  std::vector<VersionFlags> flags(versions.size());
  if (versions.empty()) return flags;
  const VersionFacts& newest = versions.back();
  flags.back().is_latest = true;
  if (newest.is_deleted) {
    for (VersionFlags& flag : flags)
      flag.is_live = false;
    return flags;
  }
  if (newest.run_id.empty()) return flags;
  std::set<std::pair<std::string_view, std::string_view>> steps = {{newest.job, newest.step}};
  for (std::size_t i = versions.size() - 1; i-- > 0;) {
    const VersionFacts& version = versions[i];
    if (version.run_id != newest.run_id) continue;
    flags[i].is_latest = steps.emplace(version.job, version.step).second;
  }
  return flags;
}

}  // namespace swamp::store
