#pragma once

#include <memory>
#include <optional>

#include "async/task.h"
#include "driver/environment.h"
#include "os/descriptor.h"

namespace swamp::driver {

/// The two pipes that a process prints to. Nothing is read ahead: a process that prints faster than
/// it is read waits.
class OutputStreams {
 public:
  /// The descriptors must not block.
  OutputStreams(asio::any_io_executor executor, os::Descriptor out, os::Descriptor err);
  ~OutputStreams();
  OutputStreams(const OutputStreams&) = delete;
  OutputStreams& operator=(const OutputStreams&) = delete;

  /// What came next, at most 64 KiB; empty once both pipes are closed. What is there already is
  /// given even to a task that was cancelled.
  Task<std::optional<Chunk>> next();

 private:
  struct State;
  static Task<std::optional<Chunk>> next(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

}  // namespace swamp::driver
