#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace swamp::os {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { close(); }

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void close();

 private:
  int fd_ = -1;
};

/// Opens with O_CLOEXEC. `verb` is for the message: `cannot <verb> '<path>': …`.
Result<Descriptor> open_descriptor(const std::filesystem::path& path, int flags,
                                   std::string_view verb, unsigned mode = 0666);

/// A pipe, both ends O_CLOEXEC.
struct Pipe {
  Descriptor read;
  Descriptor write;
};
Result<Pipe> make_pipe();

/// Writes everything, however many calls that takes. Fails with the bare error number.
tl::expected<void, int> write_all(int fd, std::string_view bytes);

}  // namespace swamp::os
