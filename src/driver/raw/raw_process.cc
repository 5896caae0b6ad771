#include "driver/raw/raw_process.h"

#include <cerrno>
#include <csignal>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "async/cancellation.h"
#include "async/event.h"
#include "async/timeout.h"
#include "driver/raw/ending.h"
#include "driver/raw/output_streams.h"
#include "driver/raw/proc_files.h"
#include "driver/raw/spawn.h"
#include "driver/raw/terminal_lender.h"
#include "os/system_error.h"

namespace swamp::driver {
namespace {

/// The `NAME=value` texts by which a process is known that left its group.
std::vector<std::string> marks_of(const ProcessSpec& spec) {
  std::vector<std::string> marks;
  for (const char* name : {"SWAMP_RUN", "SWAMP_STEP"}) {
    const auto found = spec.env.find(name);
    if (found == spec.env.end()) return {};
    marks.push_back(found->first + "=" + found->second);
  }
  return marks;
}

/// How the leader ended; leaves it as it is.
std::optional<Exit> look_at_exit(pid_t pid) {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0)
    return std::nullopt;
  if (info.si_pid == 0) return std::nullopt;
  if (info.si_code == CLD_EXITED) return Exit{.code = info.si_status};
  return Exit{.code = 128 + info.si_status, .signal = info.si_status};
}

}  // namespace

struct RawProcess::State : std::enable_shared_from_this<State> {
  State(asio::any_io_executor executor, Children& all, const ProcessSpec& spec, Spawned child)
      : children(&all),
        pid(child.pid),
        marks(marks_of(spec)),
        pidfd(executor, child.pidfd.release()),
        input(executor),
        output(executor, std::move(child.out), std::move(child.err)),
        exited(executor),
        end_done(executor) {
    if (child.in.is_open()) input.assign(child.in.release());
  }

  void watch_exit() {
    pidfd.async_wait(asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](boost::system::error_code problem) {
                       if (!problem && !self->is_released) self->note_exit();
                     });
  }

  void note_exit() {
    if (exit) return;
    exit = look_at_exit(pid);
    if (!exit) return;
    children->terminal().on_ended(pid, exit->signal);
    exited.set();
  }

  /// What is left to be ended: the leader, those of its group and those that left it which have
  /// come to us. Others still have a parent among these, and come to us when that ends.
  std::vector<Target> remaining() {
    if (is_released) return {};
    note_exit();
    const bool is_led = !exit;
    auto targets = children->adopted([this](pid_t child) -> std::optional<Target> {
      if (::getpgid(child) == pid) return Target{.pid = child, .group = pid};
      if (!carries_marks(child, marks)) return std::nullopt;
      return Target{.pid = child, .group = own_group(child)};
    });
    if (is_led) targets.push_back({.pid = pid, .group = pid});
    return targets;
  }

  /// The owner lets it go: ends the group unless the leader was waited for, and gives the number
  /// back.
  void release() {
    is_released = true;
    if (!was_waited_for) ::kill(-pid, SIGKILL);
    if (!exit) children->terminal().on_ended(pid, 0);
    boost::system::error_code ignored;
    pidfd.close(ignored);
    input.close(ignored);
    children->forget(pid);
    end_done.set();
  }

  Children* children;
  const pid_t pid;
  const std::vector<std::string> marks;
  asio::posix::stream_descriptor pidfd;
  asio::posix::stream_descriptor input;
  OutputStreams output;
  std::optional<Exit> exit;
  Event exited;
  bool was_waited_for = false;
  bool is_ending = false;
  bool is_released = false;
  Event end_done;
  Result<> end_result;
};

Result<std::unique_ptr<RawProcess>> RawProcess::start(asio::any_io_executor executor,
                                                      Children& children, const ProcessSpec& spec) {
  SWAMP_TRY(Spawned child, children.start(spec));
  auto state = std::make_shared<State>(std::move(executor), children, spec, std::move(child));
  state->watch_exit();
  return std::unique_ptr<RawProcess>(new RawProcess(std::move(state)));
}

RawProcess::~RawProcess() {
  state_->release();
}

Task<> RawProcess::write(std::string bytes) {
  const auto state = state_;
  if (!state->input.is_open())
    co_return fail(ErrorCode::invalid_input, "the process takes no input");
  const bool is_unwanted = co_await is_cancelled();
  if (is_unwanted) co_return fail(cancelled_error());
  boost::system::error_code problem;
  co_await asio::async_write(state->input, asio::buffer(bytes),
                             asio::redirect_error(asio::use_awaitable, problem));
  if (problem == asio::error::operation_aborted) co_return fail(cancelled_error());
  if (problem.value() == EPIPE)
    co_return fail(ErrorCode::unavailable, "the process has closed its standard input");
  if (problem) co_return fail(os::system_error(problem.value(), "write to a process"));
  co_return Result<>{};
}

void RawProcess::close_input() {
  boost::system::error_code ignored;
  state_->input.close(ignored);
}

Task<std::optional<Chunk>> RawProcess::read() {
  return state_->output.next();
}

Task<Exit> RawProcess::wait() {
  const auto state = state_;
  SWAMP_CO_CHECK(co_await state->exited.wait());
  state->was_waited_for = true;
  co_return *state->exit;
}

Task<> RawProcess::end(EndOptions options) {
  return end(state_, options);
}

Task<> RawProcess::end(std::shared_ptr<State> state, EndOptions options) {
  if (!state->is_released && !std::exchange(state->is_ending, true)) {
    std::function<std::vector<Target>()> find = [state] { return state->remaining(); };
    state->end_result = co_await shielded(end_all(std::move(find), options));
    state->end_done.set();
  }
  co_await state->end_done.wait_regardless();
  co_return state->end_result;
}

}  // namespace swamp::driver
