#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "async/task.h"
#include "os/file_lock.h"

namespace swamp::os {

/// How to wait for a lock.
struct LockWait {
  std::optional<std::chrono::milliseconds> limit = std::nullopt;  // empty: for ever
  /// Called once when another process is in the way, with its description if it gave one.
  std::function<void(const std::optional<LockHolder>&)> on_contended = {};
};

/// The locks that the tasks of one process wait for.
///
/// Tasks of this process get a lock in the order in which they asked; shared ones together. Only
/// the first in line waits for other processes, in a thread of its own: it is woken, never polls,
/// and takes no place in any pool. Used from one executor; must outlive the locks it gave.
class LockTable {
 public:
  LockTable();
  ~LockTable();
  LockTable(const LockTable&) = delete;
  LockTable& operator=(const LockTable&) = delete;

  /// Fails with timed_out when the limit passes, naming the holder if known; with cancelled when
  /// the task is.
  Task<FileLock> lock(std::filesystem::path path, LockMode mode, LockWait wait);

 private:
  struct Line;
  struct Turn;
  struct State;

  std::shared_ptr<State> state_;
};

}  // namespace swamp::os
