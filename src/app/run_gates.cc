#include "app/run_gates.h"

#include <csignal>
#include <optional>

#include <fmt/format.h>

#include "app/engine_room.h"
#include "app/mending.h"
#include "app/workflows.h"
#include "async/loop.h"
#include "async/timeout.h"
#include "os/process_info.h"
#include "store/journal.h"

namespace swamp::app {
namespace {

/// Longer than a run may take to clean up after it was asked to stop.
constexpr std::chrono::seconds kStopTime(75);

bool can_go_on(const FoundRun& run, bool from_failed) {
  if (from_failed) return run.record.status == store::RunStatus::failed;
  return run.interrupted || run.record.status == store::RunStatus::suspended;
}

/// The runs of a workflow that `wanted` takes, newest first.
template <class Wanted>
Result<std::vector<FoundRun>> runs_of(Session& session, std::string_view workflow, Wanted wanted) {
  SWAMP_TRY(auto found, find_workflow(session, workflow));
  std::vector<FoundRun> runs;
  for (const store::RunSummary& summary : session.runs().list(found.workflow->id).runs) {
    SWAMP_TRY(auto run, load_run(session, summary));
    if (wanted(run)) runs.push_back(std::move(run));
  }
  return runs;
}

Result<FoundRun> only_one(std::vector<FoundRun> runs, std::string_view workflow,
                          std::string_view what) {
  if (runs.size() == 1) return std::move(runs.front());
  if (runs.empty()) {
    return fail(ErrorCode::not_found, fmt::format("workflow '{}' has no {} run", workflow, what),
                fmt::format("'swamp workflow run search --workflow {}' lists its runs", workflow));
  }
  std::string ids;
  for (const FoundRun& run : runs) {
    ids += (ids.empty() ? "" : ", ") + run.record.id;
  }
  return fail(ErrorCode::invalid_input,
              fmt::format("workflow '{}' has several {} runs", workflow, what),
              "name one with --run: " + ids);
}

Task<> decide_in(EngineRoom& room, store::RunRecord record, const DecideGate& request,
                 store::ApprovalDecision decision, engine::Decided& decided) {
  SWAMP_CO_TRY(decided, co_await engine::decide_gate(room.services(), std::move(record),
                                                     request.step, std::move(decision)));
  co_return Result<>{};
}

Task<> decide_task(Session& session, store::RunRecord record, DecideGate request,
                   store::ApprovalDecision decision, engine::Decided& decided) {
  const auto executor = co_await asio::this_coro::executor;
  const EngineRoom::Options options{.command = "swamp workflow approve"};
  SWAMP_CO_TRY(auto room, EngineRoom::open(session, executor, options));
  SWAMP_CO_CHECK(co_await mend_left_runs(session, *room, record.id));
  co_return co_await decide_in(*room, std::move(record), request, std::move(decision), decided);
}

Task<> cancel_left(Session& session, store::RunRecord record, std::string reason) {
  const auto executor = co_await asio::this_coro::executor;
  const EngineRoom::Options options{.command = "swamp workflow cancel"};
  SWAMP_CO_TRY(auto room, EngineRoom::open(session, executor, options));
  SWAMP_CO_CHECK(co_await mend_left_runs(session, *room, record.id));
  SWAMP_CO_CHECK(co_await room->end_leftovers(record.id));
  SWAMP_CO_TRY(const auto ended, co_await engine::cancel_left_run(
                                     room->services(), std::move(record), std::move(reason)));
  static_cast<void>(ended);
  co_return Result<>{};
}

/// Waits until no process holds the journal. What ends it is another process, which tells nobody.
Task<> wait_until_left(std::filesystem::path journal) {
  const auto until = std::chrono::steady_clock::now() + kStopTime;
  while (true) {
    SWAMP_CO_TRY(const bool alive, store::is_alive(journal));
    if (!alive) co_return Result<>{};
    if (std::chrono::steady_clock::now() > until) {
      co_return fail(ErrorCode::timed_out, "the run was asked to stop and has not ended yet",
                     "look again with 'swamp run history --active'");
    }
    SWAMP_CO_CHECK(co_await sleep_for(std::chrono::milliseconds(50)));
  }
}

}  // namespace

Result<FoundRun> find_left_run(Session& session, std::string_view workflow,
                               const ResumeRun& request) {
  if (!request.run.empty()) {
    SWAMP_TRY(auto summary, session.runs().find(request.run));
    return load_run(session, summary);
  }
  const bool from_failed = !request.from.empty();
  SWAMP_TRY(auto runs, runs_of(session, workflow,
                               [&](const FoundRun& run) { return can_go_on(run, from_failed); }));
  return only_one(std::move(runs), workflow, from_failed ? "failed" : "suspended or interrupted");
}

Result<std::vector<PendingApproval>> list_approvals(Session& session) {
  std::vector<PendingApproval> approvals;
  for (const store::RunSummary& summary : session.runs().list().runs) {
    if (store::is_terminal(summary.status)) continue;
    SWAMP_TRY(auto run, load_run(session, summary));
    for (const store::JobRecord& job : run.record.jobs) {
      for (const store::StepRecord& step : job.steps) {
        // A step that waits for a run within it: the gate is there, and listed from there.
        const bool is_nested = step.output["type"] == Value("workflow");
        if (step.status != store::RunStatus::waiting_approval || step.approval || is_nested)
          continue;
        approvals.push_back({.workflow_name = run.record.workflow_name,
                             .run_id = run.record.id,
                             .step = step.name,
                             .prompt = step.approval_prompt,
                             .since = step.started_at,
                             .inputs = run.record.inputs});
      }
    }
  }
  return approvals;
}

Result<DecidedGate> decide_gate(Session& session, const DecideGate& request) {
  FoundRun run;
  if (!request.run.empty()) {
    SWAMP_TRY(auto summary, session.runs().find(request.run));
    SWAMP_TRY(run, load_run(session, summary));
  } else {
    SWAMP_TRY(auto runs, runs_of(session, request.workflow, [](const FoundRun& one) {
                return one.record.status == store::RunStatus::suspended;
              }));
    SWAMP_TRY(run, only_one(std::move(runs), request.workflow, "suspended"));
  }
  DecidedGate result{.decided_by = os::user_name()};
  store::ApprovalDecision decision{.approved = request.approved,
                                   .reason = request.reason,
                                   .decided_by = result.decided_by,
                                   .decided_at = session.clock().now()};
  SWAMP_CHECK(run_loop(
      decide_task(session, std::move(run.record), request, std::move(decision), result.decided)));
  return result;
}

Result<CancelledRun> cancel_run(Session& session, std::string_view workflow, std::string_view run,
                                std::string_view reason) {
  FoundRun found;
  if (!run.empty()) {
    SWAMP_TRY(auto summary, session.runs().find(run));
    SWAMP_TRY(found, load_run(session, summary));
  } else {
    SWAMP_TRY(auto runs, runs_of(session, workflow, [](const FoundRun& one) {
                return !store::is_terminal(one.record.status);
              }));
    if (runs.empty()) {
      return fail(ErrorCode::not_found,
                  fmt::format("workflow '{}' has no run that could be cancelled", workflow));
    }
    found = std::move(runs.front());
  }
  CancelledRun cancelled{.run_id = found.record.id,
                         .workflow_name = found.record.workflow_name,
                         .previous_status = std::string(store::to_string(found.record.status))};
  if (store::is_terminal(found.record.status)) {
    return fail(ErrorCode::invalid_input, fmt::format("run '{}' has ended: it {}", found.record.id,
                                                      cancelled.previous_status));
  }
  if (found.alive && found.record.pid) {
    // Its process knows best how to stop: clean-up steps still run.
    ::kill(static_cast<pid_t>(*found.record.pid), SIGTERM);
    SWAMP_CHECK(run_loop(wait_until_left(session.layout().journal(found.record.id))));
    return cancelled;
  }
  SWAMP_CHECK(run_loop(cancel_left(session, std::move(found.record), std::string(reason))));
  return cancelled;
}

}  // namespace swamp::app
