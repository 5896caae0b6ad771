#pragma once

#include <filesystem>

#include "base/result.h"

namespace swamp::os {

/// Where `path` really leads: absolute, without `.`, `..` and symbolic links. What does not exist
/// yet is taken as it is written; a dangling link leads where it points. Fails with invalid_input
/// when links form a circle.
Result<std::filesystem::path> real_path(const std::filesystem::path& path);

/// Whether `target` really lies in the folder `boundary`, or is it.
Result<bool> lies_within(const std::filesystem::path& boundary,
                         const std::filesystem::path& target);

/// The real path of `target` (relative ones start at `boundary`) when it lies within `boundary`;
/// fails with code denied when it leads outside, be it by `..` or by a symbolic link. The answer
/// holds as long as nobody changes the folders.
Result<std::filesystem::path> safe_path(const std::filesystem::path& boundary,
                                        const std::filesystem::path& target);

}  // namespace swamp::os
