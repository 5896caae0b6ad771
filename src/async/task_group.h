#pragma once

#include <memory>

#include "async/task.h"

namespace swamp {

/// A set of tasks that cannot outlive the scope that started them.
///
/// The first child to fail stops its siblings. When the owner itself is cancelled, so are the
/// children. All members are used from one executor.
class TaskGroup {
 public:
  explicit TaskGroup(asio::any_io_executor executor);
  ~TaskGroup();  // every child must have been joined
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts `task` beside the caller, not before the caller waits. It always runs, at least up to
  /// its first wait.
  void spawn(Task<> task);

  /// How many children still run.
  std::size_t running() const;

  /// Waits until at least one child has ended that ended after the last call; at once when none is
  /// left. Fails with the group's first error, or with code cancelled when the owner is; join() is
  /// still to be called then.
  Task<> next();

  /// Waits until no child is left. Fails with the group's first error.
  Task<> join();

  /// Asks every running child to stop. They stop at their next wait. That they then fail with code
  /// cancelled is not an error of the group.
  void cancel();

 private:
  struct State;
  static Task<> wait(std::shared_ptr<State> state, bool for_all);
  static asio::awaitable<void> run_child(std::shared_ptr<State> state, Task<> task);

  std::shared_ptr<State> state_;
};

}  // namespace swamp
