#pragma once

#include <memory>

#include "app/directory.h"
#include "app/session.h"
#include "driver/raw/raw_environment.h"
#include "engine/engine_services.h"
#include "vault/vaults.h"

namespace swamp::app {

/// Runs the commands of refresh hooks on the host.
class HostCommands final : public vault::CommandRunner {
 public:
  explicit HostCommands(driver::Environment& host) : host_(host) {}
  Task<std::string> run(std::string command, std::chrono::milliseconds limit) override;

 private:
  driver::Environment& host_;
};

/// Everything that running needs, put together over a session: the host, vaults, locks, the
/// directory. Made within the event loop and used from its thread.
class EngineRoom {
 public:
  struct Options {
    bool last_evaluated = false;  // definitions as they were evaluated last
    std::string command = {};     // this command line, as others read it who wait for our locks
  };
  /// `session` must outlive it.
  static Result<std::unique_ptr<EngineRoom>> open(Session& session, asio::any_io_executor executor,
                                                  Options options);
  ~EngineRoom();
  EngineRoom(const EngineRoom&) = delete;
  EngineRoom& operator=(const EngineRoom&) = delete;

  engine::EngineServices& services();
  vault::Vaults& vaults();
  driver::Environment& host();
  RepositoryDirectory& directory();

  /// Begins to remove the journals of runs that have ended, beside whatever else goes on. The sync
  /// that this takes is waited for when the room closes.
  void retire_journals();

  /// Ends whatever processes an earlier process of this run left behind, wherever they are.
  Task<> end_leftovers(std::string run_id);

 private:
  struct State;
  explicit EngineRoom(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace swamp::app
