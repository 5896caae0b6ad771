#include "os/folder_identity.h"

#include <cerrno>
#include <sys/stat.h>

#include <fmt/format.h>

#include "os/system_error.h"

namespace swamp::os {

Result<std::string> folder_identity(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail(system_error(errno, "look at", path));
  return fmt::format("{:x}-{:x}", status.st_dev, status.st_ino);
}

}  // namespace swamp::os
