#pragma once

#include <memory>
#include <string>
#include <vector>

#include "driver/environment.h"
#include "driver/raw/children.h"

namespace swamp::driver {

/// A child of this process and the group it leads.
///
/// The leader is not reaped before this object goes: until then its number cannot be given to
/// anybody else, so that a signal to the group never hits a stranger.
class RawProcess final : public Process {
 public:
  /// `children` must outlive it.
  static Result<std::unique_ptr<RawProcess>> start(asio::any_io_executor executor,
                                                   Children& children, const ProcessSpec& spec);
  ~RawProcess() override;

  Task<> write(std::string bytes) override;
  void close_input() override;
  Task<std::optional<Chunk>> read() override;
  Task<Exit> wait() override;
  Task<> end(EndOptions options) override;

  /// What ends it: outlives the object, and then does nothing.
  struct State;
  const std::shared_ptr<State>& state() const { return state_; }
  static Task<> end(std::shared_ptr<State> state, EndOptions options);

 private:
  explicit RawProcess(std::shared_ptr<State> state) : state_(std::move(state)) {}

  std::shared_ptr<State> state_;
};

}  // namespace swamp::driver
