#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/task.h"
#include "value/value.h"

namespace swamp::driver {

/// What a process gets as its standard input.
enum class Input {
  inherited,  // raw only: what the swamp process itself has
  empty,
  piped,  // written by Process::write
};

/// A process to start. Every expression in it is already a value.
struct ProcessSpec {
  std::vector<std::string> argv;
  // Added to the environment's own variables (raw: the caller's, container: the image's). May hold
  // secrets; they are handed to the process and written nowhere.
  std::map<std::string, std::string> env = {};
  std::string directory = {};  // as seen inside the environment; empty: the environment's default
  Input input = Input::empty;
};

/// How a process ended.
struct Exit {
  int code = 0;    // exit status; 128 + signal when a signal ended it
  int signal = 0;  // 0 when it exited by itself
  bool is_success() const { return code == 0 && signal == 0; }
};

/// Some bytes that a process printed.
struct Chunk {
  enum class Stream : std::uint8_t { out, err };
  Stream stream = Stream::out;
  std::string bytes;
};

/// How to end a process group: TERM, then KILL after the grace.
struct EndOptions {
  std::chrono::milliseconds grace{10'000};
};

/// A running process and the group it leads. Destroying it without wait() ends the whole group.
class Process {
 public:
  virtual ~Process() = default;

  virtual Task<> write(std::string bytes) = 0;  // to its standard input
  virtual void close_input() = 0;

  /// What it printed next, in the order in which the kernel gave it; empty once both streams are
  /// closed.
  virtual Task<std::optional<Chunk>> read() = 0;

  /// Waits until the main process has ended. Its streams may stay open longer (background children
  /// hold them).
  virtual Task<Exit> wait() = 0;

  /// Ends the group and what left it (found by the marks in its environment) and waits for that.
  /// Idempotent.
  virtual Task<> end(EndOptions options) = 0;
};

/// A place where processes run and files can be put and fetched: the host, a container, a pod.
///
/// An environment knows nothing of steps, models or the store. One serves many processes at once.
class Environment {
 public:
  virtual ~Environment() = default;

  /// Fails when the process could not be started (invalid_input for a bad directory or program,
  /// unavailable otherwise). How it ends is for Process::wait() to tell: a command that fails is an
  /// Exit, not an error.
  virtual Task<std::unique_ptr<Process>> start(ProcessSpec spec) = 0;

  /// Copies a file or directory from the host to `path`, or back. Modes and symlinks survive.
  virtual Task<> put(std::filesystem::path on_host, std::string path) = 0;
  virtual Task<> fetch(std::string path, std::filesystem::path on_host) = 0;

  /// Ends whatever still runs and gives the place back.
  virtual Task<> close() = 0;
};

}  // namespace swamp::driver
