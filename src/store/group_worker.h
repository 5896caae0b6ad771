#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace swamp::store {

/// Whether an item is worked off at once, or may wait a while for others to share its group.
enum class Urgency : std::uint8_t { at_once, may_wait };

/// A thread that works off what others hand it, all that has come up at a time, in order. Started
/// by the first item; destroying the worker waits until everything is done.
template <class Item>
class GroupWorker {
 public:
  using Work = std::function<void(std::vector<Item> group)>;

  /// A group that may wait is begun `patience` after its first item, or once it has `kFull`.
  explicit GroupWorker(Work work, std::chrono::milliseconds patience = {})
      : work_(std::move(work)), patience_(patience) {}

  ~GroupWorker() {
    {
      std::scoped_lock lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  GroupWorker(const GroupWorker&) = delete;
  GroupWorker& operator=(const GroupWorker&) = delete;

  /// Never waits for the work, unless the machine has no thread for it: then the caller does it.
  void push(Item item, Urgency urgency = Urgency::at_once) {
    bool changes_something = false;
    {
      std::scoped_lock lock(mutex_);
      changes_something = items_.empty();
      items_.push_back(std::move(item));
      if (!thread_.joinable() && !start_thread()) return work_(std::exchange(items_, {}));
      if (!is_due_ && (urgency == Urgency::at_once || items_.size() >= kFull))
        changes_something = is_due_ = true;
    }
    if (changes_something) changed_.notify_one();
  }

 private:
  static constexpr std::size_t kFull = 256;

  bool start_thread() {
    try {
      thread_ = std::thread([this] { serve(); });
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }

  void serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return !items_.empty() || closing_; });
      if (items_.empty()) return;
      changed_.wait_for(lock, patience_, [this] { return is_due_ || closing_; });
      std::vector<Item> group = std::exchange(items_, {});
      is_due_ = false;
      lock.unlock();
      work_(std::move(group));
      lock.lock();
    }
  }

  const Work work_;
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Item> items_;
  bool is_due_ = false;  // they need not wait for others any more
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace swamp::store
