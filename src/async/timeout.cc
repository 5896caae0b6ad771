#include "async/timeout.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "async/cancellation.h"
#include "async/task_group.h"
#include "base/duration.h"

namespace swamp {
namespace {

/// Shared with the timer's handler, which may still be queued when the task has ended.
struct Limit {
  TaskGroup* group = nullptr;  // null once the task has ended
  bool has_passed = false;
};

}  // namespace

Task<> within(std::chrono::milliseconds limit, Task<> task) {
  auto executor = co_await asio::this_coro::executor;
  TaskGroup group(executor);
  group.spawn(std::move(task));

  auto state = std::make_shared<Limit>();
  state->group = &group;
  asio::steady_timer timer(executor, limit);
  timer.async_wait([state](boost::system::error_code problem) {
    if (problem || state->group == nullptr) return;
    state->has_passed = true;
    state->group->cancel();
  });

  auto result = co_await group.join();
  state->group = nullptr;
  if (state->has_passed)
    co_return fail(ErrorCode::timed_out, fmt::format("timed out after {}", to_human(limit)));
  co_return result;
}

Task<> sleep_for(std::chrono::milliseconds time) {
  const bool is_unwanted = co_await is_cancelled();
  if (is_unwanted) co_return fail(cancelled_error());
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  boost::system::error_code problem;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, problem));
  if (problem) co_return fail(cancelled_error());
  co_return Result<>{};
}

asio::awaitable<bool> is_cancelled() {
  auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

}  // namespace swamp
