#include "os/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include "os/system_error.h"

namespace swamp::os {

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
  const int fd = retry_interrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); });
  if (fd < 0) return fail(system_error(errno, verb, path));
  return Descriptor(fd);
}

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(system_error(errno, "make a pipe"));
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

tl::expected<void, int> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        retry_interrupted([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (written < 0) return tl::unexpected(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace swamp::os
