#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace swamp::os {

/// Tells a folder from every other, its copies included, for as long as it is there and the machine
/// runs: the numbers of its device and inode, as text. It stays when the folder is moved within its
/// file system.
Result<std::string> folder_identity(const std::filesystem::path& path);

}  // namespace swamp::os
