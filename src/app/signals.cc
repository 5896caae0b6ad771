#include "app/signals.h"

#include <array>
#include <csignal>
#include <unistd.h>

#include "async/signals.h"
#include "async/task_group.h"

namespace swamp::app {
namespace {

Task<> watch(Signals& signals, TaskGroup& work, std::function<bool()> wants_end) {
  for (bool is_stopping = false;;) {
    SWAMP_CO_TRY(const int signal, co_await signals.next());
    if (signal == SIGUSR1) {
      if (wants_end()) work.cancel();
      continue;
    }
    // The journal has what happened so far; whatever still runs is found by its marks on the next
    // start.
    if (is_stopping) ::_exit(130);
    is_stopping = true;
    work.cancel();
  }
}

}  // namespace

Task<> until_signal(Task<> task, std::function<bool()> wants_end) {
  const auto executor = co_await asio::this_coro::executor;
  constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
  SWAMP_CO_TRY(auto signals, Signals::open(executor, kSignals));
  TaskGroup work(executor);
  TaskGroup watching(executor);
  work.spawn(std::move(task));
  watching.spawn(watch(signals, work, std::move(wants_end)));
  auto ended = co_await work.join();
  watching.cancel();
  (void)co_await watching.join();
  co_return ended;
}

}  // namespace swamp::app
