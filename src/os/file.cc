#include "os/file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/clock.h"
#include "os/descriptor.h"
#include "os/directory.h"
#include "os/system_error.h"

namespace swamp::os {
namespace {

namespace fs = std::filesystem;

/// A file that nobody sees until it gets its name, and that goes when it gets none.
class HiddenFile {
 public:
  static Result<HiddenFile> make(const fs::path& target, FileMode mode) {
    HiddenFile file;
    file.path_ = target.parent_path() / fmt::format(".{}.tmp", random_ids().uuid());
    // Messages speak of the file that the caller wanted, not of ours.
    const int fd = retry_interrupted([&] {
      return ::open(file.path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode.bits);
    });
    if (fd < 0) return fail(system_error(errno, "write", target));
    file.fd_ = Descriptor(fd);
    return file;
  }

  HiddenFile(HiddenFile&&) noexcept = default;
  HiddenFile& operator=(HiddenFile&&) = delete;
  ~HiddenFile() {
    if (fd_.is_open()) ::unlink(path_.c_str());
  }

  int fd() const { return fd_.get(); }
  const fs::path& path() const { return path_; }

  /// It has another name now, or none.
  void keep() { fd_.close(); }

 private:
  HiddenFile() = default;

  fs::path path_;
  Descriptor fd_;
};

Result<HiddenFile> write_hidden(const fs::path& target, std::string_view bytes,
                                Durability durability, FileMode mode) {
  SWAMP_TRY(HiddenFile file, HiddenFile::make(target, mode));
  if (auto written = write_all(file.fd(), bytes); !written) {
    return fail(system_error(written.error(), "write", target));
  }
  if (durability == Durability::synced && ::fdatasync(file.fd()) != 0) {
    return fail(system_error(errno, "write", target));
  }
  return file;
}

/// The name itself is on the disk only once its folder is.
Result<> sync_name(const fs::path& target, Durability durability) {
  if (durability == Durability::none) return {};
  return sync_directory(target.parent_path());
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::size_t limit) {
  SWAMP_TRY(const Descriptor file, open_descriptor(path, O_RDONLY, "read"));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(system_error(errno, "read", path));
  if (S_ISDIR(status.st_mode)) return fail(system_error(EISDIR, "read", path));

  // Files of /proc and pipes say 0, and a file may grow while it is read: the size is only a first
  // guess.
  constexpr std::size_t kBlock = std::size_t{16} * 1024;
  std::string bytes;
  std::size_t used = 0;
  std::size_t room = status.st_size > 0 ? static_cast<std::size_t>(status.st_size) + 1 : kBlock;
  for (;;) {
    if (used > limit || (status.st_size > 0 && static_cast<std::size_t>(status.st_size) > limit)) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("cannot read '{}': it has more than {} bytes", path.native(), limit));
    }
    bytes.resize(used + room);
    const ssize_t got =
        retry_interrupted([&] { return ::read(file.get(), bytes.data() + used, room); });
    if (got < 0) return fail(system_error(errno, "read", path));
    used += static_cast<std::size_t>(got);
    if (got == 0) break;
    room = kBlock;
  }
  bytes.resize(used);
  return bytes;
}

Result<> write_file_atomically(const fs::path& path, std::string_view bytes, Durability durability,
                               FileMode mode) {
  SWAMP_TRY(HiddenFile file, write_hidden(path, bytes, durability, mode));
  struct stat old {};
  if (mode.bits == FileMode{}.bits && ::stat(path.c_str(), &old) == 0 && S_ISREG(old.st_mode)) {
    if (::fchmod(file.fd(), old.st_mode & 07777) != 0)
      return fail(system_error(errno, "write", path));
  }
  if (::rename(file.path().c_str(), path.c_str()) != 0)
    return fail(system_error(errno, "write", path));
  file.keep();
  return sync_name(path, durability);
}

Result<> write_new_file(const fs::path& path, std::string_view bytes, Durability durability,
                        FileMode mode) {
  SWAMP_TRY(HiddenFile file, write_hidden(path, bytes, durability, mode));
  if (::renameat2(AT_FDCWD, file.path().c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0) {
    // Some network file systems cannot rename that way; a second name does the same in two steps.
    const int problem = errno;
    if (problem != EINVAL && problem != ENOSYS) return fail(system_error(problem, "make", path));
    if (::link(file.path().c_str(), path.c_str()) != 0)
      return fail(system_error(errno, "make", path));
    ::unlink(file.path().c_str());
  }
  file.keep();
  return sync_name(path, durability);
}

Result<> remove_file(const fs::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return fail(system_error(errno, "remove", path));
  return {};
}

Result<FileIdentity> stat_identity(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail(system_error(errno, "look at", path));
  return FileIdentity{
      .size = static_cast<std::uint64_t>(status.st_size),
      .mtime_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
      .inode = status.st_ino,
  };
}

}  // namespace swamp::os
