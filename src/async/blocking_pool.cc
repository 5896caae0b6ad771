#include "async/blocking_pool.h"

#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "async/event.h"

namespace swamp {

struct BlockingPool::Threads {
  explicit Threads(unsigned limit) : most(limit) {}

  void add(std::function<void()> job) {
    std::unique_lock lock(mutex);
    // Threads come when there is work: most commands need none, and starting one costs as much as a
    // small job.
    if (jobs.size() + 1 > idle && threads.size() < most) start_thread();
    if (threads.empty()) {  // the machine has none for us: the caller waits instead
      lock.unlock();
      return job();
    }
    jobs.push_back(std::move(job));
    changed.notify_one();
  }

  /// Where the machine refuses one, those that there are do the work.
  void start_thread() {
    // Signals are for the loop's thread: here a handler would only interrupt system calls.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      threads.emplace_back([this] { serve(); });
    } catch (const std::system_error&) {
      // As said above.
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void serve() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      changed.wait(lock, [this] { return !jobs.empty() || is_closing; });
      --idle;
      if (jobs.empty()) return;
      auto job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      job();
      job = nullptr;  // what it captured goes here, not under the lock
      lock.lock();
    }
  }

  void close() {
    {
      std::scoped_lock lock(mutex);
      is_closing = true;
    }
    changed.notify_all();
    for (std::thread& thread : threads)
      thread.join();
  }

  const unsigned most;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> jobs;
  std::vector<std::thread> threads;
  std::size_t idle = 0;
  bool is_closing = false;
};

BlockingPool::BlockingPool(unsigned threads)
    : threads_(std::make_unique<Threads>(threads == 0 ? 1 : threads)) {}

BlockingPool::~BlockingPool() {
  threads_->close();
}

asio::awaitable<void> BlockingPool::run_job(std::function<void()> job) {
  auto executor = co_await asio::this_coro::executor;
  auto ended = std::make_shared<Event>(executor);
  // The guard keeps the loop alive while nothing else waits; both travel back with the answer.
  auto work = asio::make_work_guard(executor);
  threads_->add([job = std::move(job), ended, executor, work = std::move(work)]() mutable {
    job();
    job = nullptr;
    // The guard's own executor counts as work of the loop, which may be gone once this is posted.
    asio::post(executor, [ended = std::move(ended), work = std::move(work)] { ended->set(); });
  });
  co_await ended->wait_regardless();
}

}  // namespace swamp
