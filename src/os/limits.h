#pragma once

#include <cstdint>

#include "base/result.h"

namespace swamp::os {

/// How many descriptors this process may have open: what it has been raised to, and what it was
/// before.
struct DescriptorLimit {
  std::uint64_t now = 0;
  std::uint64_t inherited = 0;  // what processes that we start should get back
};

/// Raises the limit of open files (RLIMIT_NOFILE) to what the machine allows.
Result<DescriptorLimit> raise_descriptor_limit();

/// How many processes may run at once: each takes up to four descriptors of ours, 256 are kept for
/// everything else, and beyond 64 for each core they only get into each other's way. At least 1.
std::uint64_t processes_at_once(std::uint64_t descriptors, unsigned cores);

/// Cores that this process may use (containers and taskset count). At least 1.
unsigned usable_cores();

}  // namespace swamp::os
