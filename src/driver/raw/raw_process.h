#pragma once

#include <memory>
#include <optional>
#include <string>

#include "driver/environment.h"
#include "driver/raw/spawn.h"

namespace swamp::driver {

class Leaders;

/// A child of this process and the group it leads.
///
/// The leader is not reaped before the group has been dealt with: until then its id cannot be given to anybody else,
/// so that a signal to the group never hits a stranger.
class RawProcess final : public Process {
 public:
  RawProcess(asio::any_io_executor executor, Spawned child, ProcessSpec spec, std::shared_ptr<Leaders> leaders,
             bool has_terminal);
  ~RawProcess() override;

  Task<> write(std::string bytes) override;
  void close_input() override;
  Task<std::optional<Chunk>> read() override;
  Task<Exit> wait() override;
  Task<> end(EndOptions options) override;

 private:
  struct Streams;

  Task<> end_adopted(std::chrono::steady_clock::time_point patience);
  void take_terminal_back();
  void reap();

  asio::any_io_executor executor_;
  pid_t pid_;
  std::shared_ptr<Streams> streams_;
  std::string run_mark_;   // `SWAMP_RUN=…` as it stands in the environment of everything this process starts
  std::string step_mark_;  // likewise `SWAMP_STEP=…`
  std::shared_ptr<Leaders> leaders_;
  std::optional<Exit> exit_;
  bool has_terminal_;
  bool reaped_ = false;
  bool ended_ = false;
};

}  // namespace swamp::driver
