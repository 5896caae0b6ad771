#pragma once

#include <filesystem>

#include "base/result.h"

namespace swamp::os {

/// Copies a file, symbolic link or folder (with everything in it) so that it is called `to`.
/// Permissions, times, symbolic links (as they are, even dangling) and empty folders survive; the
/// owner becomes the caller.
///
/// Folders that exist at `to` are merged into; a file there is replaced whole. Missing folders
/// above `to` are made. Fails with conflict when a file and a folder meet, with invalid_input for
/// sockets, devices and FIFOs and when a folder is copied into itself. What was copied before a
/// failure stays.
Result<> copy_tree(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace swamp::os
