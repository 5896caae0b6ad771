#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>

#include "base/result.h"

namespace swamp::os {

/// Whether a write is on the disk when it returns. `none` still survives the end of the process.
enum class Durability : std::uint8_t { none, synced };

/// Permissions of a new file, before the umask.
struct FileMode {
  unsigned bits = 0666;
};
inline constexpr FileMode kPrivateFile{0600};

/// All bytes of a file. Fails with not_found when it does not exist, with invalid_input when it is
/// a folder or has more than `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& path,
                              std::size_t limit = std::numeric_limits<std::size_t>::max());

/// Replaces a file so that readers see the old bytes or the new, whatever happens: writes
/// `.<uuid>.tmp` beside it and renames. On failure the old file is untouched and nothing is left
/// behind. The folder must exist. A file that is replaced passes its permissions on, unless `mode`
/// is given.
Result<> write_file_atomically(const std::filesystem::path& path, std::string_view bytes,
                               Durability durability = Durability::none, FileMode mode = {});

/// Makes a file that appears whole. Fails with conflict, changing nothing, when the name is taken.
Result<> write_new_file(const std::filesystem::path& path, std::string_view bytes,
                        Durability durability = Durability::none, FileMode mode = {});

/// Removes a file or symbolic link; one that does not exist is removed already.
Result<> remove_file(const std::filesystem::path& path);

/// By what an index notices that a file has changed.
struct FileIdentity {
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::uint64_t inode = 0;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// Follows symbolic links. Fails with not_found when nothing is there.
Result<FileIdentity> stat_identity(const std::filesystem::path& path);

}  // namespace swamp::os
