#pragma once

#include <cstdint>
#include <fcntl.h>
#include <filesystem>

#include "base/result.h"
#include "os/descriptor.h"

namespace swamp::os {

enum class LockMode : std::uint8_t { shared, exclusive };

// The kernel's lock on an open file description, for whoever has the file open anyway (FileLock and
// LockTable are for files that exist to be locked). It ends with the last descriptor of that
// opening, at the latest with the process. `path` is for messages.

/// Opens a file that exists to be locked, or makes it.
Result<Descriptor> open_lock_file(const std::filesystem::path& path);

/// Takes the lock without waiting; false when somebody is in the way.
Result<bool> try_kernel_lock(const Descriptor& file, LockMode mode,
                             const std::filesystem::path& path);

/// Whether another opening holds a lock on the file. Takes nothing.
Result<bool> is_kernel_locked(const Descriptor& file, const std::filesystem::path& path);

/// Whether the open file is still the one that the path names: somebody may have removed it before
/// it was locked, and a lock on a file that nobody can find excludes nobody.
bool is_still_at(const Descriptor& file, const std::filesystem::path& path);

/// The lock record of fcntl for the whole file.
struct flock whole_file(LockMode mode);

}  // namespace swamp::os
