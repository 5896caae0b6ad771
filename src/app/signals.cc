#include "app/signals.h"

#include <array>
#include <csignal>
#include <unistd.h>

#include "async/signals.h"
#include "async/task_group.h"

namespace swamp::app {
namespace {

Task<> watch(Signals& signals, TaskGroup& work) {
  SWAMP_CO_CHECK(co_await signals.next());
  work.cancel();
  SWAMP_CO_CHECK(co_await signals.next());
  // The journal has what happened so far; whatever still runs is found by its marks on the next
  // start.
  ::_exit(130);
}

}  // namespace

Task<> until_signal(Task<> task) {
  const auto executor = co_await asio::this_coro::executor;
  constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};
  SWAMP_CO_TRY(auto signals, Signals::open(executor, kSignals));
  TaskGroup work(executor);
  TaskGroup watching(executor);
  work.spawn(std::move(task));
  watching.spawn(watch(signals, work));
  auto ended = co_await work.join();
  watching.cancel();
  (void)co_await watching.join();
  co_return ended;
}

}  // namespace swamp::app
