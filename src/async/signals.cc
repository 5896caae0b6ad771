#include "async/signals.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "async/cancellation.h"
#include "async/timeout.h"

namespace swamp {

struct Signals::State {
  explicit State(const asio::any_io_executor& executor) : set(executor) {}

  asio::signal_set set;
};

Signals::Signals(std::shared_ptr<State> state) : state_(std::move(state)) {}
Signals::Signals(Signals&&) noexcept = default;
Signals& Signals::operator=(Signals&&) noexcept = default;
Signals::~Signals() {
  if (state_) state_->set.cancel();
}

Result<Signals> Signals::open(asio::any_io_executor executor, std::span<const int> numbers) {
  auto state = std::make_shared<State>(executor);
  for (const int number : numbers) {
    boost::system::error_code problem;
    state->set.add(number, problem);
    if (problem) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("cannot catch signal {}: {}", number, problem.message()));
    }
  }
  return Signals(std::move(state));
}

Task<int> Signals::next() {
  const auto state = state_;
  const bool is_unwanted = co_await is_cancelled();
  if (is_unwanted) co_return fail(cancelled_error());
  boost::system::error_code problem;
  const int number =
      co_await state->set.async_wait(asio::redirect_error(asio::use_awaitable, problem));
  if (problem) co_return fail(cancelled_error());
  co_return number;
}

}  // namespace swamp
