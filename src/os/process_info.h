#pragma once

#include <cstdint>
#include <string>

namespace swamp::os {

std::int64_t process_id();

/// The name of this machine, as `uname -n` says it; `localhost` when it has none.
std::string host_name();

/// The name of the user who runs this process: from the user database, else from USER, else the
/// number.
std::string user_name();

/// Whether a process with that number exists on this machine.
bool is_process_alive(std::int64_t pid);

/// What the kernel calls this start of the machine: what was written since is in its memory still,
/// if not on the disk. Empty when it does not say.
std::string boot_id();

}  // namespace swamp::os
