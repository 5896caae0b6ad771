#pragma once

#include <filesystem>

#include "os/descriptor.h"
#include "os/file_lock.h"

// What FileLock and LockTable share; not for other rooms.
namespace swamp::os {

Result<Descriptor> open_lock_file(const std::filesystem::path& path);

/// Whether the lock could be taken at once.
Result<bool> try_kernel_lock(int fd, LockMode mode, const std::filesystem::path& path);

/// Whether the open file is still the one that the path names: somebody may have removed it while
/// we waited, and a lock on a file that nobody can find excludes nobody.
bool is_still_at(int fd, const std::filesystem::path& path);

/// The lock record of fcntl for the whole file.
struct flock whole_file(LockMode mode);

}  // namespace swamp::os
