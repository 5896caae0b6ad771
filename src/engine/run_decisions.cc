#include "engine/run_decisions.h"

#include <fmt/format.h>

#include "base/suggest.h"
#include "engine/approval_limit.h"
#include "engine/plan.h"
#include "engine/recorder.h"
#include "engine/recovery.h"
#include "engine/run_plan.h"
#include "os/directory.h"

namespace swamp::engine {
namespace {

struct Gate {
  std::string job;
  std::string step;
  std::optional<Timestamp> asked_at;
};

std::vector<Gate> gates_of(const store::RunRecord& record) {
  std::vector<Gate> gates;
  for (const store::JobRecord& job : record.jobs) {
    for (const store::StepRecord& step : job.steps) {
      const bool is_nested = step.output["type"] == Value("workflow");
      if (step.status != store::RunStatus::waiting_approval || is_nested) continue;
      gates.push_back({.job = job.name, .step = step.name, .asked_at = step.started_at});
    }
  }
  return gates;
}

/// What to say about a step that waits for a run within it; empty for any other.
std::string nested_gate_hint(const store::RunRecord& record, const std::string& name) {
  for (const store::JobRecord& job : record.jobs) {
    for (const store::StepRecord& step : job.steps) {
      const bool is_meant = step.name == name || job.name + "/" + step.name == name;
      const Value& workflow = step.output["workflow"];
      const Value& run = step.output["runId"];
      if (!is_meant || step.status != store::RunStatus::waiting_approval) continue;
      if (!workflow.is_string() || !run.is_string()) continue;
      return fmt::format(
          "it waits for a gate of workflow '{0}': 'swamp workflow approve {0} <step> --run {1}'",
          workflow.as_string(), run.as_string());
    }
  }
  return {};
}

Result<Gate> find_gate(const store::RunRecord& record, const std::string& name) {
  std::vector<std::string> names;
  std::vector<Gate> found;
  for (const Gate& gate : gates_of(record)) {
    const std::string address = gate.job + "/" + gate.step;
    names.push_back(gate.step);
    if (gate.step == name || address == name) found.push_back(gate);
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    return fail(ErrorCode::invalid_input,
                fmt::format("{} jobs have a step '{}' that waits", found.size(), name),
                fmt::format("say which: '{}/{}'", found.front().job, name));
  }
  std::string hint = nested_gate_hint(record, name);
  if (hint.empty()) hint = did_you_mean(name, names);
  if (hint.empty() && !names.empty())
    hint = fmt::format("what waits is: {}", fmt::join(names, ", "));
  return fail(Error{
      .code = ErrorCode::not_found,
      .message = fmt::format("no step '{}' of run '{}' waits for an approval", name, record.id),
      .hint = std::move(hint),
      .name = "approval_not_found"});
}

/// The plan of the workflow as it is now; null when there is none any more.
std::shared_ptr<const Plan> plan_of(EngineServices& services, const store::RunRecord& record) {
  auto workflow = services.directory.find_workflow(record.workflow_id);
  if (!workflow) return nullptr;
  auto plan = plan_of_run(*std::move(workflow), plain_inputs(record));
  return plan ? std::make_shared<const Plan>(*std::move(plan)) : nullptr;
}

/// The gate's step in the plan; null when the workflow has lost it.
const spec::Step* step_of(const Plan* plan, const store::RunRecord& record, const Gate& gate) {
  const auto job = plan == nullptr ? std::nullopt : plan->find_job(gate.job);
  if (!job) return nullptr;
  std::string written = gate.step;
  for (const RecordedExpansion& expansion : expansions_of(record)) {
    const auto& names = expansion.names;
    if (expansion.job == gate.job &&
        std::find(names.begin(), names.end(), gate.step) != names.end()) {
      written = expansion.step;
    }
  }
  const auto step = plan->find_step(*job, written);
  return step ? (*plan)[*step].step : nullptr;
}

Result<> check_in_time(const spec::Step* step, const Gate& gate, Timestamp now) {
  const auto limit = step == nullptr ? std::nullopt : approval_limit(*step);
  if (!limit || !gate.asked_at || *gate.asked_at + *limit > now) return {};
  return fail(Error{
      .code = ErrorCode::invalid_input,
      .message = fmt::format("the time to approve '{}' has passed", gate.step),
      .hint =
          "'swamp workflow resume' goes on with it as failed, 'swamp workflow cancel' ends the run",
      .name = "approval_expired"});
}

Result<std::unique_ptr<Recorder>> open_recorder(EngineServices& services, LeftRun left) {
  SWAMP_TRY(auto journal, journal_of(services, left));
  const Recorder::Setup setup{
      .runs = services.runs, .artifacts = services.artifacts, .clock = services.clock};
  return Recorder::go_on(setup, std::move(left.history), std::move(journal));
}

StepResult result_of(const store::ApprovalDecision& decision, const spec::Step* step) {
  if (decision.approved) return {};
  return {.status = NodeStatus::failed,
          .allowed = step != nullptr && step->allow_failure,
          .error = decision.reason.empty() ? std::string("rejected") : decision.reason};
}

/// Nothing can start any more: what is skipped for it and what ends with it, as a run would tell
/// it.
void record_effects(RunState& state, Recorder& recorder) {
  for (const Effect& effect : state.take_effects()) {
    if (const auto* skipped = std::get_if<StepSkipped>(&effect)) {
      StepResult result{.status = NodeStatus::skipped, .reason = skipped->reason};
      const std::string& job = state.plan()[state.planned(skipped->step).job].job->name;
      recorder.step_ended(job, state.name(skipped->step), 0, std::move(result));
    } else if (const auto* finished = std::get_if<JobFinished>(&effect)) {
      recorder.job_changed(state.plan()[finished->job].job->name, finished->status);
    }
  }
}

/// What is left of the jobs of a run that will not go on.
void close_everything(Recorder& recorder) {
  const store::RunRecord record = recorder.record();
  for (const store::JobRecord& job : record.jobs) {
    bool any_ran = false;
    for (const store::StepRecord& step : job.steps) {
      any_ran |=
          step.status != store::RunStatus::pending && step.status != store::RunStatus::skipped;
      if (store::is_terminal(step.status)) continue;
      const bool was_pending = step.status == store::RunStatus::pending;
      StepResult result{.status = was_pending ? NodeStatus::skipped : NodeStatus::failed,
                        .reason = "cancelled"};
      result.output = step.output;
      recorder.step_ended(job.name, step.name, static_cast<int>(step.attempts), std::move(result));
    }
    if (!store::is_terminal(job.status)) {
      recorder.job_changed(job.name, any_ran ? NodeStatus::failed : NodeStatus::skipped,
                           "cancelled");
    }
  }
}

}  // namespace

Task<Decided> decide_gate(EngineServices& services, store::RunRecord record, std::string step,
                          store::ApprovalDecision decision) {
  SWAMP_CO_TRY(LeftRun left, take_over_run(services, record.workflow_id, record.id));
  record = left.history.record();
  SWAMP_CO_TRY(const Gate gate, find_gate(record, step));
  const auto plan = plan_of(services, record);
  const spec::Step* written = step_of(plan.get(), record, gate);
  SWAMP_CO_CHECK(check_in_time(written, gate, services.clock.now()));

  SWAMP_CO_TRY(auto recorder, open_recorder(services, std::move(left)));
  recorder->decided(gate.job, gate.step, decision);
  recorder->step_ended(gate.job, gate.step, 1, result_of(decision, written));
  Decided decided{.job = gate.job, .step = gate.step, .can_resume = true};
  // A run whose process died stays what it was: what is left of it has still to be ended by who
  // goes on with it.
  RunStatus status =
      record.status == store::RunStatus::running ? RunStatus::running : RunStatus::suspended;
  if (plan != nullptr) {
    RunState state(plan, past_of(recorder->record(), *plan));
    decided.can_resume = state.has_ready();
    if (state.is_done()) {
      record_effects(state, *recorder);
      status = state.status();
    }
  }
  std::vector<WrittenArtifact> nothing;
  SWAMP_CO_CHECK(co_await recorder->conclude(status, "", std::move(nothing)));
  decided.record = recorder->take_record();
  co_return decided;
}

namespace {

/// Runs within a run that will not go on end with it. One that has ended, or that somebody else is
/// just going on with, is left alone.
Task<> cancel_nested_runs(EngineServices& services, store::RunRecord record, std::string reason) {
  for (const store::JobRecord& job : record.jobs) {
    for (const store::StepRecord& step : job.steps) {
      const Value& run_id = step.output["runId"];
      if (store::is_terminal(step.status) || !run_id.is_string()) continue;
      const auto summary = services.runs.find(run_id.as_string());
      if (!summary) continue;
      auto nested = services.runs.load(summary->workflow_id, summary->id);
      if (!nested || store::is_terminal(nested->status)) continue;
      const auto cancelled = co_await cancel_left_run(services, *std::move(nested), reason);
      const bool is_other = !cancelled && (cancelled.error().name == "run_not_active" ||
                                           cancelled.error().name == "run_active");
      if (!cancelled && !is_other) co_return fail(cancelled.error());
    }
  }
  co_return Result<>{};
}

}  // namespace

Task<store::RunRecord> cancel_left_run(EngineServices& services, store::RunRecord record,
                                       std::string reason) {
  SWAMP_CO_TRY(LeftRun left, take_over_run(services, record.workflow_id, record.id));
  if (store::is_terminal(left.history.record().status)) {
    co_return fail(Error{.code = ErrorCode::invalid_input,
                         .message = fmt::format("run '{}' has ended already", record.id),
                         .name = "run_not_active"});
  }
  SWAMP_CO_TRY(auto recorder, open_recorder(services, std::move(left)));
  SWAMP_CO_CHECK(co_await cancel_nested_runs(services, recorder->record(), reason));
  close_everything(*recorder);
  std::vector<WrittenArtifact> nothing;
  SWAMP_CO_CHECK(
      co_await recorder->conclude(RunStatus::cancelled, std::move(reason), std::move(nothing)));
  SWAMP_CO_CHECK(os::remove_tree(services.layout.run_private(record.id)));
  co_return recorder->take_record();
}

}  // namespace swamp::engine
