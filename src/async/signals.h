#pragma once

#include <memory>
#include <span>

#include "async/task.h"

namespace swamp {

/// The signals that the user or the machine sends to swamp itself, as events. While it lives these
/// signals do not have their default effect. Used from one executor.
class Signals {
 public:
  /// Such as SIGINT, SIGTERM, SIGHUP, SIGWINCH. Fails when a number is not that of a signal one can
  /// catch.
  static Result<Signals> open(asio::any_io_executor executor, std::span<const int> numbers);

  Signals(Signals&&) noexcept;
  Signals& operator=(Signals&&) noexcept;
  ~Signals();

  /// Waits for the next one and gives its number; those that came while nobody waited are kept.
  Task<int> next();

 private:
  struct State;
  explicit Signals(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

}  // namespace swamp
