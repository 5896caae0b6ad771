#include "app/workflow_run.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <unistd.h>

#include <fmt/format.h>

#include "app/cancel_requests.h"
#include "app/engine_room.h"
#include "app/mending.h"
#include "app/run_gates.h"
#include "app/workflows.h"
#include "async/loop.h"
#include "async/signals.h"
#include "async/task_group.h"
#include "async/timeout.h"
#include "engine/run_start.h"
#include "engine/run_workflow.h"
#include "os/directory.h"

namespace swamp::app {
namespace {

constexpr std::chrono::milliseconds kTick(100);

Task<> tick_for_ever(std::function<void()> on_tick) {
  while (true) {
    SWAMP_CO_CHECK(co_await sleep_for(kTick));
    on_tick();
  }
}

Task<> stop_at_signals(Signals& signals, engine::RunControl& control, const store::Layout& layout) {
  for (int stops = 0;;) {
    SWAMP_CO_TRY(const int signal, co_await signals.next());
    if (signal == SIGUSR1) {
      take_cancel_requests(layout, [&](const CancelRequest& request) {
        engine::StopCause cause{.reason = "cancelled", .message = request.reason};
        return control.cancel_step(request.run_id, request.step, std::move(cause));
      });
      continue;
    }
    // Two are for the run, which knows how to end; the third is from somebody who does not care any
    // more.
    if (++stops > 2) ::_exit(130);
    engine::StopCause cause{
        .reason = "cancelled",
        .message = fmt::format("cancelled by {}", signal == SIGINT ? "Ctrl-C" : "a signal")};
    control.stop(std::move(cause));
  }
}

class WorkflowCommand {
 public:
  WorkflowCommand(Session& session, RunWorkflow request, engine::RunListener& listener)
      : session_(session), request_(std::move(request)), listener_(listener) {}

  Task<> run() {
    const auto executor = co_await asio::this_coro::executor;
    std::optional<FoundRun> left;
    if (request_.resume) {
      SWAMP_CO_TRY(left, find_left_run(session_, request_.workflow, *request_.resume));
      request_.options.last_evaluated = engine::options_of(left->record).last_evaluated;
    }
    const EngineRoom::Options options{.last_evaluated = request_.options.last_evaluated,
                                      .command = request_.command_line};
    SWAMP_CO_TRY(auto room, EngineRoom::open(session_, executor, options));
    const std::string at_hand = left ? left->record.id : std::string();
    SWAMP_CO_CHECK(co_await mend_left_runs(session_, *room, at_hand));
    std::shared_ptr<const spec::Workflow> workflow;
    if (!left) {
      SWAMP_CO_TRY(workflow, find_to_run(session_, *room, request_));
    }
    // What was evaluated last is not changed by a run of it.
    if (!request_.options.last_evaluated) {
      request_.options.keep_evaluated = [&directory = room->directory()](
                                            const spec::Workflow& written, Value evaluated) {
        return directory.save_evaluated_workflow(written, std::move(evaluated));
      };
    }

    constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
    SWAMP_CO_TRY(auto signals, Signals::open(executor, kSignals));
    engine::RunControl control;
    TaskGroup beside(executor);
    beside.spawn(stop_at_signals(signals, control, session_.layout()));
    if (request_.on_tick) beside.spawn(tick_for_ever(request_.on_tick));
    auto going = left ? resume(*room, std::move(left->record), control)
                      : engine::run_workflow(room->services(), std::move(workflow),
                                             std::move(request_.options), listener_, control);
    auto outcome = co_await std::move(going);
    beside.cancel();
    (void)co_await beside.join();
    if (!outcome) co_return fail(std::move(outcome).error());
    result_.outcome = *std::move(outcome);
    const store::RunRecord& record = result_.outcome.record;
    result_.record_path = session_.layout().run_record(record.workflow_id, record.id).string();
    co_return Result<>{};
  }

  WorkflowRun take() { return std::move(result_); }

 private:
  Task<engine::RunOutcome> resume(EngineRoom& room, store::RunRecord record,
                                  engine::RunControl& control) {
    engine::ResumeOptions options{.from = request_.resume->from,
                                  .inputs = std::move(request_.options.inputs),
                                  .timeout = request_.options.timeout,
                                  .process_input = request_.options.process_input};
    return engine::resume_workflow(
        room.services(), std::move(record), std::move(options), listener_, control,
        [&room](std::string run_id) { return room.end_leftovers(std::move(run_id)); });
  }

  Session& session_;
  RunWorkflow request_;
  engine::RunListener& listener_;
  WorkflowRun result_;
};

}  // namespace

Result<std::shared_ptr<const spec::Workflow>> find_to_run(Session& session, EngineRoom& room,
                                                          const RunWorkflow& request) {
  if (request.options.last_evaluated)
    return room.directory().find_evaluated_workflow(request.workflow);
  SWAMP_TRY(auto found, find_workflow(session, request.workflow));
  return found.workflow;
}

Result<WorkflowRun> run_workflow(Session& session, RunWorkflow request,
                                 engine::RunListener& listener) {
  // Every process of the run inherits the trace that it belongs to.
  for (const auto& [name, value] : request.trace) {
    ::setenv(name.c_str(), value.c_str(), 1);
  }
  WorkflowCommand command(session, std::move(request), listener);
  SWAMP_CHECK(run_loop(command.run()));
  return command.take();
}

}  // namespace swamp::app
