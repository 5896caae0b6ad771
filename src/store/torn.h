#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <set>
#include <vector>

#include "base/result.h"
#include "store/artifact.h"
#include "store/layout.h"

namespace swamp::store {

/// One version, by its place.
struct VersionName {
  ArtifactKey key;
  std::uint32_t version = 0;
  friend auto operator<=>(const VersionName&, const VersionName&) = default;
};

// What a machine left half written when it stopped, and nobody names: it belongs to steps and calls
// that will run again, or never came to be. Only what changed in the last hour of all that was
// written is looked at; the rest was on the disk by then. Nobody may be writing meanwhile.

/// Removes versions whose metadata is missing or cut off, or whose content is not what it says.
/// Those in `named` stay, for recover() to write them again. Lets `latest` name the newest version
/// there is. Returns the instances looked at, for Catalog::rescan.
Result<std::vector<Instance>> remove_torn_versions(const std::filesystem::path& root,
                                                   const std::set<VersionName>& named);

/// Removes records of runs and of calls that cannot be read, but for those of `named` runs.
Result<> remove_torn_records(const Layout& layout, const std::set<std::string>& named);

}  // namespace swamp::store
