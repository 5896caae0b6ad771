#include "driver/raw/raw_environment.h"

#include <filesystem>
#include <functional>
#include <vector>

#include <boost/asio/this_coro.hpp>

#include "async/cancellation.h"
#include "async/task_group.h"
#include "driver/raw/raw_process.h"
#include "os/copy_tree.h"

namespace swamp::driver {

namespace fs = std::filesystem;

struct RawEnvironment::State {
  asio::any_io_executor executor;
  Children& children;
  BlockingPool& pool;
  Options options;
  bool is_closed = false;
  std::vector<std::weak_ptr<RawProcess::State>> processes = {};
  std::size_t tidy_at = 64;

  /// A path as our processes see it, as we see it.
  std::string resolve(const std::string& path) const {
    if (options.directory.empty()) return path;
    return path.empty() ? options.directory : (fs::path(options.directory) / path).string();
  }

  void remember(const RawProcess& process) {
    if (processes.size() >= tidy_at) {
      std::erase_if(processes, [](const auto& known) { return known.expired(); });
      tidy_at = 2 * processes.size() + 64;
    }
    processes.push_back(process.state());
  }
};

namespace {

Task<> copy(BlockingPool& pool, fs::path from, fs::path to) {
  std::function<Result<>()> work = [from = std::move(from), to = std::move(to)] {
    return os::copy_tree(from, to);
  };
  co_return co_await pool.run(std::move(work));
}

Task<> end_each(std::vector<std::weak_ptr<RawProcess::State>> processes) {
  TaskGroup group(co_await asio::this_coro::executor);
  for (const auto& known : processes) {
    auto process = known.lock();
    if (process) group.spawn(RawProcess::end(std::move(process), EndOptions()));
  }
  co_return co_await group.join();
}

}  // namespace

RawEnvironment::RawEnvironment(asio::any_io_executor executor, Children& children,
                               BlockingPool& pool, Options options)
    : state_(new State{.executor = std::move(executor),
                       .children = children,
                       .pool = pool,
                       .options = std::move(options)}) {}

RawEnvironment::~RawEnvironment() = default;

Task<std::unique_ptr<Process>> RawEnvironment::start(ProcessSpec spec) {
  const auto state = state_;
  if (state->is_closed) co_return fail(ErrorCode::unavailable, "the environment is closed");
  spec.directory = state->resolve(spec.directory);
  spec.env.insert(state->options.env.begin(), state->options.env.end());
  SWAMP_CO_TRY(auto process, RawProcess::start(state->executor, state->children, spec));
  state->remember(*process);
  co_return std::unique_ptr<Process>(std::move(process));
}

Task<> RawEnvironment::put(fs::path on_host, std::string path) {
  return copy(state_->pool, std::move(on_host), state_->resolve(path));
}

Task<> RawEnvironment::fetch(std::string path, fs::path on_host) {
  return copy(state_->pool, state_->resolve(path), std::move(on_host));
}

Task<> RawEnvironment::close() {
  state_->is_closed = true;
  return shielded(end_each(state_->processes));
}

}  // namespace swamp::driver
