#include "store/files.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "os/system_error.h"

namespace swamp::store {

namespace fs = std::filesystem;

Result<std::optional<os::Descriptor>> open_if_there(const fs::path& path, int flags) {
  const int fd =
      os::retry_interrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0666); });
  if (fd >= 0) return std::optional(os::Descriptor(fd));
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  return fail(os::system_error(errno, "open", path));
}

Result<> write_all(const os::Descriptor& file, std::string_view bytes, const fs::path& path) {
  if (auto written = os::write_all(file.get(), bytes); !written) {
    return fail(os::system_error(written.error(), "write", path));
  }
  return {};
}

Result<std::string> read_all(const os::Descriptor& file, const fs::path& path) {
  struct ::stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(os::system_error(errno, "read", path));
  // One byte more than the size, so that the end shows without growing; a file may also grow while
  // it is read.
  std::string bytes(static_cast<std::size_t>(status.st_size) + 1, '\0');
  std::size_t size = 0;
  for (;;) {
    if (size == bytes.size()) bytes.resize(bytes.size() * 2);
    const auto got = os::retry_interrupted(
        [&] { return ::read(file.get(), bytes.data() + size, bytes.size() - size); });
    if (got < 0) return fail(os::system_error(errno, "read", path));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

Result<std::optional<std::string>> read_if_there(const fs::path& path) {
  SWAMP_TRY(const auto file, open_if_there(path, O_RDONLY));
  if (!file) return std::nullopt;
  SWAMP_TRY(auto bytes, read_all(*file, path));
  return std::optional(std::move(bytes));
}

Result<> write_new(const fs::path& path, std::string_view bytes) {
  SWAMP_TRY(const auto file, os::open_descriptor(path, O_WRONLY | O_CREAT | O_EXCL, "make"));
  return write_all(file, bytes, path);
}

Result<bool> remove_if_there(const fs::path& path) {
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return fail(os::system_error(errno, "remove", path));
}

std::optional<struct ::stat> stat_of(const fs::path& path) {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

std::int64_t mtime_ns(const struct ::stat& status) {
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

std::vector<os::DirectoryEntry> list_if_there(const fs::path& path) {
  return os::list_directory(path).value_or(std::vector<os::DirectoryEntry>{});
}

Result<> sync_file(const fs::path& path) {
  SWAMP_TRY(const auto file, os::open_descriptor(path, O_RDONLY, "sync"));
  if (::fdatasync(file.get()) != 0) return fail(os::system_error(errno, "sync", path));
  return os::sync_directory(path.parent_path());
}

}  // namespace swamp::store
