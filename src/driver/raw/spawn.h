#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "base/result.h"
#include "driver/environment.h"
#include "os/descriptor.h"

namespace swamp::driver {

/// A child that has been started: its process id, which is also that of its group, a pidfd, and our
/// ends of its streams, which do not block. `in` is open only for piped input.
struct Spawned {
  pid_t pid = 0;
  os::Descriptor pidfd;
  os::Descriptor in;
  os::Descriptor out;
  os::Descriptor err;
};

/// Starts a process as the leader of a new group, with default signals and nothing of ours open but
/// its three streams. `spec.directory` and relative programs count from our own working directory.
/// `descriptor_limit` is the soft limit of open files that the process gets; empty: ours.
///
/// Fails with invalid_input for a directory or program that cannot be used, with unavailable when
/// the machine has no more room for processes or descriptors. Blocks until the program has been
/// loaded, about half a millisecond.
Result<Spawned> spawn(const ProcessSpec& spec, std::optional<std::uint64_t> descriptor_limit);

}  // namespace swamp::driver
