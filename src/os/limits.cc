#include "os/limits.h"

#include <algorithm>
#include <cerrno>
#include <sched.h>
#include <sys/resource.h>
#include <thread>

#include "os/system_error.h"

namespace swamp::os {

Result<DescriptorLimit> raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return fail(system_error(errno, "read the limit of open files"));
  DescriptorLimit result{.now = limit.rlim_cur, .inherited = limit.rlim_cur};
  if (limit.rlim_cur >= limit.rlim_max) return result;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
    return fail(system_error(errno, "raise the limit of open files"));
  result.now = limit.rlim_cur;
  return result;
}

std::uint64_t processes_at_once(std::uint64_t descriptors, unsigned cores) {
  constexpr std::uint64_t kKept = 256;
  constexpr std::uint64_t kEach = 4;
  constexpr std::uint64_t kPerCore = 64;
  const std::uint64_t by_descriptors = descriptors > kKept ? (descriptors - kKept) / kEach : 0;
  return std::max<std::uint64_t>(1, std::min(by_descriptors, kPerCore * std::max(1U, cores)));
}

unsigned usable_cores() {
  cpu_set_t cores;
  if (::sched_getaffinity(0, sizeof cores, &cores) == 0) return std::max(1, CPU_COUNT(&cores));
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace swamp::os
