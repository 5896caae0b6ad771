#include "os/copy_tree.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/clock.h"
#include "os/descriptor.h"
#include "os/directory.h"
#include "os/safe_path.h"
#include "os/system_error.h"

namespace swamp::os {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kPermissions = 07777;

Result<> copy_entry(const fs::path& from, const fs::path& to);

/// Lets the kernel move the bytes (some file systems share them); falls back to moving them here.
Result<> copy_bytes(const Descriptor& source, const Descriptor& target, const fs::path& from,
                    const fs::path& to) {
  constexpr std::size_t kMost = std::size_t{1} << 30;
  for (;;) {
    const ssize_t moved = ::copy_file_range(source.get(), nullptr, target.get(), nullptr, kMost, 0);
    if (moved < 0 && errno == EINTR) continue;
    if (moved < 0) break;
    // Files of /proc are empty for copy_file_range; reading tells whether this is the end.
    if (moved == 0) break;
  }
  std::string block(std::size_t{128} * 1024, '\0');
  for (;;) {
    const ssize_t got =
        retry_interrupted([&] { return ::read(source.get(), block.data(), block.size()); });
    if (got < 0) return fail(system_error(errno, "copy", from));
    if (got == 0) return {};
    const std::string_view bytes(block.data(), static_cast<std::size_t>(got));
    SWAMP_CHECK(write_all(target, bytes, to));
  }
}

/// A name beside `to` under which something is made ready.
fs::path hidden_beside(const fs::path& to) {
  return to.parent_path() / fmt::format(".{}.tmp", random_ids().uuid());
}

/// Gives what is ready at `hidden` its name, or removes it.
Result<> reveal(const fs::path& hidden, const fs::path& to) {
  if (::rename(hidden.c_str(), to.c_str()) == 0) return {};
  const int problem = errno;
  ::unlink(hidden.c_str());
  if (problem == EISDIR) {
    return fail(ErrorCode::conflict,
                fmt::format("cannot write the file '{}': a folder is there", to.native()));
  }
  return fail(system_error(problem, "write", to));
}

Result<> copy_file(const fs::path& from, const fs::path& to, const struct stat& status) {
  SWAMP_TRY(const Descriptor source, open_descriptor(from, O_RDONLY | O_NOFOLLOW, "copy"));
  const fs::path hidden = hidden_beside(to);
  SWAMP_TRY(const Descriptor target,
            open_descriptor(hidden, O_WRONLY | O_CREAT | O_EXCL, "write", 0600));
  auto copied = copy_bytes(source, target, from, to);
  const timespec times[] = {status.st_atim, status.st_mtim};
  if (copied && (::fchmod(target.get(), status.st_mode & kPermissions) != 0 ||
                 ::futimens(target.get(), times) != 0)) {
    copied = fail(system_error(errno, "write", to));
  }
  if (!copied) {
    ::unlink(hidden.c_str());
    return copied;
  }
  return reveal(hidden, to);
}

Result<> copy_link(const fs::path& from, const fs::path& to) {
  std::error_code problem;
  const fs::path points_at = fs::read_symlink(from, problem);
  if (problem) return fail(system_error(problem.value(), "copy", from));
  const fs::path hidden = hidden_beside(to);
  if (::symlink(points_at.c_str(), hidden.c_str()) != 0)
    return fail(system_error(errno, "write", to));
  return reveal(hidden, to);
}

Result<> make_writable_folder(const fs::path& to) {
  // Not its final permissions yet: a folder that forbids writing could not be filled.
  if (::mkdir(to.c_str(), 0700) == 0) return {};
  struct stat there {};
  if (errno == EEXIST && ::lstat(to.c_str(), &there) == 0) {
    if (S_ISDIR(there.st_mode)) return {};
    return fail(ErrorCode::conflict,
                fmt::format("cannot make the folder '{}': a file is there", to.native()));
  }
  return fail(system_error(errno, "make folder", to));
}

Result<> copy_folder(const fs::path& from, const fs::path& to, const struct stat& status) {
  SWAMP_TRY(auto entries, list_directory(from));
  SWAMP_CHECK(make_writable_folder(to));
  for (const DirectoryEntry& entry : entries) {
    SWAMP_CHECK(copy_entry(from / entry.name, to / entry.name));
  }
  const timespec times[] = {status.st_atim, status.st_mtim};
  if (::chmod(to.c_str(), status.st_mode & kPermissions) != 0 ||
      ::utimensat(AT_FDCWD, to.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) {
    return fail(system_error(errno, "write", to));
  }
  return {};
}

Result<> copy_entry(const fs::path& from, const fs::path& to) {
  struct stat status {};
  if (::lstat(from.c_str(), &status) != 0) return fail(system_error(errno, "copy", from));
  if (S_ISREG(status.st_mode)) return copy_file(from, to, status);
  if (S_ISLNK(status.st_mode)) return copy_link(from, to);
  if (S_ISDIR(status.st_mode)) return copy_folder(from, to, status);
  return fail(ErrorCode::invalid_input,
              fmt::format("cannot copy '{}': it is a socket, a device or a FIFO", from.native()),
              "leave it out of what is copied");
}

/// `a/` means `a`.
fs::path without_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

Result<> copy_tree(const fs::path& from, const fs::path& to) {
  const fs::path source = without_slash(from);
  const fs::path target = without_slash(to);
  struct stat status {};
  if (::lstat(source.c_str(), &status) != 0) return fail(system_error(errno, "copy", source));
  if (S_ISDIR(status.st_mode)) {
    SWAMP_TRY(const bool is_inside, lies_within(source, target));
    if (is_inside) {
      return fail(ErrorCode::invalid_input, fmt::format("cannot copy '{}' into itself, to '{}'",
                                                        source.native(), target.native()));
    }
  }
  if (target.has_parent_path()) SWAMP_CHECK(make_directories(target.parent_path()));
  return copy_entry(source, target);
}

}  // namespace swamp::os
