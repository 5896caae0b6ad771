#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace swamp::vault {

/// Makes a folder, and those above it that are missing, for its owner alone (0700). One that exists
/// stays as it is.
Result<> make_private_folder(const std::filesystem::path& path);

/// `path` with `~/` as the home folder, and when it is relative, below `base`. Fails when `home` is
/// needed and empty.
Result<std::filesystem::path> resolve_path(const std::string& path,
                                           const std::filesystem::path& home,
                                           const std::filesystem::path& base);

}  // namespace swamp::vault
