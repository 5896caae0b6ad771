#pragma once

#include <mutex>
#include <utility>

namespace swamp {

/// A value that several threads use, reachable only under its lock. For the few places where
/// threads meet; nothing that waits may happen inside with().
template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  /// Calls `use(value)` under the lock and gives back what it returns (by value: references must
  /// not escape).
  template <class Use>
  auto with(Use&& use) {
    std::scoped_lock lock(mutex_);
    return std::forward<Use>(use)(value_);
  }

  template <class Use>
  auto with(Use&& use) const {
    std::scoped_lock lock(mutex_);
    return std::forward<Use>(use)(std::as_const(value_));
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace swamp
