#include "driver/raw/raw_environment.h"

#include <filesystem>

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "driver/raw/leaders.h"
#include "driver/raw/raw_process.h"
#include "driver/raw/spawn.h"
#include "os/copy_tree.h"

namespace swamp::driver {

struct RawEnvironment::State {
  asio::any_io_executor executor;
  Options options;
  std::shared_ptr<Leaders> leaders = std::make_shared<Leaders>();
};

RawEnvironment::RawEnvironment(asio::any_io_executor executor, Options options)
    : state_(std::make_shared<State>()) {
  state_->executor = std::move(executor);
  state_->options = std::move(options);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  // Children inherit these two: see spawn(). For ourselves they mean that taking the terminal back does not stop us.
  ::signal(SIGTTIN, SIG_IGN);
  ::signal(SIGTTOU, SIG_IGN);
}

RawEnvironment::~RawEnvironment() = default;

Task<std::unique_ptr<Process>> RawEnvironment::start(ProcessSpec spec) {
  std::filesystem::path directory = spec.directory.empty() ? state_->options.directory : spec.directory;
  if (directory.empty()) directory = ".";
  if (directory.is_relative() && !state_->options.directory.empty()) directory = state_->options.directory / directory;
  const bool has_terminal = state_->options.give_terminal && spec.input == Input::inherited && ::isatty(0) != 0;
  SWAMP_CO_TRY(auto child, spawn(spec, directory.string(), has_terminal));
  co_return std::make_unique<RawProcess>(state_->executor, std::move(child), std::move(spec), state_->leaders,
                                         has_terminal);
}

Task<> RawEnvironment::put(std::filesystem::path on_host, std::string path) {
  co_return os::copy_tree(on_host, path);
}

Task<> RawEnvironment::fetch(std::string path, std::filesystem::path on_host) {
  co_return os::copy_tree(path, on_host);
}

Task<> RawEnvironment::close() {
  for (const pid_t leader : state_->leaders->all()) {
    ::kill(-leader, SIGKILL);
  }
  state_->leaders->reap_adopted();
  co_return Result<>{};
}

}  // namespace swamp::driver
