#include "os/descriptor.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "os/system_error.h"

namespace swamp::os {
namespace {

int open_retrying(const std::filesystem::path& path, int flags, unsigned mode) {
  return retry_interrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); });
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Descriptor::close() {
  // Linux frees the number even when close is interrupted: a second try could close somebody
  // else's.
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<Descriptor> open_descriptor(const std::filesystem::path& path, int flags,
                                   std::string_view verb, unsigned mode) {
  const int fd = open_retrying(path, flags, mode);
  if (fd < 0) return fail(system_error(errno, verb, path));
  return Descriptor(fd);
}

Result<std::optional<Descriptor>> open_if_there(const std::filesystem::path& path, int flags,
                                                std::string_view verb) {
  const int fd = open_retrying(path, flags, 0666);
  if (fd >= 0) return std::optional(Descriptor(fd));
  if (is_absence(errno)) return std::nullopt;
  return fail(system_error(errno, verb, path));
}

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(system_error(errno, "make a pipe"));
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<std::string> read_all(const Descriptor& file, const std::filesystem::path& path,
                             std::size_t limit) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(system_error(errno, "read", path));
  // Files of /proc and pipes say 0, and a file may grow while it is read: the size is only a first
  // guess. One byte more than it shows the end without another call.
  constexpr std::size_t kBlock = std::size_t{16} * 1024;
  const std::size_t expected = status.st_size > 0 ? static_cast<std::size_t>(status.st_size) : 0;
  std::string bytes;
  std::size_t used = 0;
  std::size_t room = expected > 0 ? expected + 1 : kBlock;
  for (;;) {
    if (used > limit || expected > limit) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("cannot read '{}': it has more than {} bytes", path.native(), limit));
    }
    bytes.resize(used + room);
    const ssize_t got =
        retry_interrupted([&] { return ::read(file.get(), bytes.data() + used, room); });
    if (got < 0) return fail(system_error(errno, "read", path));
    used += static_cast<std::size_t>(got);
    const bool is_as_expected = expected > 0 && used == expected;
    if (got == 0 || is_as_expected) break;
    room = std::max(kBlock, used);
  }
  bytes.resize(used);
  return bytes;
}

Result<> write_all(const Descriptor& file, std::string_view bytes,
                   const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written =
        retry_interrupted([&] { return ::write(file.get(), bytes.data(), bytes.size()); });
    if (written < 0) return fail(system_error(errno, "write", path));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<> sync_content(const Descriptor& file, const std::filesystem::path& path) {
  if (::fdatasync(file.get()) != 0) return fail(system_error(errno, "sync", path));
  return {};
}

}  // namespace swamp::os
