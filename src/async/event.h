#pragma once

#include <memory>

#include "async/task.h"

namespace swamp {

/// A flag that tasks wait for: set once, it wakes all who wait and stays set until reset.
/// Used from one executor. Destroying it wakes those who wait, with code cancelled.
class Event {
 public:
  explicit Event(asio::any_io_executor executor);
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void set();
  void reset();
  bool is_set() const;

  /// Fails with code cancelled when the waiting task is cancelled first.
  Task<> wait();

  /// Waits to the end, cancelled or not.
  asio::awaitable<void> wait_regardless();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace swamp
