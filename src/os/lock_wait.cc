#include "os/lock_wait.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <memory>
#include <pthread.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "async/cancellation.h"
#include "async/event.h"
#include "os/kernel_lock.h"
#include "os/system_error.h"

namespace swamp::os {
namespace {

/// Interrupts a thread that waits for a lock. Its handler does nothing: what counts is that fcntl
/// returns.
int wake_signal() {
  return SIGRTMIN + 3;
}

void install_wake_handler() {
  static const bool is_installed = [] {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    return ::sigaction(wake_signal(), &action, nullptr) == 0;  // without SA_RESTART
  }();
  (void)is_installed;
}

/// Shared by the waiting task and its thread.
struct Wait {
  Wait(const asio::any_io_executor& executor, int lock_fd, LockMode wanted)
      : fd(lock_fd), mode(wanted), ended(executor), loop(asio::make_work_guard(executor)) {}

  const int fd;
  const LockMode mode;
  std::atomic<bool> is_abandoned = false;
  int problem = 0;  // errno of the thread; read after it was joined
  Event ended;
  asio::executor_work_guard<asio::any_io_executor> loop;
};

void wait_in_thread(const std::shared_ptr<Wait>& wait) {
  struct flock record = whole_file(wait->mode);
  int result = 0;
  do {
    result = ::fcntl(wait->fd, F_OFD_SETLKW, &record);
  } while (result != 0 && errno == EINTR && !wait->is_abandoned);
  wait->problem = result == 0 ? 0 : errno;
  // The loop gets the last reference, so that the event ends on its own thread.
  auto executor = wait->loop.get_executor();
  asio::post(executor, [wait] { wait->ended.set(); });
}

/// Starts the thread with every other signal blocked: those of the process are for its main thread.
Result<std::thread> start_thread(const std::shared_ptr<Wait>& wait) {
  sigset_t others;
  sigset_t before;
  ::sigfillset(&others);
  ::sigdelset(&others, wake_signal());
  ::pthread_sigmask(SIG_SETMASK, &others, &before);
  Result<std::thread> thread =
      fail(ErrorCode::unavailable, "cannot start a thread to wait for a lock");
  try {
    thread = std::thread(wait_in_thread, wait);
  } catch (const std::system_error&) {
    // The error is there already.
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

/// Ends a wait that nobody wants any more.
///
/// A signal alone could come just before the thread enters fcntl and be lost. So the descriptor is
/// first made to lead to a file that cannot be locked for writing and that nobody else locks: a
/// thread that has not entered yet returns at once, one that has is interrupted by the signal.
void abandon(Wait& wait, std::thread& thread, const Descriptor& nothing) {
  wait.is_abandoned = true;
  ::dup3(nothing.get(), wait.fd, O_CLOEXEC);
  ::pthread_kill(thread.native_handle(), wake_signal());
  thread.join();
}

}  // namespace

Task<> wait_for_kernel_lock(Descriptor& fd, LockMode mode, std::filesystem::path path) {
  install_wake_handler();
  // Opened before the wait, since ending it may not fail.
  SWAMP_CO_TRY(const Descriptor nothing, open_descriptor("/dev/null", O_RDONLY, "open"));
  auto executor = co_await asio::this_coro::executor;
  const auto wait = std::make_shared<Wait>(executor, fd.get(), mode);
  SWAMP_CO_TRY(std::thread thread, start_thread(wait));
  const auto ended = co_await wait->ended.wait();
  if (!ended) {
    abandon(*wait, thread, nothing);
    co_return fail(ended.error());
  }
  thread.join();
  if (wait->problem != 0) co_return fail(system_error(wait->problem, "lock", path));
  co_return Result<>{};
}

}  // namespace swamp::os
