#pragma once

#include <filesystem>
#include <limits>
#include <optional>
#include <string>
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

/// The same; empty when there is nothing at `path`.
Result<std::optional<Descriptor>> open_if_there(const std::filesystem::path& path, int flags,
                                                std::string_view verb);

/// A pipe, both ends O_CLOEXEC.
struct Pipe {
  Descriptor read;
  Descriptor write;
};
Result<Pipe> make_pipe();

// In what follows `path` is for messages only: what the caller knows the descriptor by.

/// Everything from where the descriptor stands to the end. Fails with invalid_input when that is
/// more than `limit` bytes.
Result<std::string> read_all(const Descriptor& file, const std::filesystem::path& path,
                             std::size_t limit = std::numeric_limits<std::size_t>::max());

/// Writes everything, however many calls that takes.
Result<> write_all(const Descriptor& file, std::string_view bytes,
                   const std::filesystem::path& path);

/// Returns once the content of the file is on the disk.
Result<> sync_content(const Descriptor& file, const std::filesystem::path& path);

}  // namespace swamp::os
