#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "async/event.h"

namespace swamp {

/// A queue of bounded length between tasks of one executor. Who sends faster than the others
/// receive, waits.
template <class T>
class Channel {
 public:
  /// `capacity` is at least 1.
  Channel(asio::any_io_executor executor, std::size_t capacity)
      : state_(std::make_shared<State>(std::move(executor), capacity)) {}
  ~Channel() {
    if (state_) close();
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Waits for room. Fails with code unavailable once the channel is closed, cancelled when the
  /// sender is.
  Task<> send(T value) { return send(state_, std::move(value)); }

  /// For those who would rather lose a value than wait. Whether there was room.
  bool try_send(T value) {
    if (state_->is_closed || state_->values.size() >= state_->capacity) return false;
    state_->push(std::move(value));
    return true;
  }

  /// The next value; empty once the channel is closed and everything sent before has been received.
  Task<std::optional<T>> receive() { return receive(state_); }

  /// Nothing more will be sent. What waits in send() fails.
  void close() {
    state_->is_closed = true;
    state_->readable.set();
    state_->writable.set();
  }

  std::size_t size() const { return state_->values.size(); }

 private:
  struct State {
    State(asio::any_io_executor executor, std::size_t most)
        : capacity(most), readable(executor), writable(executor) {
      writable.set();
    }

    void push(T value) {
      values.push_back(std::move(value));
      readable.set();
      if (values.size() >= capacity && !is_closed) writable.reset();
    }

    T pop() {
      T value = std::move(values.front());
      values.pop_front();
      writable.set();
      if (values.empty() && !is_closed) readable.reset();
      return value;
    }

    const std::size_t capacity;
    std::deque<T> values;
    Event readable;  // set while there is a value, or none will come
    Event writable;  // set while there is room, or none is needed
    bool is_closed = false;
  };

  static Task<> send(std::shared_ptr<State> state, T value) {
    while (!state->is_closed && state->values.size() >= state->capacity) {
      SWAMP_CO_CHECK(co_await state->writable.wait());
    }
    if (state->is_closed)
      co_return fail(ErrorCode::unavailable, "the other side has stopped listening");
    state->push(std::move(value));
    co_return Result<>{};
  }

  static Task<std::optional<T>> receive(std::shared_ptr<State> state) {
    while (!state->is_closed && state->values.empty()) {
      SWAMP_CO_CHECK(co_await state->readable.wait());
    }
    if (state->values.empty()) co_return std::nullopt;
    co_return std::optional<T>(state->pop());
  }

  std::shared_ptr<State> state_;
};

}  // namespace swamp
