#include "driver/raw/children.h"

#include <csignal>
#include <set>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "async/cancellation.h"
#include "driver/raw/ending.h"
#include "driver/raw/proc_files.h"
#include "driver/raw/spawn.h"
#include "driver/raw/terminal_lender.h"

namespace swamp::driver {
namespace {

/// How long a dead adopted child may lie there. Hundreds of steps may end in that time, and one
/// look serves them all.
constexpr std::chrono::milliseconds kSweepDelay{50};

/// Whether this adopted child was dead, and is gone now.
bool reap_if_dead(pid_t child) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG) == 0 &&
         info.si_pid == child;
}

}  // namespace

pid_t own_group(pid_t child) {
  return ::getpgid(child) == child ? child : 0;
}

/// Shared with handlers that may still be queued when the object is gone.
struct Children::State : std::enable_shared_from_this<State> {
  State(const asio::any_io_executor& executor, std::optional<std::uint64_t> limit)
      : descriptor_limit(limit), changes(executor), sweep_timer(executor) {}

  void watch() {
    changes.async_wait([self = shared_from_this()](boost::system::error_code problem, int) {
      if (problem) return;
      self->plan_sweep();
      self->watch();
    });
  }

  void plan_sweep() {
    if (std::exchange(is_sweep_planned, true)) return;
    sweep_timer.expires_after(kSweepDelay);
    sweep_timer.async_wait([self = shared_from_this()](boost::system::error_code problem) {
      self->is_sweep_planned = false;
      if (!problem) self->sweep();
    });
  }

  void sweep() {
    (void)living_adopted();
    if (!terminal.has_terminal()) return;
    const std::set<pid_t> groups = leaders;  // lending may change it
    for (const pid_t leader : groups) {
      siginfo_t info{};
      if (::waitid(P_PID, static_cast<id_t>(leader), &info, WSTOPPED | WNOHANG) == 0 &&
          info.si_pid == leader) {
        terminal.on_stopped(leader, info.si_status);
      }
    }
  }

  std::vector<pid_t> living_adopted() const {
    std::vector<pid_t> living;
    bool has_reaped = true;
    // One that died after it was listed has just handed over its own children: look again.
    while (std::exchange(has_reaped, false)) {
      living.clear();
      for (const pid_t child : children_of_this_process()) {
        if (leaders.contains(child)) continue;
        if (reap_if_dead(child)) {
          has_reaped = true;
        } else {
          living.push_back(child);
        }
      }
    }
    return living;
  }

  std::vector<Target> adopted(const std::function<std::optional<Target>(pid_t)>& choose) const {
    std::vector<Target> targets;
    std::vector<pid_t> seen;
    // One that died while we looked at it matched nothing any more, but may have handed over
    // children that do.
    do {
      seen = living_adopted();
      for (const pid_t child : seen) {
        if (const auto target = choose(child)) targets.push_back(*target);
      }
    } while (targets.empty() && living_adopted() != seen);
    return targets;
  }

  std::vector<Target> marked(const std::vector<std::string>& marks, Reach reach) const {
    if (reach == Reach::adopted) {
      return adopted([&](pid_t child) -> std::optional<Target> {
        if (!carries_marks(child, marks)) return std::nullopt;
        return Target{.pid = child, .group = own_group(child)};
      });
    }
    std::vector<Target> targets;
    (void)living_adopted();
    for (const pid_t process : all_processes()) {
      const bool is_ours = process == ::getpid() || leaders.contains(process);
      if (!is_ours && carries_marks(process, marks)) targets.push_back({.pid = process});
    }
    return targets;
  }

  std::optional<std::uint64_t> descriptor_limit;
  asio::signal_set changes;
  asio::steady_timer sweep_timer;
  bool is_sweep_planned = false;
  std::set<pid_t> leaders;  // those we started and have not reaped
  TerminalLender terminal;
};

Children::Children(asio::any_io_executor executor, std::optional<std::uint64_t> descriptor_limit)
    : state_(std::make_shared<State>(executor, descriptor_limit)) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::signal(SIGPIPE, SIG_IGN);
  boost::system::error_code ignored;  // SIGCHLD is a signal that can be caught
  state_->changes.add(SIGCHLD, ignored);
  state_->watch();
}

Children::~Children() {
  state_->changes.cancel();
  state_->sweep_timer.cancel();
}

Result<Spawned> Children::start(const ProcessSpec& spec) {
  auto child = spawn(spec, state_->descriptor_limit);
  if (child) state_->leaders.insert(child->pid);
  return child;
}

void Children::forget(pid_t leader) {
  state_->leaders.erase(leader);
  if (!reap_if_dead(leader)) state_->plan_sweep();
}

std::vector<Target> Children::adopted(
    const std::function<std::optional<Target>(pid_t)>& choose) const {
  return state_->adopted(choose);
}

TerminalLender& Children::terminal() {
  return state_->terminal;
}

Task<> Children::end_marked(std::map<std::string, std::string> variables, Reach reach,
                            EndOptions options) {
  std::vector<std::string> marks;
  for (const auto& [name, value] : variables)
    marks.push_back(fmt::format("{}={}", name, value));
  std::function<std::vector<Target>()> find = [state = state_, marks, reach] {
    return state->marked(marks, reach);
  };
  co_return co_await shielded(end_all(std::move(find), options));
}

}  // namespace swamp::driver
