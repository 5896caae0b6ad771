#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace swamp::engine {

/// Whether a relative path with `/` between its parts fits a pattern: `*` and `?` stand for text
/// within one part, a part
/// `**` for any number of parts.
bool matches_glob(std::string_view pattern, std::string_view path);

/// The regular files below `root` that fit any of the patterns, as paths relative to it, sorted.
/// Folders named `.git` and `.swamp` are passed over, links are not followed. Blocks.
Result<std::vector<std::string>> find_files(const std::filesystem::path& root,
                                            const std::vector<std::string>& patterns);

}  // namespace swamp::engine
