#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "async/task.h"
#include "model/type.h"
#include "os/file_lock.h"
#include "os/lock_table.h"

namespace swamp::engine {

/// The two locks of every model instance, between processes and within this one.
///
/// The *instance lock* is taken first: exclusively by methods of kind create, update and delete,
/// shared by all others; it is never upgraded. The *data mutex* comes second and is taken by
/// methods that read and change their own data, so that read-change-write is never lost. Both are
/// the kernel's (open-file-description locks), so they go with the process; a wait is woken, never
/// polled, and ends with code name `lock_timeout` after the limit, naming the holder.
///
/// A call from within a method does not take again what its callers hold
/// (MethodCall::held_by_callers). Used from the event loop's thread.
class MethodLocks {
 public:
  struct Options {
    std::filesystem::path folder;  // one small file an instance and lock; made at first need
    std::filesystem::path data;    // where a live `.lock` of the original would lie
    std::chrono::milliseconds limit{60'000};
    std::string command;  // ours, as others shall read it when they wait for us
  };
  explicit MethodLocks(Options options);
  MethodLocks(const MethodLocks&) = delete;
  MethodLocks& operator=(const MethodLocks&) = delete;

  /// What a call holds until it is destroyed.
  struct Held {
    std::optional<os::FileLock> instance = std::nullopt;
    std::optional<os::FileLock> data = std::nullopt;
  };

  void set_limit(std::chrono::milliseconds limit) { options_.limit = limit; }

  /// What to take for a method of a type.
  struct Need {
    bool exclusive = false;  // the instance lock
    bool data_mutex = false;
  };
  static Need need_of(const model::Type& type, const model::Method& method);

  /// Takes both locks of `type`/`id` as needed. `on_wait` is called once when there is somebody to
  /// wait for.
  Task<Held> take(std::string type, std::string id, Need need,
                  std::function<void(std::string_view)> on_wait);

 private:
  Task<os::FileLock> take_one(std::filesystem::path path, os::LockMode mode,
                              std::function<void(std::string_view)> on_wait);
  Task<> honour_original(std::string type, std::string id,
                         std::function<void(std::string_view)> on_wait);

  Options options_;
  os::LockTable table_;
  bool folder_made_ = false;
  std::set<std::string> seen_;  // instances whose lock of the original has been looked at
};

}  // namespace swamp::engine
