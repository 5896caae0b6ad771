#pragma once

#include <map>
#include <memory>
#include <string>

#include "async/blocking_pool.h"
#include "driver/environment.h"
#include "driver/raw/children.h"

namespace swamp::driver {

/// The host itself: processes are children of this one, each leads a group of its own.
///
/// Ending a process also ends what left its group: descendants whose parents are gone come to this
/// process and are known by the values of SWAMP_RUN and SWAMP_STEP in their environment. What a
/// succeeded process leaves behind is left alone (see Children::end_marked). One that reads from
/// the terminal gets the terminal.
class RawEnvironment final : public Environment {
 public:
  struct Options {
    std::string directory = {};  // of processes that name none; empty: that of this process
    std::map<std::string, std::string> env = {};  // added to the variables of this process
  };

  /// `children` and `pool` must outlive it. Files are copied in the pool.
  RawEnvironment(asio::any_io_executor executor, Children& children, BlockingPool& pool,
                 Options options);
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
