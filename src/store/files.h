#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <utility>
#include <vector>

#include "base/result.h"

namespace swamp::store {

// The few system calls of the store, each made once and no more often than needed: on the way of
// every step a call counts. Errors name the path; absence is told apart from failure.

/// An open descriptor, closed when it goes; always O_CLOEXEC.
class File {
 public:
  File() = default;
  explicit File(int fd) : fd_(fd) {}
  ~File() { close(); }
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept;

  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  void close();

 private:
  int fd_ = -1;
};

/// What went wrong with `path`, from errno: `cannot write '…': no space left on device`.
Error file_error(std::string_view verb, const std::filesystem::path& path, int error);

/// Opens with these flags (O_CLOEXEC is added), mode 0644. Empty when there is nothing at `path`.
Result<std::optional<File>> open_if_there(const std::filesystem::path& path, int flags);
/// The same; that there is nothing is an error with code not_found, that there is something
/// (O_EXCL) code conflict.
Result<File> open_file(const std::filesystem::path& path, int flags);

Result<> write_all(const File& file, std::string_view bytes, const std::filesystem::path& path);
Result<std::string> read_all(const File& file, const std::filesystem::path& path);

/// A whole file; empty when there is none.
Result<std::optional<std::string>> read_if_there(const std::filesystem::path& path);

/// Makes a file that must not exist; conflict when it does.
Result<> write_new(const std::filesystem::path& path, std::string_view bytes);

enum class Overwrite : std::uint8_t { no, yes };
/// Writes beside `path` and renames, so that others see all of it or nothing. Folders above must
/// exist. With Overwrite::no an existing file is left alone and the result is false.
Result<bool> write_whole(const std::filesystem::path& path, std::string_view bytes,
                         Overwrite overwrite);

enum class Made : std::uint8_t { now, before };
/// Makes a folder, and those above it where they are missing.
Result<Made> make_folder(const std::filesystem::path& path);

/// Removes a file; whether it was there.
Result<bool> remove_file(const std::filesystem::path& path);
/// Removes a folder with all that is in it.
Result<> remove_tree(const std::filesystem::path& path);

/// Empty when there is nothing, or nothing that may be looked at.
std::optional<struct ::stat> stat_of(const std::filesystem::path& path);
std::int64_t mtime_ns(const struct ::stat& status);

/// Names of the entries of a folder, unsorted; none when it is absent.
enum class EntryKind : std::uint8_t { folder, file, link, other };
struct FolderEntry {
  std::string name;
  EntryKind kind;
};
std::vector<FolderEntry> list_folder(const std::filesystem::path& path);

/// Syncs the content of a file, and the folder in which it is entered.
Result<> sync_file(const std::filesystem::path& path);

}  // namespace swamp::store
