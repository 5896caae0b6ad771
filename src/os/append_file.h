#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "os/descriptor.h"
#include "os/file.h"

namespace swamp::os {

/// A file that only grows at its end, such as a journal. One writer at a time; the caller sees to
/// that.
class AppendFile {
 public:
  /// Makes the file when it does not exist.
  static Result<AppendFile> open(const std::filesystem::path& path, FileMode mode = {});

  /// Appends all bytes or none: when it fails, what was written of them is cut off again.
  Result<> append(std::string_view bytes);

  /// Returns once everything appended is on the disk.
  Result<> sync();

  /// Cuts the file to its first `size` bytes, as after a crash that left half a record.
  Result<> truncate(std::uint64_t size);

  std::uint64_t size() const { return size_; }

 private:
  AppendFile(std::filesystem::path path, Descriptor fd, std::uint64_t size)
      : path_(std::move(path)), fd_(std::move(fd)), size_(size) {}

  std::filesystem::path path_;
  Descriptor fd_;
  std::uint64_t size_;
};

}  // namespace swamp::os
