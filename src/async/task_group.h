#pragma once

#include <memory>

#include "async/task.h"

namespace swamp {

/// A set of tasks that cannot outlive the scope that started them.
///
/// The first child to fail stops its siblings. When the owner itself is cancelled, so are the children. All members
/// are used from one executor.
class TaskGroup {
 public:
  explicit TaskGroup(asio::any_io_executor executor);
  ~TaskGroup();  // every child must have been joined
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts `task` beside the caller.
  void spawn(Task<> task);

  /// How many children still run.
  std::size_t running() const;

  /// Waits until one more child has ended. Fails with the group's first error.
  Task<> next();

  /// Waits until no child is left. Fails with the group's first error.
  Task<> join();

  /// Asks every running child to stop. They stop at their next wait.
  void cancel();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace swamp
