#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "os/descriptor.h"
#include "os/kernel_lock.h"

namespace swamp::os {

/// Who holds a lock, as they wrote it into the lock file: `{"pid":…,"host":…,"command":…}`.
struct LockHolder {
  std::int64_t pid = 0;
  std::string host = {};
  std::string command = {};

  /// This process on this machine.
  static LockHolder self(std::string command);

  /// `'swamp workflow run release' (process 4711 on 'build-7')`
  std::string to_string() const;

  friend bool operator==(const LockHolder&, const LockHolder&) = default;
};

/// What the lock file says about its holder; empty when it says nothing, or when that process is
/// gone.
std::optional<LockHolder> read_lock_holder(const std::filesystem::path& path);

/// A lock that is held for as long as the object lives: an open-file-description lock of the
/// kernel, so it ends with the process however that dies, and two locks of one process exclude each
/// other too.
///
/// The lock file is made when it does not exist and never removed: others may be waiting on it.
class FileLock {
 public:
  /// Takes the lock if nobody is in the way; empty otherwise.
  static Result<std::optional<FileLock>> try_lock(const std::filesystem::path& path, LockMode mode);

  FileLock(FileLock&&) noexcept = default;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock() { unlock(); }

  /// Tells those who wait who we are, until the lock is given back. For exclusive locks only.
  Result<> describe(const LockHolder& holder);

  /// Gives the lock back before the object goes.
  void unlock();

 private:
  friend class LockTable;
  FileLock(std::filesystem::path path, Descriptor fd)
      : path_(std::move(path)), fd_(std::move(fd)) {}

  std::filesystem::path path_;
  Descriptor fd_;
  bool is_described_ = false;
  std::shared_ptr<void> turn_;  // of a LockTable; let go after the kernel's lock
};

}  // namespace swamp::os
