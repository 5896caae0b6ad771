#include "driver/raw/raw_process.h"

#include <array>
#include <cerrno>
#include <deque>

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "async/cancellation.h"
#include "async/event.h"
#include "async/timeout.h"
#include "driver/raw/leaders.h"
#include "os/system_error.h"

namespace swamp::driver {
namespace {

constexpr std::size_t kChunk = 64 * 1024;

/// How the leader ended, when it has; leaves it for reap().
std::optional<Exit> look_at_exit(pid_t pid) {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) {
    return std::nullopt;
  }
  if (info.si_code == CLD_EXITED) return Exit{.code = info.si_status};
  return Exit{.code = 128 + info.si_status, .signal = info.si_status};
}

Task<> wait_readable(asio::posix::stream_descriptor& descriptor) {
  boost::system::error_code problem;
  co_await descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                                 asio::redirect_error(asio::use_awaitable, problem));
  if (problem == asio::error::operation_aborted) co_return fail(cancelled_error());
  if (problem) co_return fail(os::system_error(problem.value(), "wait for a process"));
  co_return Result<>{};
}

}  // namespace

/// The parent's ends. Both output pipes are watched at once; what arrives is queued, and a pipe is watched again only
/// when the queue is empty, so that a process which prints faster than it is read waits. Shared with handlers that may
/// still be queued when the process object is gone.
struct RawProcess::Streams : std::enable_shared_from_this<Streams> {
  struct Source {
    asio::posix::stream_descriptor pipe;
    Chunk::Stream name;
    bool watched = false;
  };

  Streams(asio::any_io_executor executor, Spawned child)
      : sources{Source{asio::posix::stream_descriptor(executor, child.out.release()), Chunk::Stream::out},
                Source{asio::posix::stream_descriptor(executor, child.err.release()), Chunk::Stream::err}},
        pidfd(executor, child.pidfd.release()),
        input(executor),
        arrived(executor) {
    if (child.in.is_open()) input.assign(child.in.release());
  }

  bool is_open() const { return sources[0].pipe.is_open() || sources[1].pipe.is_open(); }

  void watch() {
    for (Source& source : sources) {
      if (source.watched || !source.pipe.is_open()) continue;
      source.watched = true;
      source.pipe.async_wait(asio::posix::stream_descriptor::wait_read,
                             [self = shared_from_this(), &source](boost::system::error_code problem) {
                               source.watched = false;
                               if (!problem) self->take(source);
                             });
    }
  }

  void take(Source& source) {
    std::string bytes(kChunk, '\0');
    const auto size = os::retry_interrupted(
        [&] { return ::read(source.pipe.native_handle(), bytes.data(), bytes.size()); });
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return watch();
    if (size <= 0) {
      boost::system::error_code ignored;
      source.pipe.close(ignored);
    } else {
      bytes.resize(static_cast<std::size_t>(size));
      queue.push_back({source.name, std::move(bytes)});
    }
    arrived.set();
  }

  void close() {
    boost::system::error_code ignored;
    for (Source& source : sources) {
      source.pipe.close(ignored);
    }
    pidfd.close(ignored);
    input.close(ignored);
  }

  std::array<Source, 2> sources;
  asio::posix::stream_descriptor pidfd;
  asio::posix::stream_descriptor input;
  std::deque<Chunk> queue;
  Event arrived;
};

RawProcess::RawProcess(asio::any_io_executor executor, Spawned child, ProcessSpec spec,
                       std::shared_ptr<Leaders> leaders, bool has_terminal)
    : executor_(executor),
      pid_(child.pid),
      streams_(std::make_shared<Streams>(executor, std::move(child))),
      leaders_(std::move(leaders)),
      has_terminal_(has_terminal) {
  const auto mark = [&](const char* name) {
    auto found = spec.env.find(name);
    return found == spec.env.end() ? std::string() : found->first + "=" + found->second;
  };
  run_mark_ = mark("SWAMP_RUN");
  step_mark_ = mark("SWAMP_STEP");
  leaders_->add(pid_);
}

RawProcess::~RawProcess() {
  // Nobody waited: whatever still runs must not go on unseen.
  if (!exit_) ::kill(-pid_, SIGKILL);
  take_terminal_back();
  reap();
  streams_->close();
}

Task<> RawProcess::write(std::string bytes) {
  if (!streams_->input.is_open()) {
    co_return fail(ErrorCode::invalid_input, "the process takes no input");
  }
  boost::system::error_code problem;
  co_await asio::async_write(streams_->input, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, problem));
  if (problem == asio::error::operation_aborted) co_return fail(cancelled_error());
  if (problem) co_return fail(os::system_error(problem.value(), "write to a process"));
  co_return Result<>{};
}

void RawProcess::close_input() {
  boost::system::error_code ignored;
  streams_->input.close(ignored);
}

Task<std::optional<Chunk>> RawProcess::read() {
  while (streams_->queue.empty()) {
    if (!streams_->is_open()) co_return std::optional<Chunk>();
    streams_->arrived.reset();
    streams_->watch();
    SWAMP_CO_CHECK(co_await streams_->arrived.wait());
  }
  std::optional<Chunk> chunk = std::move(streams_->queue.front());
  streams_->queue.pop_front();
  co_return chunk;
}

Task<Exit> RawProcess::wait() {
  while (!exit_) {
    exit_ = look_at_exit(pid_);
    if (!exit_) SWAMP_CO_CHECK(co_await wait_readable(streams_->pidfd));
  }
  take_terminal_back();
  co_return *exit_;
}

Task<> RawProcess::end(EndOptions options) {
  if (ended_) co_return Result<>{};
  const auto patience = std::chrono::steady_clock::now() + options.grace;
  ::kill(-pid_, SIGTERM);
  // A stopped group would sleep through its end.
  ::kill(-pid_, SIGCONT);
  if (!exit_) {
    auto ended = co_await within(options.grace, wait_readable(streams_->pidfd));
    if (!ended && ended.error().code != ErrorCode::timed_out) co_return fail(ended.error());
    if (!ended) ::kill(-pid_, SIGKILL);
    SWAMP_CO_TRY(exit_, co_await wait());
  }
  SWAMP_CO_CHECK(co_await end_adopted(patience));
  // The leader's id is still taken, so this reaches only what is left of its group.
  ::kill(-pid_, SIGKILL);
  ended_ = true;
  co_return Result<>{};
}

/// Ends what lost its parents to us: as long as there is patience with TERM, then with KILL. One that goes may hand
/// over children of its own, so it is looked again until nothing is left.
Task<> RawProcess::end_adopted(std::chrono::steady_clock::time_point patience) {
  std::set<pid_t> asked;
  while (true) {
    leaders_->reap_adopted();
    std::optional<pid_t> next;
    for (const pid_t child : leaders_->adopted()) {
      if (!belongs_to(child, pid_, run_mark_, step_mark_)) continue;
      if (asked.insert(child).second) ::kill(child, SIGTERM);
      if (!next) next = child;
    }
    if (!next) co_return Result<>{};
    asio::posix::stream_descriptor pidfd(executor_, static_cast<int>(::syscall(SYS_pidfd_open, *next, 0)));
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(patience - std::chrono::steady_clock::now());
    auto ended = co_await within(std::max(left, std::chrono::milliseconds(1)), wait_readable(pidfd));
    if (ended) continue;
    if (ended.error().code != ErrorCode::timed_out) co_return fail(ended.error());
    ::kill(*next, SIGKILL);
    SWAMP_CO_CHECK(co_await wait_readable(pidfd));
  }
}

void RawProcess::take_terminal_back() {
  if (!has_terminal_) return;
  has_terminal_ = false;
  ::tcsetpgrp(0, ::getpgrp());  // allowed from the background because SIGTTOU is ignored
}

void RawProcess::reap() {
  if (reaped_) return;
  reaped_ = true;
  siginfo_t ignored{};
  ::waitid(P_PID, static_cast<id_t>(pid_), &ignored, WEXITED);
  leaders_->remove(pid_);
}

}  // namespace swamp::driver
