#include "engine/run_workflow.h"

#include <algorithm>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "async/task_group.h"
#include "engine/announcer.h"
#include "engine/approval_limit.h"
#include "engine/checks.h"
#include "engine/recovery.h"
#include "engine/resume.h"
#include "engine/run_plan.h"
#include "engine/run_start.h"
#include "engine/runner.h"
#include "engine/secret_places.h"
#include "spec/inputs.h"

namespace swamp::engine {

/// Connects a control with a runner for as long as the run lasts.
class ControlledRun {
 public:
  ControlledRun(RunControl& control, Runner& runner) : control_(control) {
    control_.runner_ = &runner;
  }
  ~ControlledRun() { control_.runner_ = nullptr; }
  ControlledRun(const ControlledRun&) = delete;
  ControlledRun& operator=(const ControlledRun&) = delete;

 private:
  RunControl& control_;
};

bool RunControl::cancel_step(std::string_view run_id, std::string_view step, StopCause cause) {
  return runner_ != nullptr && runner_->cancel_step(run_id, step, cause);
}

void RunControl::stop(StopCause cause) {
  if (runner_ != nullptr) runner_->stop(std::move(cause));
}

namespace {

Task<RunOutcome> run_to_end(std::unique_ptr<Runner> runner, RunFamily& family, Announcer& announcer,
                            RunControl& control) {
  const ControlledRun controlled(control, *runner);
  TaskGroup telling(co_await asio::this_coro::executor);
  telling.spawn(announcer.serve());
  auto ended = co_await runner->run();
  telling.cancel();
  const auto told = co_await telling.join();
  if (!ended) co_return fail(std::move(ended).error());
  if (!told) co_return fail(told.error());
  RunOutcome outcome = *std::move(ended);
  // What ends with the run goes with it; a suspended one will want it again.
  if (outcome.status != RunStatus::suspended) SWAMP_CO_CHECK(family.ephemeral().remove());
  co_return outcome;
}

/// Inputs that were given for going on: the record keeps them, and which they were.
void note_inputs(store::RunRecord& record, const Map& inputs, const Map& given, RunFamily& family) {
  if (given.empty()) return;
  record.inputs = family.redactor().mask_leaves(inputs);
  record.expressions = secret_places(inputs, "/inputs");
  for (const auto& [name, value] : given) {
    const auto& known = record.resume_inputs;
    if (std::find(known.begin(), known.end(), name) == known.end())
      record.resume_inputs.push_back(name);
  }
}

/// Options that going on has changed are those of the run from now on.
void note_options(store::RunRecord& record, const RunOptions& options) {
  if (!record.extra.is_map()) record.extra = Map{};
  record.extra.mutable_map().set("options", options_to_value(options));
}

}  // namespace

Task<RunOutcome> run_workflow(EngineServices& services,
                              std::shared_ptr<const spec::Workflow> workflow, RunOptions options,
                              RunListener& listener, RunControl& control) {
  SWAMP_CO_CHECK(check_before_run(*workflow, services.directory));
  std::string run_id = services.ids.uuid();
  RunFamily family(services, run_id);
  Announcer announcer(co_await asio::this_coro::executor, listener);
  RunFrame frame{.family = family, .announcer = announcer};
  SWAMP_CO_TRY(auto runner, co_await Runner::begin(std::move(frame), std::move(workflow),
                                                   std::move(options), std::move(run_id)));
  co_return co_await run_to_end(std::move(runner), family, announcer, control);
}

namespace {

Result<> check_can_go_on(const store::RunRecord& record, const std::string& from) {
  const auto refuse = [&](std::string_view why, std::string hint) {
    return fail(Error{.code = ErrorCode::invalid_input,
                      .message = fmt::format("run '{}' {}", record.id, why),
                      .hint = std::move(hint),
                      .name = "run_not_resumable"});
  };
  switch (record.status) {
    case store::RunStatus::succeeded:
      return refuse("has succeeded", "start a new run");
    case store::RunStatus::cancelled:
      return refuse("was cancelled", "start a new run");
    case store::RunStatus::failed:
      if (from.empty()) return refuse("has failed", "say from which step on: '--from <step>'");
      return {};
    default:
      if (!from.empty())
        return refuse("has not failed", "'--from' is for failed runs; leave it out to go on");
      return {};
  }
}

/// A gate whose time has passed does not hold anything up.
bool is_expired(const RunState& state, const std::string& job, const store::StepRecord& step,
                Timestamp now) {
  const auto job_id = state.plan().find_job(job);
  const auto id = job_id ? state.find_step(*job_id, step.name) : std::nullopt;
  const auto limit = id ? approval_limit(*state.planned(*id).step) : std::nullopt;
  return limit && step.started_at && *step.started_at + *limit <= now;
}

Result<> check_not_waiting(std::shared_ptr<const Plan> plan, const store::RunRecord& record,
                           Timestamp now) {
  const RunState state(plan, past_of(record, *plan));
  if (!state.is_suspended()) return {};
  std::string waiting;
  for (const store::JobRecord& job : record.jobs) {
    for (const store::StepRecord& step : job.steps) {
      if (step.status != store::RunStatus::waiting_approval) continue;
      if (is_expired(state, job.name, step, now)) return {};
      waiting += (waiting.empty() ? "'" : ", '") + step.name + "'";
    }
  }
  return fail(Error{
      .code = ErrorCode::invalid_input,
      .message = fmt::format("run '{}' still waits for the approval of {}", record.id, waiting),
      .hint = fmt::format("swamp workflow approve {} <step>", record.workflow_name),
      .name = "approval_pending"});
}

}  // namespace

namespace {

/// The workflow of a run as it is now.
Result<std::shared_ptr<const spec::Workflow>> workflow_of(EngineServices& services,
                                                          const store::RunRecord& record) {
  auto workflow = options_of(record).last_evaluated
                      ? services.directory.find_evaluated_workflow(record.workflow_id)
                      : services.directory.find_workflow(record.workflow_id);
  if (workflow || workflow.error().code != ErrorCode::not_found) return workflow;
  return fail(Error{
      .code = ErrorCode::not_found,
      .message = fmt::format("workflow '{}' of run '{}' is gone", record.workflow_name, record.id),
      .hint = fmt::format("bring its file back (id {}), or end the run: swamp workflow "
                          "cancel {} --run {}",
                          record.workflow_id, record.workflow_name, record.id),
      .name = "workflow_not_found"});
}

}  // namespace

Task<RunOutcome> resume_workflow(EngineServices& services, store::RunRecord record,
                                 ResumeOptions options, RunListener& listener, RunControl& control,
                                 std::function<Task<>(std::string run_id)> end_leftovers) {
  SWAMP_CO_TRY(auto workflow, workflow_of(services, record));
  SWAMP_CO_CHECK(check_before_run(*workflow, services.directory));
  SWAMP_CO_TRY(LeftRun left, take_over_run(services, record.workflow_id, record.id));
  record = left.history.record();
  SWAMP_CO_TRY(Plan made, plan_of_run(std::move(workflow),
                                      spec::deep_merge(plain_inputs(record), options.inputs)));
  const auto plan = std::make_shared<const Plan>(std::move(made));
  SWAMP_CO_CHECK(check_can_go_on(record, options.from));
  if (options.from.empty()) {
    SWAMP_CO_CHECK(check_not_waiting(plan, record, services.clock.now()));
  } else {
    SWAMP_CO_TRY(const auto again, steps_to_run_again(*plan, record, options.from));
    for (const StepName& one : again) {
      left.history.apply(Map{{"kind", "reopened"}, {"job", one.job}, {"step", one.step}});
    }
  }
  if (end_leftovers && record.status == store::RunStatus::running)
    SWAMP_CO_CHECK(co_await end_leftovers(record.id));

  RunFamily family(services, record.id);
  SWAMP_CO_CHECK(recover_ephemeral(services, std::move(left.records), family.ephemeral()));
  RunOptions run_options = options_of(record);
  run_options.process_input = options.process_input;
  if (options.timeout) {
    run_options.timeout = left.history.active_time() + *options.timeout;
    note_options(left.history.mutable_record(), run_options);
  }
  SWAMP_CO_TRY(Map inputs, co_await recall_inputs(record, family));
  inputs = spec::deep_merge(std::move(inputs), options.inputs);
  SWAMP_CO_TRY(run_options.inputs,
               co_await bind_run_inputs(plan->shared_workflow(), std::move(inputs), family));
  note_inputs(left.history.mutable_record(), run_options.inputs, options.inputs, family);
  Announcer announcer(co_await asio::this_coro::executor, listener);
  RunFrame frame{.family = family, .announcer = announcer};
  SWAMP_CO_TRY(auto runner, co_await Runner::resume(std::move(frame), plan, std::move(run_options),
                                                    std::move(left), options.from.empty()));
  co_return co_await run_to_end(std::move(runner), family, announcer, control);
}

}  // namespace swamp::engine
