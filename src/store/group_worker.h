#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace swamp::store {

/// A thread that works off what others hand it, all that has come up at a time, in order. Started
/// by the first item; destroying the worker waits until everything is done.
template <class Item>
class GroupWorker {
 public:
  using Work = std::function<void(std::vector<Item> group)>;

  explicit GroupWorker(Work work) : work_(std::move(work)) {}

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
  void push(Item item) {
    {
      std::scoped_lock lock(mutex_);
      items_.push_back(std::move(item));
      if (!thread_.joinable() && !start_thread()) return work_(std::exchange(items_, {}));
    }
    changed_.notify_one();
  }

 private:
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
      std::vector<Item> group = std::exchange(items_, {});
      lock.unlock();
      work_(std::move(group));
      lock.lock();
    }
  }

  const Work work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Item> items_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace swamp::store
