#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

#include "base/result.h"
#include "os/descriptor.h"
#include "os/directory.h"

namespace swamp::store {

// What the store asks of the file system beyond os: absence is told apart from failure, because
// other processes come and go in the same folders, and nothing is asked twice, because on the way
// of every step a system call counts.

/// Opens with these flags (O_CLOEXEC is added). Empty when there is nothing at `path`.
Result<std::optional<os::Descriptor>> open_if_there(const std::filesystem::path& path, int flags);

Result<> write_all(const os::Descriptor& file, std::string_view bytes,
                   const std::filesystem::path& path);
Result<std::string> read_all(const os::Descriptor& file, const std::filesystem::path& path);

/// A whole file; empty when there is none.
Result<std::optional<std::string>> read_if_there(const std::filesystem::path& path);

/// Makes a file that must not exist, where nobody looks yet: it does not appear whole.
Result<> write_new(const std::filesystem::path& path, std::string_view bytes);

/// Whether it was there.
Result<bool> remove_if_there(const std::filesystem::path& path);

/// Empty when there is nothing, or nothing that may be looked at.
std::optional<struct ::stat> stat_of(const std::filesystem::path& path);
std::int64_t mtime_ns(const struct ::stat& status);

/// The entries of a folder, sorted by name; none when it is absent or may not be looked at.
std::vector<os::DirectoryEntry> list_if_there(const std::filesystem::path& path);

/// Syncs the content of a file, and the folder in which it is entered.
Result<> sync_file(const std::filesystem::path& path);

}  // namespace swamp::store
