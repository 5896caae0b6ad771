#include "app/workflow_dry_run.h"

#include <cassert>

#include "app/engine_room.h"
#include "async/loop.h"

namespace swamp::app {
namespace {

Task<> foresee(Session& session, const RunWorkflow& request, engine::DryRun& result) {
  const auto executor = co_await asio::this_coro::executor;
  const EngineRoom::Options options{.last_evaluated = request.options.last_evaluated,
                                    .command = request.command_line};
  SWAMP_CO_TRY(auto room, EngineRoom::open(session, executor, options));
  SWAMP_CO_TRY(auto workflow, find_to_run(session, *room, request));
  SWAMP_CO_TRY(
      result, co_await engine::foresee_run(room->services(), std::move(workflow), request.options));
  co_return Result<>{};
}

}  // namespace

Result<engine::DryRun> foresee_workflow(Session& session, const RunWorkflow& request) {
  assert(session.options().read_only);
  engine::DryRun result;
  SWAMP_CHECK(run_loop(foresee(session, request, result)));
  return result;
}

}  // namespace swamp::app
