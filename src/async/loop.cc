#include "async/loop.h"

#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include "async/cancellation.h"

namespace swamp {
namespace {

asio::awaitable<void> run_root(Task<> task, std::optional<Result<>>& result) {
  co_await asio::this_coro::throw_if_cancelled(false);
  try {
    result = co_await std::move(task);
  } catch (...) {
    result = fail(error_of_current_exception());
  }
}

}  // namespace

Result<> run_loop(Task<> task) {
  std::optional<Result<>> result;
  asio::io_context loop(1);
  // What the task left behind (a signal source, an expired timer) must not hold the loop.
  asio::co_spawn(loop, run_root(std::move(task), result), [&](std::exception_ptr) { loop.stop(); });
  loop.run();
  if (!result)
    return fail(ErrorCode::internal, "the main task waits for something that cannot come");
  return *std::move(result);
}

}  // namespace swamp
