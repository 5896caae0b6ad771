#include "async/cancellation.h"

#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "async/event.h"

namespace swamp {
namespace {

struct Shield {
  explicit Shield(const asio::any_io_executor& executor) : ended(executor) {}

  Event ended;
  Result<> result = {};
};

asio::awaitable<void> run_behind(std::shared_ptr<Shield> shield, Task<> task) {
  co_await asio::this_coro::throw_if_cancelled(false);
  try {
    shield->result = co_await std::move(task);
  } catch (...) {
    shield->result = fail(error_of_current_exception());
  }
  shield->ended.set();
}

}  // namespace

Error cancelled_error() {
  return {.code = ErrorCode::cancelled, .message = "cancelled"};
}

asio::awaitable<void> acknowledge_cancellation() {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
}

Task<> shielded(Task<> task) {
  auto executor = co_await asio::this_coro::executor;
  auto shield = std::make_shared<Shield>(executor);
  asio::co_spawn(executor, run_behind(shield, std::move(task)), [](std::exception_ptr) {});
  co_await shield->ended.wait_regardless();
  co_return std::move(shield->result);
}

Error error_of_current_exception() {
  try {
    throw;
  } catch (const boost::system::system_error& problem) {
    if (problem.code() == asio::error::operation_aborted) return cancelled_error();
    return {.code = ErrorCode::unavailable, .message = problem.code().message()};
  } catch (const std::exception& problem) {
    return {.code = ErrorCode::internal, .message = problem.what()};
  }
}

}  // namespace swamp
