#pragma once

#include <filesystem>

#include "base/result.h"
#include "repo/agent_files.h"

// Not for other rooms.
namespace swamp::repo {

/// Moves what older versions kept elsewhere, never over an existing file: `.swamp/definitions`,
/// `.swamp/workflows` and
/// `.swamp/vault` into the user's folders (links of old that point back into them go), and `latest`
/// links in
/// `.swamp/data` become the text files they are today. Other symbolic links are the user's and
/// stay.
Result<> migrate_layout(const std::filesystem::path& root, FileChanges& changes);

}  // namespace swamp::repo
