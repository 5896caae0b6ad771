#pragma once

#include <cstddef>
#include <functional>
#include <list>

namespace swamp::engine {

/// How many steps of this process run at once, over all its runs: the machine's limit, or
/// SWAMP_MAX_CONCURRENT_STEPS. Used from the event loop's thread.
class StepSlots {
 public:
  explicit StepSlots(std::size_t limit) : limit_(limit) {}

  std::size_t free() const { return limit_ > used_ ? limit_ - used_ : 0; }
  void take() { ++used_; }
  void give() {
    --used_;
    for (const auto& wake : waiters_) {
      wake();
    }
  }

  /// Calls `wake` whenever a slot is given back, until the place is returned.
  using Place = std::list<std::function<void()>>::iterator;
  Place add_waiter(std::function<void()> wake) {
    return waiters_.insert(waiters_.end(), std::move(wake));
  }
  void remove_waiter(Place place) { waiters_.erase(place); }

 private:
  std::size_t limit_;
  std::size_t used_ = 0;
  std::list<std::function<void()>> waiters_;
};

}  // namespace swamp::engine
