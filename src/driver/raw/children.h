#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "async/task.h"
#include "driver/environment.h"
#include "driver/raw/ending.h"

namespace swamp::driver {

struct Spawned;
class TerminalLender;

/// Where to look for processes that carry marks.
enum class Reach : std::uint8_t {
  adopted,        // among those that came to us when their parents ended
  whole_machine,  // wherever they are: what a process of ours that crashed left behind
};

/// The child processes of this process: those it started, and those it adopted.
///
/// This process becomes a child subreaper: a process whose parents have ended comes to us, and so
/// can be found and ended, and is reaped when it dies. There is one such object in a process,
/// everything that starts processes goes through it (a child started otherwise would be taken for
/// an adopted one), and it outlives them all. Used from one event loop. SIGPIPE is ignored from
/// here on.
class Children {
 public:
  /// `descriptor_limit`: the limit of open files that processes get, where ours was raised; empty:
  /// ours.
  explicit Children(asio::any_io_executor executor,
                    std::optional<std::uint64_t> descriptor_limit = std::nullopt);
  ~Children();
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  /// Ends every process that was started with all these variables in its environment (such as
  /// SWAMP_RUN): TERM, KILL after the grace. Those that we started and that still lead their group
  /// are left to their owners.
  Task<> end_marked(std::map<std::string, std::string> variables, Reach reach, EndOptions options);

  // For the processes themselves.
  Result<Spawned> start(const ProcessSpec& spec);
  void forget(pid_t leader);  // its owner has let it go: to be reaped like an adopted one
  /// Those of the adopted that `choose` wants ended. Reaps the dead.
  std::vector<Target> adopted(
      const std::function<std::optional<Target>(pid_t child)>& choose) const;
  TerminalLender& terminal();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// The group that a child of ours leads, 0 when it leads none. Nobody else can get that number
/// before it is reaped.
pid_t own_group(pid_t child);

}  // namespace swamp::driver
