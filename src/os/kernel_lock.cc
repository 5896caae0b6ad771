#include "os/kernel_lock.h"

#include <cerrno>
#include <sys/stat.h>

#include "os/system_error.h"

namespace swamp::os {

Result<Descriptor> open_lock_file(const std::filesystem::path& path) {
  return open_descriptor(path, O_RDWR | O_CREAT | O_NOFOLLOW, "lock");
}

Result<bool> try_kernel_lock(const Descriptor& file, LockMode mode,
                             const std::filesystem::path& path) {
  struct flock record = whole_file(mode);
  if (retry_interrupted([&] { return ::fcntl(file.get(), F_OFD_SETLK, &record); }) == 0)
    return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  return fail(system_error(errno, "lock", path));
}

Result<bool> is_kernel_locked(const Descriptor& file, const std::filesystem::path& path) {
  struct flock record = whole_file(LockMode::exclusive);
  if (::fcntl(file.get(), F_OFD_GETLK, &record) != 0)
    return fail(system_error(errno, "look at", path));
  return record.l_type != F_UNLCK;
}

bool is_still_at(const Descriptor& file, const std::filesystem::path& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(file.get(), &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

struct flock whole_file(LockMode mode) {
  struct flock record {};
  record.l_type = mode == LockMode::exclusive ? F_WRLCK : F_RDLCK;
  record.l_whence = SEEK_SET;
  return record;
}

}  // namespace swamp::os
