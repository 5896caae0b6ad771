#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/descriptor.h"

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

/// The same, and empty when there is no file.
Result<std::optional<std::string>> read_file_if_there(
    const std::filesystem::path& path, std::size_t limit = std::numeric_limits<std::size_t>::max());

/// Replaces a file so that readers see the old bytes or the new, whatever happens: writes
/// `.<uuid>.tmp` beside it and renames. When somebody takes that file away meanwhile
/// (remove_temporary_files), it is written again. On failure the old file is untouched and nothing
/// is left behind. The folder must exist. A file that is replaced passes its permissions on, unless
/// `mode` is given.
Result<> write_file_atomically(const std::filesystem::path& path, std::string_view bytes,
                               Durability durability = Durability::none, FileMode mode = {});

/// Makes a file that appears whole. Fails with conflict, changing nothing, when the name is taken.
Result<> write_new_file(const std::filesystem::path& path, std::string_view bytes,
                        Durability durability = Durability::none, FileMode mode = {});

/// Makes a file that must not exist yet, where nobody looks for it: it does not appear whole, and
/// half of it may stay when this fails.
Result<> make_file(const std::filesystem::path& path, std::string_view bytes);

/// Whether a name is `.<uuid>.tmp`, a file that has not got its own name yet.
bool is_temporary_name(std::string_view name);

/// Removes the files of a folder that have not got their names yet: what writers left there that
/// died. No writer that lives is harmed. A folder that does not exist is clean.
Result<> remove_temporary_files(const std::filesystem::path& folder);

/// Removes a file or symbolic link; one that does not exist is removed already. Returns whether it
/// was there.
Result<bool> remove_file(const std::filesystem::path& path);

/// Returns once the content of a file, and its name in its folder, are on the disk.
Result<> sync_file(const std::filesystem::path& path);

/// By what an index notices that a file has changed.
struct FileIdentity {
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::uint64_t inode = 0;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// Follows symbolic links. Fails with not_found when nothing is there.
Result<FileIdentity> identity_of(const std::filesystem::path& path);
/// Of an open file; `path` is for messages.
Result<FileIdentity> identity_of(const Descriptor& file, const std::filesystem::path& path);
/// Of what bears this name in an open folder; `path`, the folder's, is for messages.
Result<FileIdentity> identity_of(const Descriptor& folder, const std::string& name,
                                 const std::filesystem::path& path);

/// The same; empty when nothing is there, or nothing that may be looked at.
std::optional<FileIdentity> find_identity(const std::filesystem::path& path);
bool exists(const std::filesystem::path& path);

}  // namespace swamp::os
