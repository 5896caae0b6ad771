#pragma once

#include <filesystem>

#include "async/task.h"
#include "os/descriptor.h"
#include "os/file_lock.h"

// What LockTable is made of; not for other rooms.
namespace swamp::os {

/// Waits for the kernel's lock in a thread of its own, which ends before this returns. Fails with
/// code cancelled when the waiting task is; the descriptor is of no use then.
Task<> wait_for_kernel_lock(Descriptor& fd, LockMode mode, std::filesystem::path path);

}  // namespace swamp::os
