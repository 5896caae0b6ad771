#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

// What the kernel tells in /proc. A process that ends meanwhile is just not there.
namespace swamp::driver {

/// All children of this process, whichever of its threads they are entered with.
std::vector<pid_t> children_of_this_process();

/// Every process of the machine that we may see.
std::vector<pid_t> all_processes();

/// Whether the process was started with all these `NAME=value` texts in its environment. False for
/// none, for one that is dead, and for one that we may not look at.
bool carries_marks(pid_t process, const std::vector<std::string>& marks);

}  // namespace swamp::driver
