#pragma once

#include <chrono>
#include <functional>
#include <sys/types.h>
#include <vector>

#include "async/task.h"
#include "driver/environment.h"

namespace swamp::driver {

/// A process that is to end. Its group is told as a whole, once; 0: it is told alone.
struct Target {
  pid_t pid = 0;
  pid_t group = 0;
};

/// Tells processes to end (TERM), kills those that are left after the grace, and returns when none
/// is left. `find` names those that are left; it is asked again whenever one has ended, since one
/// that ends may leave children behind. Fails with unavailable when a process outlives KILL by five
/// seconds (it hangs in the kernel).
Task<> end_all(std::function<std::vector<Target>()> find, EndOptions options);

}  // namespace swamp::driver
