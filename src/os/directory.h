#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/descriptor.h"
#include "os/file.h"

namespace swamp::os {

enum class EntryKind : std::uint8_t { file, directory, symlink, other };

/// What is in a folder. A symbolic link is itself, not what it points at.
struct DirectoryEntry {
  std::string name;
  EntryKind kind = EntryKind::file;

  friend bool operator==(const DirectoryEntry&, const DirectoryEntry&) = default;
};

/// Everything in a folder but `.` and `..`, in order of the names' bytes.
Result<std::vector<DirectoryEntry>> list_directory(const std::filesystem::path& path);

/// The same; nothing when the folder is absent.
Result<std::vector<DirectoryEntry>> list_if_there(const std::filesystem::path& path);

/// The same; nothing when the folder is absent or may not be looked at.
std::vector<DirectoryEntry> find_entries(const std::filesystem::path& path);

/// A folder held open: what is in it is listed and looked at without the way there being walked for
/// each.
class Folder {
 public:
  /// Fails with not_found when it is absent.
  static Result<Folder> open(const std::filesystem::path& path);

  /// As list_directory().
  Result<std::vector<DirectoryEntry>> list() const;

  /// Of what bears this name in the folder; as identity_of() of the whole path.
  Result<FileIdentity> identity_of(const std::string& name) const;

 private:
  Folder(Descriptor fd, std::filesystem::path path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Descriptor fd_;
  std::filesystem::path path_;
};

/// Makes a folder and those above it that are missing, with these permissions before the umask. One
/// that exists is fine, a file of that name is not.
Result<> make_directories(const std::filesystem::path& path, unsigned mode = 0777);
/// The same; those that were missing are on the disk when it returns.
Result<> make_durable_directories(const std::filesystem::path& path, unsigned mode = 0777);

/// Removes a file, link or folder with everything in it. What does not exist is removed already.
/// Never follows a symbolic link; takes away write protection of folders in its way.
Result<> remove_tree(const std::filesystem::path& path);

/// Returns once the names in the folder are on the disk. An empty path is the current folder.
Result<> sync_directory(const std::filesystem::path& path);

/// Returns once everything written so far to the file system that holds `path` is on the disk.
Result<> sync_filesystem(const std::filesystem::path& path);

}  // namespace swamp::os
