#include "os/lock_table.h"

#include <list>
#include <map>
#include <string>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "async/event.h"
#include "async/timeout.h"
#include "base/duration.h"
#include "os/lock_wait.h"

namespace swamp::os {
namespace {

namespace fs = std::filesystem;

struct Request {
  Request(const asio::any_io_executor& executor, LockMode wanted)
      : mode(wanted), is_next(executor) {}

  const LockMode mode;
  Event is_next;  // set when it may turn to the kernel
};

Error out_of_time(const fs::path& path, std::chrono::milliseconds limit) {
  const auto holder = read_lock_holder(path);
  return {.code = ErrorCode::timed_out,
          .message =
              fmt::format("gave up waiting for the lock '{}' after {}: {} holds it", path.native(),
                          to_human(limit), holder ? holder->to_string() : "another process"),
          .hint = "wait until it has ended, or stop it"};
}

/// Takes the lock from the kernel, waiting for other processes.
Task<Descriptor> take_from_kernel(
    fs::path path, LockMode mode,
    std::function<void(const std::optional<LockHolder>&)> on_contended) {
  for (;;) {
    SWAMP_CO_TRY(Descriptor fd, open_lock_file(path));
    SWAMP_CO_TRY(const bool is_locked, try_kernel_lock(fd, mode, path));
    if (!is_locked) {
      if (auto tell = std::exchange(on_contended, nullptr)) tell(read_lock_holder(path));
      SWAMP_CO_CHECK(co_await wait_for_kernel_lock(fd, mode, path));
    }
    if (is_still_at(fd, path)) co_return fd;
  }
}

}  // namespace

/// Who holds and who wants one lock file in this process. The first in line takes it from the
/// kernel alone, so that at most one thread waits for a file.
struct LockTable::Line {
  using Requests = std::list<std::shared_ptr<Request>>;

  bool is_idle() const { return waiting.empty() && shared_holders == 0 && !is_held_exclusively; }

  void call_next() {
    if (is_first_called || waiting.empty()) return;
    const LockMode wanted = waiting.front()->mode;
    if (is_held_exclusively || (wanted == LockMode::exclusive && shared_holders > 0)) return;
    is_first_called = true;
    waiting.front()->is_next.set();
  }

  void leave(Requests::iterator request) {
    if ((*request)->is_next.is_set()) is_first_called = false;
    waiting.erase(request);
    call_next();
  }

  void hold(LockMode mode) {
    if (mode == LockMode::exclusive) is_held_exclusively = true;
    if (mode == LockMode::shared) ++shared_holders;
  }

  void release(LockMode mode) {
    if (mode == LockMode::exclusive) is_held_exclusively = false;
    if (mode == LockMode::shared) --shared_holders;
    call_next();
  }

  Requests waiting;
  bool is_first_called = false;
  int shared_holders = 0;
  bool is_held_exclusively = false;
};

struct LockTable::State : std::enable_shared_from_this<State> {
  static Task<FileLock> take(std::shared_ptr<State> state, fs::path path, LockMode mode,
                             LockWait wait);

  void forget_if_idle(const std::string& name) {
    const auto found = lines.find(name);
    if (found != lines.end() && found->second.is_idle()) lines.erase(found);
  }

  std::map<std::string, Line> lines;  // by absolute path; those that somebody holds or wants
};

/// A task's place in a line, first as one who waits, then as one who holds. Ends with the lock.
struct LockTable::Turn {
  Turn(std::shared_ptr<State> table, std::string line_name, std::shared_ptr<Request> wanted)
      : state(std::move(table)),
        name(std::move(line_name)),
        request(std::move(wanted)),
        line(&state->lines[name]) {
    place = line->waiting.insert(line->waiting.end(), request);
    line->call_next();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (is_holding) {
      line->release(request->mode);
    } else {
      line->leave(place);
    }
    state->forget_if_idle(name);
  }

  void hold() {
    is_holding = true;
    line->hold(request->mode);
    line->leave(place);
  }

  std::shared_ptr<State> state;
  std::string name;
  std::shared_ptr<Request> request;
  Line* line;
  Line::Requests::iterator place;
  bool is_holding = false;
};

Task<FileLock> LockTable::State::take(std::shared_ptr<State> state, fs::path path, LockMode mode,
                                      LockWait wait) {
  auto request = std::make_shared<Request>(co_await asio::this_coro::executor, mode);
  auto turn = std::make_shared<Turn>(state, path.native(), request);
  SWAMP_CO_CHECK(co_await request->is_next.wait());
  SWAMP_CO_TRY(Descriptor fd, co_await take_from_kernel(path, mode, std::move(wait.on_contended)));
  turn->hold();
  FileLock lock(std::move(path), std::move(fd));
  lock.turn_ = std::move(turn);
  co_return lock;
}

LockTable::LockTable() : state_(std::make_shared<State>()) {}
LockTable::~LockTable() = default;

Task<FileLock> LockTable::lock(fs::path path, LockMode mode, LockWait wait) {
  const auto state = state_;
  const auto limit = wait.limit;
  path = fs::absolute(path).lexically_normal();
  auto taking = State::take(state, path, mode, std::move(wait));
  if (!limit) co_return co_await std::move(taking);
  auto lock = co_await within(*limit, std::move(taking));
  if (!lock && lock.error().code == ErrorCode::timed_out) co_return fail(out_of_time(path, *limit));
  co_return lock;
}

}  // namespace swamp::os
