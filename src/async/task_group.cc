#include "async/task_group.h"

#include <cassert>
#include <exception>
#include <list>
#include <optional>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "async/cancellation.h"
#include "async/timeout.h"

namespace swamp {

/// Shared with the children's completion handlers, which may run after an owner that was unwound.
struct TaskGroup::State {
  using Child = std::shared_ptr<asio::cancellation_signal>;

  explicit State(asio::any_io_executor on)
      : executor(std::move(on)), changed(executor, asio::steady_timer::time_point::max()) {}

  void cancel() {
    is_stopping = true;
    const std::list<Child> asked = running;  // a child that ends meanwhile leaves the list
    for (const Child& child : asked)
      child->emit(asio::cancellation_type::terminal);
  }

  void note(const Result<>& result) {
    if (result || first_error) return;
    if (is_stopping && result.error().code == ErrorCode::cancelled) return;
    first_error = result.error();
    cancel();
  }

  asio::any_io_executor executor;
  asio::steady_timer changed;  // never expires; cancelled whenever a child has ended
  std::list<Child> running;
  std::size_t unseen = 0;  // children that ended since the last next()
  std::optional<Error> first_error;
  bool is_stopping = false;
};

TaskGroup::TaskGroup(asio::any_io_executor executor)
    : state_(std::make_shared<State>(std::move(executor))) {}

TaskGroup::~TaskGroup() {
  assert(state_->running.empty() || std::uncaught_exceptions() > 0);
  state_->cancel();
}

std::size_t TaskGroup::running() const {
  return state_->running.size();
}

void TaskGroup::cancel() {
  state_->cancel();
}

Task<> TaskGroup::next() {
  return wait(state_, false);
}

Task<> TaskGroup::join() {
  return wait(state_, true);
}

void TaskGroup::spawn(Task<> task) {
  const auto state = state_;
  const auto child = std::make_shared<asio::cancellation_signal>();
  const auto place = state->running.insert(state->running.end(), child);
  // Asio calls this once the child's frame is gone, so that join() means that nothing of it is
  // left.
  auto ended = [state, child, place](std::exception_ptr escaped) {
    if (escaped) state->note(fail(cancelled_error()));  // cancelled before its first line
    state->running.erase(place);
    ++state->unseen;
    state->changed.cancel();
  };
  asio::co_spawn(state->executor, run_child(state, std::move(task)),
                 asio::bind_cancellation_slot(child->slot(), std::move(ended)));
  if (state->is_stopping) child->emit(asio::cancellation_type::terminal);
}

asio::awaitable<void> TaskGroup::run_child(std::shared_ptr<State> state, Task<> task) {
  // By default a cancelled coroutine throws at its next co_await; ours answer with an error.
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await asio::post(state->executor, asio::use_awaitable);
  try {
    state->note(co_await std::move(task));
  } catch (...) {
    state->note(fail(error_of_current_exception()));
  }
}

Task<> TaskGroup::wait(std::shared_ptr<State> state, bool for_all) {
  co_await asio::this_coro::throw_if_cancelled(false);
  bool is_told = false;
  while (!state->running.empty() && (for_all || state->unseen == 0)) {
    const bool is_unwanted = co_await is_cancelled();
    if (is_unwanted && !is_told) {
      is_told = true;
      for_all = true;  // the owner is going away: it may not leave a child behind
      state->cancel();
      continue;
    }
    boost::system::error_code ignored;
    co_await state->changed.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  state->unseen = 0;
  if (state->first_error) co_return fail(*state->first_error);
  if (is_told) co_return fail(cancelled_error());
  co_return Result<>{};
}

}  // namespace swamp
