#include "store/files.h"

#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "base/clock.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

ErrorCode code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::not_found;
    case EEXIST:
      return ErrorCode::conflict;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::denied;
    case ENAMETOOLONG:
    case EISDIR:
    case ELOOP:
      return ErrorCode::invalid_input;
    default:
      return ErrorCode::unavailable;
  }
}

/// A name for a file that is about to be renamed: ends in `.tmp`, which no reader of the tree looks
/// at.
fs::path temporary_beside(const fs::path& path) {
  return path.parent_path() / fmt::format(".{}.tmp", random_ids().uuid());
}

EntryKind kind_of(const dirent& entry, int folder) {
  switch (entry.d_type) {
    case DT_DIR:
      return EntryKind::folder;
    case DT_REG:
      return EntryKind::file;
    case DT_LNK:
      return EntryKind::link;
    case DT_UNKNOWN: {  // the file system does not tell
      struct ::stat status {};
      if (::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return EntryKind::other;
      return S_ISDIR(status.st_mode)   ? EntryKind::folder
             : S_ISREG(status.st_mode) ? EntryKind::file
             : S_ISLNK(status.st_mode) ? EntryKind::link
                                       : EntryKind::other;
    }
    default:
      return EntryKind::other;
  }
}

}  // namespace

File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void File::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Error file_error(std::string_view verb, const fs::path& path, int error) {
  auto reason = std::generic_category().message(error);
  if (!reason.empty() && reason[0] >= 'A' && reason[0] <= 'Z')
    reason[0] = static_cast<char>(reason[0] | 0x20);
  return {.code = code_of(error),
          .message = fmt::format("cannot {} '{}': {}", verb, path.string(), reason)};
}

Result<std::optional<File>> open_if_there(const fs::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (fd >= 0) return std::optional(File(fd));
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  return fail(file_error("open", path, errno));
}

Result<File> open_file(const fs::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (fd < 0) return fail(file_error((flags & O_CREAT) ? "make" : "open", path, errno));
  return File(fd);
}

Result<> write_all(const File& file, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const auto written = ::write(file.fd(), bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return fail(file_error("write", path, errno));
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::string> read_all(const File& file, const fs::path& path) {
  struct ::stat status {};
  if (::fstat(file.fd(), &status) != 0) return fail(file_error("read", path, errno));
  // One byte more than the size, so that the end shows without growing; a file may also grow while
  // it is read.
  std::string bytes(static_cast<std::size_t>(status.st_size) + 1, '\0');
  std::size_t size = 0;
  for (;;) {
    if (size == bytes.size()) bytes.resize(bytes.size() * 2);
    const auto got = ::read(file.fd(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(file_error("read", path, errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

Result<std::optional<std::string>> read_if_there(const fs::path& path) {
  SWAMP_TRY(auto file, open_if_there(path, O_RDONLY));
  if (!file) return std::nullopt;
  SWAMP_TRY(auto bytes, read_all(*file, path));
  return std::optional(std::move(bytes));
}

Result<> write_new(const fs::path& path, std::string_view bytes) {
  SWAMP_TRY(auto file, open_file(path, O_WRONLY | O_CREAT | O_EXCL));
  return write_all(file, bytes, path);
}

Result<bool> write_whole(const fs::path& path, std::string_view bytes, Overwrite overwrite) {
  const auto temporary = temporary_beside(path);
  auto written = write_new(temporary, bytes);
  if (!written) {
    ::unlink(temporary.c_str());
    return fail(std::move(written).error());
  }
  const unsigned flags = overwrite == Overwrite::no ? RENAME_NOREPLACE : 0;
  int renamed = ::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), flags);
  if (renamed != 0 && errno == EINVAL && flags != 0) {  // a file system without RENAME_NOREPLACE
    renamed = ::link(temporary.c_str(), path.c_str());
    if (renamed == 0) ::unlink(temporary.c_str());
  }
  if (renamed == 0) return true;
  const int error = errno;
  ::unlink(temporary.c_str());
  if (error == EEXIST && overwrite == Overwrite::no) return false;
  return fail(file_error("write", path, error));
}

Result<Made> make_folder(const fs::path& path) {
  if (::mkdir(path.c_str(), 0755) == 0) return Made::now;
  if (errno == EEXIST) return Made::before;
  if (errno != ENOENT || !path.has_relative_path()) return fail(file_error("make", path, errno));
  SWAMP_CHECK(make_folder(path.parent_path()));
  if (::mkdir(path.c_str(), 0755) == 0) return Made::now;
  if (errno == EEXIST) return Made::before;
  return fail(file_error("make", path, errno));
}

Result<bool> remove_file(const fs::path& path) {
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return fail(file_error("remove", path, errno));
}

Result<> remove_tree(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return fail(file_error("remove", path, error.value()));
  return {};
}

std::optional<struct ::stat> stat_of(const fs::path& path) {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

std::int64_t mtime_ns(const struct ::stat& status) {
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

std::vector<FolderEntry> list_folder(const fs::path& path) {
  std::vector<FolderEntry> entries;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), &::closedir);
  if (!folder) return entries;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    entries.push_back({std::string(name), kind_of(*entry, ::dirfd(folder.get()))});
  }
  return entries;
}

Result<> sync_file(const fs::path& path) {
  SWAMP_TRY(auto file, open_file(path, O_RDONLY));
  if (::fsync(file.fd()) != 0) return fail(file_error("sync", path, errno));
  SWAMP_TRY(auto folder, open_file(path.parent_path(), O_RDONLY | O_DIRECTORY));
  if (::fsync(folder.fd()) != 0) return fail(file_error("sync", path.parent_path(), errno));
  return {};
}

}  // namespace swamp::store
