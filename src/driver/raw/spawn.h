#pragma once

#include <string>

#include <sys/types.h>

#include "base/result.h"
#include "driver/environment.h"
#include "os/descriptor.h"

namespace swamp::driver {

/// A child that has been started: its process id, which is also that of its group, a pidfd, and our ends of its
/// streams, which do not block. `in` is open only for piped input.
struct Spawned {
  pid_t pid = 0;
  os::Descriptor pidfd;
  os::Descriptor in;
  os::Descriptor out;
  os::Descriptor err;
};

/// Starts a process as the leader of a new group, with default signals and nothing of ours open but its three streams.
/// `directory` must not be empty. Fails with invalid_input for a directory or program that cannot be used, with
/// unavailable when the machine has no more room for processes or descriptors.
Result<Spawned> spawn(const ProcessSpec& spec, const std::string& directory, bool give_terminal);

}  // namespace swamp::driver
