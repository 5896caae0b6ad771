#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace swamp::vault {

/// `path` with `~/` as the home folder, and when it is relative, below `base`. Fails when `home` is
/// needed and empty.
Result<std::filesystem::path> resolve_path(const std::string& path,
                                           const std::filesystem::path& home,
                                           const std::filesystem::path& base);

}  // namespace swamp::vault
