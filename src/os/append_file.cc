#include "os/append_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/system_error.h"

namespace swamp::os {

Result<AppendFile> AppendFile::open(const std::filesystem::path& path, FileMode mode) {
  SWAMP_TRY(Descriptor fd,
            open_descriptor(path, O_WRONLY | O_CREAT | O_APPEND, "append to", mode.bits));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail(system_error(errno, "append to", path));
  return AppendFile(path, std::move(fd), static_cast<std::uint64_t>(status.st_size));
}

Result<> AppendFile::append(std::string_view bytes) {
  if (auto written = write_all(fd_.get(), bytes); !written) {
    // A half record that stays would be followed by whole ones, and a reader could not find them.
    if (::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0) {
      return fail(system_error(written.error(), "append to", path_)
                      .while_doing("cutting off half a record failed too"));
    }
    return fail(system_error(written.error(), "append to", path_));
  }
  size_ += bytes.size();
  return {};
}

Result<> AppendFile::sync() {
  if (::fdatasync(fd_.get()) != 0) return fail(system_error(errno, "sync", path_));
  return {};
}

Result<> AppendFile::truncate(std::uint64_t size) {
  if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0)
    return fail(system_error(errno, "shorten", path_));
  size_ = size;
  return {};
}

}  // namespace swamp::os
