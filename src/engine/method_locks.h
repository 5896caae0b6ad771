#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "async/task.h"
#include "model/type.h"

namespace swamp::engine {

/// The two locks of every model instance, between processes and within this one.
///
/// The *instance lock* is taken first: exclusively by methods of kind create, update and delete, shared by all others;
/// it is never upgraded. The *data mutex* comes second and is taken by methods that read and change their own data, so
/// that read-change-write is never lost. Both are the kernel's (open-file-description locks), so they go with the process;
/// a wait is woken, never polled, and ends with code name `lock_timeout` after the limit, naming the holder.
///
/// Who calls another model's method from within a method hands its own Held down: what its chain holds is not taken
/// again. Used from the event loop's thread.
class MethodLocks {
 public:
  struct Options {
    std::filesystem::path folder;  // one small file an instance and lock; made at first need
    std::filesystem::path data;    // where a live `.lock` of the original would lie
    std::chrono::milliseconds limit{60'000};
  };
  explicit MethodLocks(Options options);
  ~MethodLocks();
  MethodLocks(const MethodLocks&) = delete;
  MethodLocks& operator=(const MethodLocks&) = delete;

  /// What a call holds until it is destroyed.
  class Held {
   public:
    Held() = default;
    Held(Held&&) noexcept = default;
    Held& operator=(Held&&) noexcept = default;

   private:
    friend class MethodLocks;
    std::shared_ptr<void> instance_;
    std::shared_ptr<void> data_;
  };

  /// What to take for a method of a type.
  struct Need {
    bool exclusive = false;  // the instance lock
    bool data_mutex = false;
  };
  static Need need_of(const model::Type& type, const model::Method& method);

  /// Takes both locks of `type`/`id` as needed. `on_wait` is called once when there is somebody to wait for.
  Task<Held> take(std::string type, std::string id, Need need, std::function<void(std::string_view)> on_wait);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace swamp::engine
