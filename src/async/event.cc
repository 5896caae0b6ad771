#include "async/event.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "async/cancellation.h"
#include "async/timeout.h"

namespace swamp {

struct Event::State {
  explicit State(const asio::any_io_executor& executor)
      : woken(executor, asio::steady_timer::time_point::max()) {}

  asio::awaitable<void> wait_once() {
    boost::system::error_code ignored;  // the timer only ever ends by being cancelled
    co_await woken.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  asio::steady_timer woken;
  bool is_set = false;
  bool is_gone = false;
};

Event::Event(asio::any_io_executor executor) : state_(std::make_shared<State>(executor)) {}

Event::~Event() {
  state_->is_gone = true;
  state_->woken.cancel();
}

void Event::set() {
  state_->is_set = true;
  state_->woken.cancel();
}

void Event::reset() {
  state_->is_set = false;
}

bool Event::is_set() const {
  return state_->is_set;
}

Task<> Event::wait() {
  const auto state = state_;  // the event may go while we wait
  // A wait that begins after the request to stop would not be woken by it, so ask before each.
  while (!state->is_set) {
    const bool is_unwanted = co_await is_cancelled();
    if (is_unwanted || state->is_gone) co_return fail(cancelled_error());
    co_await state->wait_once();
  }
  co_return Result<>{};
}

asio::awaitable<void> Event::wait_regardless() {
  const auto state = state_;
  while (!state->is_set && !state->is_gone)
    co_await state->wait_once();
}

}  // namespace swamp
