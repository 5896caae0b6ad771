#include "store/kernel_lock.h"

#include <cerrno>
#include <fcntl.h>

#include "os/system_error.h"

namespace swamp::store {
namespace {

struct ::flock whole_file() {
  struct ::flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

Result<bool> try_lock(const os::Descriptor& file, const std::filesystem::path& path) {
  auto lock = whole_file();
  if (::fcntl(file.get(), F_OFD_SETLK, &lock) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  return fail(os::system_error(errno, "lock", path));
}

Result<bool> is_locked(const os::Descriptor& file, const std::filesystem::path& path) {
  auto lock = whole_file();
  if (::fcntl(file.get(), F_OFD_GETLK, &lock) != 0)
    return fail(os::system_error(errno, "look at", path));
  return lock.l_type != F_UNLCK;
}

std::string boot_id() {
  auto text = read_if_there("/proc/sys/kernel/random/boot_id");
  if (!text || !*text) return {};
  auto& id = **text;
  while (!id.empty() && id.back() == '\n')
    id.pop_back();
  return id;
}

}  // namespace swamp::store
