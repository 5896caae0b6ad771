#include "driver/raw/ending.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <map>
#include <set>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "async/cancellation.h"
#include "async/task_group.h"
#include "async/timeout.h"
#include "os/descriptor.h"
#include "os/system_error.h"

namespace swamp::driver {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatienceAfterKill{5};

// The header of glibc 2.36 declares these two for C only.
int pidfd_open(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}
void pidfd_send_signal(int pidfd, int signal) {
  ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0);
}

/// A process held by its pidfd: signals to it reach nobody else, even when its number is given
/// away.
struct Quarry {
  os::Descriptor pidfd;
  pid_t group = 0;
};
using Quarries = std::map<pid_t, Quarry>;

/// Sends TERM at most once to each: some programs take a second one for impatience.
class Signaller {
 public:
  void tell(const Quarries& quarries, int signal) {
    for (const auto& [pid, quarry] : quarries) {
      const pid_t whom = quarry.group != 0 ? -quarry.group : pid;
      if (signal == SIGTERM && !told_.insert(whom).second) continue;
      send(quarry, signal);
      // One that is stopped would sleep through its end.
      if (signal == SIGTERM) send(quarry, SIGCONT);
    }
  }

 private:
  static void send(const Quarry& quarry, int signal) {
    if (quarry.group != 0) {
      ::kill(-quarry.group, signal);
    } else {
      pidfd_send_signal(quarry.pidfd.get(), signal);
    }
  }

  std::set<pid_t> told_;  // groups as negative numbers
};

Task<> wait_for_end(asio::any_io_executor executor, int pidfd) {
  const bool is_unwanted = co_await is_cancelled();
  if (is_unwanted) co_return fail(cancelled_error());
  const os::Descriptor own(::fcntl(pidfd, F_DUPFD_CLOEXEC, 3));
  if (!own.is_open()) co_return fail(os::system_error(errno, "watch a process"));
  asio::posix::stream_descriptor watch(executor, own.get());
  boost::system::error_code problem;
  co_await watch.async_wait(asio::posix::stream_descriptor::wait_read,
                            asio::redirect_error(asio::use_awaitable, problem));
  watch.release();
  if (problem) co_return fail(cancelled_error());
  co_return Result<>{};
}

/// Waits until one of them has ended.
Task<> wait_for_any(const Quarries& quarries) {
  auto executor = co_await asio::this_coro::executor;
  TaskGroup group(executor);
  for (const auto& [pid, quarry] : quarries) {
    group.spawn(wait_for_end(executor, quarry.pidfd.get()));
  }
  auto ended = co_await group.next();
  group.cancel();
  auto joined = co_await group.join();
  co_return ended ? joined : ended;
}

/// Brings the list up to date; what cannot be watched any more has ended.
void update(Quarries& quarries, const std::vector<Target>& targets) {
  std::erase_if(quarries, [&](const auto& entry) {
    return std::none_of(targets.begin(), targets.end(),
                        [&](const Target& t) { return t.pid == entry.first; });
  });
  for (const Target& target : targets) {
    if (quarries.contains(target.pid)) continue;
    os::Descriptor pidfd(pidfd_open(target.pid));
    if (pidfd.is_open()) {
      quarries.emplace(target.pid, Quarry{.pidfd = std::move(pidfd), .group = target.group});
    } else if (errno != ESRCH) {
      ::kill(target.pid, SIGKILL);  // no descriptor left to watch it by: it gets no grace
    }
  }
}

}  // namespace

Task<> end_all(std::function<std::vector<Target>()> find, EndOptions options) {
  const auto kill_at = Clock::now() + options.grace;
  const auto give_up_at = kill_at + kPatienceAfterKill;
  Quarries quarries;
  Signaller signaller;
  for (;;) {
    update(quarries, find());
    if (quarries.empty()) co_return Result<>{};
    const auto now = Clock::now();
    if (now >= give_up_at) {
      co_return fail(
          ErrorCode::unavailable,
          fmt::format("process {} does not end although it was killed", quarries.begin()->first),
          "it hangs in the kernel, as on a network file system that does not answer");
    }
    const bool is_over = now >= kill_at;
    signaller.tell(quarries, is_over ? SIGKILL : SIGTERM);
    const auto limit =
        std::chrono::ceil<std::chrono::milliseconds>((is_over ? give_up_at : kill_at) - now);
    auto waited = co_await within(limit, wait_for_any(quarries));
    if (!waited && waited.error().code != ErrorCode::timed_out) co_return fail(waited.error());
  }
}

}  // namespace swamp::driver
