#pragma once

#include <memory>

#include "driver/environment.h"

namespace swamp::driver {

/// The host itself: processes are children of this one, each leads a group of its own.
///
/// This process becomes a child subreaper, so that what leaves a group and loses its parent comes to us and can be
/// ended: it is known by the values of SWAMP_RUN and SWAMP_STEP in its environment. What a succeeded process leaves
/// behind is left alone. Used from one event loop; processes must not outlive the environment.
class RawEnvironment final : public Environment {
 public:
  struct Options {
    std::string directory = {};  // default for processes; empty: that of this process
    /// A process that inherits a terminal as its input becomes the terminal's foreground group, as a shell would do
    /// it: for a single command that a person talks to. Others that read from the terminal get an error.
    bool give_terminal = false;
  };
  RawEnvironment(asio::any_io_executor executor, Options options);
  ~RawEnvironment() override;

  Task<std::unique_ptr<Process>> start(ProcessSpec spec) override;
  Task<> put(std::filesystem::path on_host, std::string path) override;
  Task<> fetch(std::string path, std::filesystem::path on_host) override;
  Task<> close() override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace swamp::driver
