#include "os/file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/clock.h"
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

  const Descriptor& descriptor() const { return fd_; }
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
  SWAMP_CHECK(write_all(file.descriptor(), bytes, target));
  if (durability == Durability::synced) SWAMP_CHECK(sync_content(file.descriptor(), target));
  return file;
}

/// The name itself is on the disk only once its folder is.
Result<> sync_name(const fs::path& target, Durability durability) {
  if (durability == Durability::none) return {};
  return sync_directory(target.parent_path());
}

FileIdentity to_identity(const struct stat& status) {
  return {
      .size = static_cast<std::uint64_t>(status.st_size),
      .mtime_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
      .inode = status.st_ino,
  };
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::size_t limit) {
  SWAMP_TRY(const Descriptor file, open_descriptor(path, O_RDONLY, "read"));
  return read_all(file, path, limit);
}

Result<std::optional<std::string>> read_file_if_there(const fs::path& path, std::size_t limit) {
  SWAMP_TRY(const auto file, open_if_there(path, O_RDONLY, "read"));
  if (!file) return std::nullopt;
  SWAMP_TRY(auto bytes, read_all(*file, path, limit));
  return std::optional(std::move(bytes));
}

namespace {

/// Writes a hidden file and has `name_it` give it its name; again when the file is gone by then,
/// because somebody who cleans up after a crash cannot know whose it is. `name_it` returns an
/// errno.
template <class NameIt>
Result<> write_and_name(const fs::path& target, std::string_view bytes, Durability durability,
                        FileMode mode, std::string_view verb, NameIt name_it) {
  constexpr int kMostTries = 10;
  for (int tries = 1;; ++tries) {
    SWAMP_TRY(HiddenFile file, write_hidden(target, bytes, durability, mode));
    const int problem = name_it(file);
    if (problem == 0) {
      file.keep();
      return sync_name(target, durability);
    }
    if (problem != ENOENT || tries == kMostTries) return fail(system_error(problem, verb, target));
  }
}

}  // namespace

Result<> write_file_atomically(const fs::path& path, std::string_view bytes, Durability durability,
                               FileMode mode) {
  const auto replace = [&](const HiddenFile& file) {
    struct stat old {};
    if (mode.bits == FileMode{}.bits && ::stat(path.c_str(), &old) == 0 && S_ISREG(old.st_mode)) {
      if (::fchmod(file.descriptor().get(), old.st_mode & 07777) != 0) return errno;
    }
    return ::rename(file.path().c_str(), path.c_str()) == 0 ? 0 : errno;
  };
  return write_and_name(path, bytes, durability, mode, "write", replace);
}

Result<> write_new_file(const fs::path& path, std::string_view bytes, Durability durability,
                        FileMode mode) {
  const auto name = [&](const HiddenFile& file) {
    const char* hidden = file.path().c_str();
    if (::renameat2(AT_FDCWD, hidden, AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) return 0;
    // Some network file systems cannot rename that way; a second name does the same in two steps.
    if (errno != EINVAL && errno != ENOSYS) return errno;
    if (::link(hidden, path.c_str()) != 0) return errno;
    ::unlink(hidden);
    return 0;
  };
  return write_and_name(path, bytes, durability, mode, "make", name);
}

bool is_temporary_name(std::string_view name) {
  constexpr std::string_view kEnding = ".tmp";
  return name.starts_with('.') && name.ends_with(kEnding) &&
         is_uuid(name.substr(1, name.size() - 1 - kEnding.size()));
}

Result<> remove_temporary_files(const fs::path& folder) {
  auto entries = list_directory(folder);
  if (!entries && entries.error().code == ErrorCode::not_found) return {};
  if (!entries) return fail(std::move(entries).error());
  for (const DirectoryEntry& entry : *entries) {
    if (entry.kind == EntryKind::file && is_temporary_name(entry.name))
      SWAMP_CHECK(remove_file(folder / entry.name));
  }
  return {};
}

Result<> make_file(const fs::path& path, std::string_view bytes) {
  SWAMP_TRY(const auto file, open_descriptor(path, O_WRONLY | O_CREAT | O_EXCL, "make"));
  return write_all(file, bytes, path);
}

Result<bool> remove_file(const fs::path& path) {
  if (::unlink(path.c_str()) == 0) return true;
  if (is_absence(errno)) return false;
  return fail(system_error(errno, "remove", path));
}

Result<> sync_file(const fs::path& path) {
  SWAMP_TRY(const auto file, open_descriptor(path, O_RDONLY, "sync"));
  SWAMP_CHECK(sync_content(file, path));
  return sync_directory(path.parent_path());
}

Result<FileIdentity> identity_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail(system_error(errno, "look at", path));
  return to_identity(status);
}

Result<FileIdentity> identity_of(const Descriptor& file, const fs::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(system_error(errno, "look at", path));
  return to_identity(status);
}

Result<FileIdentity> identity_of(const Descriptor& folder, const std::string& name,
                                 const fs::path& path) {
  struct stat status {};
  if (::fstatat(folder.get(), name.c_str(), &status, 0) != 0)
    return fail(system_error(errno, "look at", path / name));
  return to_identity(status);
}

std::optional<FileIdentity> find_identity(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return to_identity(status);
}

bool exists(const fs::path& path) {
  return find_identity(path).has_value();
}

}  // namespace swamp::os
