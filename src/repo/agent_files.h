#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "repo/init.h"

// Not for other rooms.
namespace swamp::repo {

/// Gathers what was done to the files of a repository.
struct FileChanges {
  std::vector<std::string> changed;  // relative to the repository
};

/// Brings the managed section of `.gitignore` up to date.
Result<FileAction> update_gitignore(const std::filesystem::path& root,
                                    const std::vector<std::string>& tools, FileChanges& changes);

/// The same of the files in which the tools look for instructions; the strongest action of several,
/// skipped for none.
Result<FileAction> update_instructions(const std::filesystem::path& root,
                                       const std::vector<std::string>& tools, FileChanges& changes);

}  // namespace swamp::repo
