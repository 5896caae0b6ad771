#pragma once

#include <string>

#include "base/result.h"
#include "store/files.h"

namespace swamp::store {

/// Takes the kernel's exclusive lock on an open file without waiting; false when somebody has it.
/// It ends with the last descriptor of this opening, at the latest with the process.
Result<bool> try_lock(const os::Descriptor& file, const std::filesystem::path& path);

/// Whether somebody else holds that lock. Takes nothing.
Result<bool> is_locked(const os::Descriptor& file, const std::filesystem::path& path);

/// What the kernel calls this start of the machine: whatever was written since is still in its
/// memory.
std::string boot_id();

}  // namespace swamp::store
