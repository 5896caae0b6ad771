#pragma once

#include <functional>
#include <memory>

#include "async/task.h"

namespace swamp {

/// Threads for what blocks: SQLite, fsync, hashing of large files. Never for waiting on a lock.
/// Safe from any thread; destroying it waits for what runs.
class BlockingPool {
 public:
  explicit BlockingPool(unsigned threads);
  ~BlockingPool();
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  /// Runs `work` on a thread of the pool and comes back to the caller's executor with what it
  /// returned. Work that has begun is always finished, even when the caller was cancelled
  /// meanwhile.
  template <class T>
  Task<T> run(std::function<Result<T>()> work) {
    auto slot = std::make_shared<std::optional<Result<T>>>();
    std::function<void()> job = [slot, work = std::move(work)] { slot->emplace(work()); };
    co_await run_job(std::move(job));
    co_return *std::move(*slot);
  }

 private:
  asio::awaitable<void> run_job(std::function<void()> job);

  struct Threads;
  std::unique_ptr<Threads> threads_;
};

}  // namespace swamp
