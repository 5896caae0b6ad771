#include "os/directory.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "os/descriptor.h"
#include "os/system_error.h"

namespace swamp::os {
namespace {

namespace fs = std::filesystem;

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using DirectoryStream = std::unique_ptr<DIR, CloseDirectory>;

EntryKind kind_of(int folder, const dirent& entry) {
  switch (entry.d_type) {
    case DT_REG:
      return EntryKind::file;
    case DT_DIR:
      return EntryKind::directory;
    case DT_LNK:
      return EntryKind::symlink;
    case DT_UNKNOWN:  // some file systems do not say it in the listing
      if (struct stat status{};
          ::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISREG(status.st_mode)) return EntryKind::file;
        if (S_ISDIR(status.st_mode)) return EntryKind::directory;
        if (S_ISLNK(status.st_mode)) return EntryKind::symlink;
      }
      return EntryKind::other;
    default:
      return EntryKind::other;
  }
}

/// Reads a folder to its end; an error number on failure. Takes the descriptor.
tl::expected<std::vector<DirectoryEntry>, int> read_entries(Descriptor folder) {
  DirectoryStream stream(::fdopendir(folder.get()));
  if (!stream) return tl::unexpected(errno);
  const int fd = folder.release();
  std::vector<DirectoryEntry> entries;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") entries.push_back({std::string(name), kind_of(fd, *entry)});
  }
  if (errno != 0) return tl::unexpected(errno);
  return entries;
}

/// Removes a tree with descriptors, so that a folder swapped for a link meanwhile leads nowhere.
class TreeRemover {
 public:
  explicit TreeRemover(const fs::path& root) : root_(root) {}

  Result<> run() {
    if (::unlink(root_.c_str()) == 0 || errno == ENOENT) return {};
    if (errno != EISDIR && errno != EPERM && errno != EACCES) return failed(errno, root_);
    Descriptor top(open_folder(AT_FDCWD, root_.c_str()));
    if (!top.is_open()) return failed(errno, root_);
    top_ = top.get();
    // What lay too deep has been moved up into the root meanwhile; each round removes at least
    // kDeepest levels of it.
    do {
      has_moved_up_ = false;
      SWAMP_CHECK(empty(top.get(), root_, 0));
    } while (has_moved_up_);
    if (::rmdir(root_.c_str()) != 0 && errno != ENOENT) return failed(errno, root_);
    return {};
  }

 private:
  /// Deeper than this, one open descriptor per level would exhaust them.
  static constexpr int kDeepest = 64;

  static tl::unexpected<Error> failed(int number, const fs::path& path) {
    return fail(system_error(number, "remove", path));
  }

  /// A folder that forbids its owner to list or change it (as caches of packages do) is made to
  /// allow it.
  static int open_folder(int parent, const char* name) {
    constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int fd = ::openat(parent, name, kFlags);
    if (fd < 0 && errno == EACCES) {
      if (::fchmodat(parent, name, 0700, 0) == 0) fd = ::openat(parent, name, kFlags);
      if (fd < 0) errno = EACCES;
    }
    return fd;
  }

  Result<> empty(int folder, const fs::path& path, int depth) {
    auto entries =
        read_entries(Descriptor(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    if (!entries) return failed(entries.error(), path);
    for (const DirectoryEntry& entry : *entries) {
      SWAMP_CHECK(remove(folder, path, entry, depth));
    }
    return {};
  }

  Result<> remove(int folder, const fs::path& path, const DirectoryEntry& entry, int depth) {
    const char* name = entry.name.c_str();
    if (entry.kind != EntryKind::directory) return unlink(folder, path, name, 0);
    if (depth == kDeepest) {
      if (::renameat(folder, name, top_, random_ids().uuid().c_str()) != 0)
        return failed(errno, path / name);
      has_moved_up_ = true;
      return {};
    }
    const Descriptor below(open_folder(folder, name));
    if (!below.is_open()) {
      if (errno == ENOENT) return {};
      return failed(errno, path / name);
    }
    SWAMP_CHECK(empty(below.get(), path / name, depth + 1));
    return unlink(folder, path, name, AT_REMOVEDIR);
  }

  static Result<> unlink(int folder, const fs::path& path, const char* name, int flags) {
    if (::unlinkat(folder, name, flags) == 0 || errno == ENOENT) return {};
    if (errno == EACCES && ::fchmod(folder, 0700) == 0 && ::unlinkat(folder, name, flags) == 0)
      return {};
    return failed(errno, path / name);
  }

  fs::path root_;
  int top_ = -1;
  bool has_moved_up_ = false;
};

}  // namespace

namespace {

/// Takes the descriptor; `path` is for messages.
Result<std::vector<DirectoryEntry>> sorted_entries(Descriptor folder, const fs::path& path) {
  auto entries = read_entries(std::move(folder));
  if (!entries) return fail(system_error(entries.error(), "list", path));
  std::sort(entries->begin(), entries->end(),
            [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
  return *std::move(entries);
}

}  // namespace

Result<std::vector<DirectoryEntry>> list_directory(const fs::path& path) {
  SWAMP_TRY(Descriptor folder, open_descriptor(path, O_RDONLY | O_DIRECTORY, "list"));
  return sorted_entries(std::move(folder), path);
}

Result<std::vector<DirectoryEntry>> list_if_there(const fs::path& path) {
  auto entries = list_directory(path);
  if (!entries && entries.error().code == ErrorCode::not_found)
    return std::vector<DirectoryEntry>();
  return entries;
}

std::vector<DirectoryEntry> find_entries(const fs::path& path) {
  return list_directory(path).value_or(std::vector<DirectoryEntry>());
}

Result<Folder> Folder::open(const fs::path& path) {
  SWAMP_TRY(Descriptor fd, open_descriptor(path, O_RDONLY | O_DIRECTORY, "list"));
  return Folder(std::move(fd), path);
}

Result<std::vector<DirectoryEntry>> Folder::list() const {
  // Of its own, since reading moves a descriptor on.
  Descriptor stream(::openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!stream.is_open()) return fail(system_error(errno, "list", path_));
  return sorted_entries(std::move(stream), path_);
}

Result<FileIdentity> Folder::identity_of(const std::string& name) const {
  return os::identity_of(fd_, name, path_);
}

namespace {

/// `made` is called with each folder that was missing.
template <class Made>
Result<> make_missing(const fs::path& path, unsigned mode, Made made) {
  if (::mkdir(path.c_str(), mode) == 0) return made(path);
  int problem = errno;
  if (problem == ENOENT && path.has_parent_path() && path.parent_path() != path) {
    SWAMP_CHECK(make_missing(path.parent_path(), mode, made));
    if (::mkdir(path.c_str(), mode) == 0) return made(path);
    problem = errno;
  }
  struct stat status {};
  if (problem == EEXIST && ::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return {};
    problem = ENOTDIR;
  }
  // A path that ends in a slash, or in a dot: its parent is the folder itself.
  if (problem == ENOENT && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
  return fail(system_error(problem, "make folder", path));
}

}  // namespace

Result<> make_directories(const fs::path& path, unsigned mode) {
  return make_missing(path, mode, [](const fs::path&) { return Result<>(); });
}

Result<> make_durable_directories(const fs::path& path, unsigned mode) {
  return make_missing(path, mode,
                      [](const fs::path& made) { return sync_directory(made.parent_path()); });
}

Result<> remove_tree(const fs::path& path) {
  // With a slash at the end a link to a folder would be followed.
  const fs::path target = path.has_filename() ? path : path.parent_path();
  return TreeRemover(target).run();
}

Result<> sync_directory(const fs::path& path) {
  const fs::path folder = path.empty() ? "." : path;
  SWAMP_TRY(const Descriptor fd, open_descriptor(folder, O_RDONLY | O_DIRECTORY, "sync"));
  if (::fsync(fd.get()) != 0) return fail(system_error(errno, "sync", folder));
  return {};
}

Result<> sync_filesystem(const fs::path& path) {
  SWAMP_TRY(const Descriptor fd, open_descriptor(path, O_RDONLY, "sync"));
  if (::syncfs(fd.get()) != 0) return fail(system_error(errno, "sync the file system of", path));
  return {};
}

}  // namespace swamp::os
