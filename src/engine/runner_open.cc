// How a Runner comes to be: for a new run, for one that goes on, for one within another.

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/duration.h"
#include "engine/checks.h"
#include "engine/run_plan.h"
#include "engine/run_start.h"
#include "engine/runner.h"
#include "engine/runner_running.h"
#include "os/process_info.h"

namespace swamp::engine {

Runner::Runner(RunFrame frame, std::shared_ptr<const Plan> plan, RunOptions options,
               const Past& past)
    : frame_(std::move(frame)),
      services_(frame_.family.services()),
      plan_(std::move(plan)),
      options_(std::move(options)),
      state_(plan_, past),
      data_(frame_.parent_data),
      facts_{.family = frame_.family,
             .options = options_,
             .plan = *plan_,
             .data = &data_,
             .nested = this} {
  facts_.ancestors = frame_.ancestors;
  facts_.ancestors.push_back(plan_->workflow().id);
}

Runner::~Runner() = default;

Task<std::unique_ptr<Runner>> Runner::begin(RunFrame frame,
                                            std::shared_ptr<const spec::Workflow> workflow,
                                            RunOptions options, std::string run_id) {
  SWAMP_CO_TRY(RunStart start,
               co_await prepare_run(std::move(workflow), options, std::move(run_id), frame.family));
  const Past nothing;
  std::unique_ptr<Runner> runner(
      new Runner(std::move(frame), std::move(start.plan), std::move(options), nothing));
  runner->facts_.inputs = std::move(start.inputs);
  runner->facts_.workflow_tags = std::move(start.workflow_tags);
  SWAMP_CO_CHECK(runner->open(RunHistory(std::move(start.record)), nullptr));
  co_return runner;
}

Task<std::unique_ptr<Runner>> Runner::resume(RunFrame frame, std::shared_ptr<const Plan> plan,
                                             RunOptions options, LeftRun left, bool failures_stop) {
  EngineServices& services = frame.family.services();
  SWAMP_CO_TRY(auto tags,
               co_await evaluate_run_tags(plan->shared_workflow(), options.inputs, frame.family));
  SWAMP_CO_TRY(auto journal, journal_of(services, left));
  Past past = past_of(left.history.record(), *plan);
  past.failures_stop = failures_stop;
  std::unique_ptr<Runner> runner(
      new Runner(std::move(frame), std::move(plan), std::move(options), past));
  runner->facts_.inputs = runner->options_.inputs;
  runner->facts_.workflow_tags = std::move(tags);
  left.history.adopt(*runner->plan_);
  runner->recall(left.history.record());
  store::RunRecord& record = left.history.mutable_record();
  record.status = store::RunStatus::running;
  record.completed_at.reset();
  record.pid = os::process_id();
  SWAMP_CO_CHECK(runner->open(std::move(left.history), std::move(journal)));
  co_return runner;
}

/// Opens record, log and teller. `journal` is that of an earlier process, or null for a new run.
Result<> Runner::open(RunHistory history, std::unique_ptr<store::Journal> journal) {
  const store::RunRecord& record = history.record();
  facts_.run = run_value(record);
  facts_.run_id = record.id;
  facts_.started_at = record.started_at ? to_iso8601(*record.started_at) : std::string();
  facts_.log_file = record.log_file;
  log_ = std::make_unique<RunLog>(services_.layout.run_log(record.workflow_id, record.id),
                                  services_.clock);
  const Recorder::Setup setup{
      .runs = services_.runs, .artifacts = frame_.family.artifacts(), .clock = services_.clock};
  is_resumed_ = journal != nullptr;
  if (is_resumed_) {
    SWAMP_TRY(recorder_, Recorder::go_on(setup, std::move(history), std::move(journal)));
  } else {
    SWAMP_TRY(recorder_, Recorder::begin(setup, std::move(history)));
  }
  teller_ = std::make_unique<RunTeller>(RunTeller::Setup{.state = state_,
                                                         .recorder = *recorder_,
                                                         .log = *log_,
                                                         .announcer = frame_.announcer,
                                                         .redactor = frame_.family.redactor(),
                                                         .clock = services_.clock,
                                                         .parents = frame_.parents});
  return {};
}

// What an earlier process knew.

void Runner::recall(const store::RunRecord& record) {
  for (const model::Instance& instance : instances_of(record)) {
    data_.use(instance);
  }
  for (auto& [origin, artifacts] : written_by_steps(record, frame_.family.artifacts())) {
    data_.wrote(origin, std::move(artifacts));
  }
  for (RecordedExpansion& expansion : expansions_of(record)) {
    const auto job = plan_->find_job(expansion.job);
    const auto step = job ? plan_->find_step(*job, expansion.step) : std::nullopt;
    if (step && state_.is_expanded(*step)) items_[*step] = std::move(expansion.items);
  }
  for (const store::JobRecord& job : record.jobs) {
    for (const store::StepRecord& step : job.steps) {
      recall_step(job, step);
    }
  }
}

void Runner::recall_step(const store::JobRecord& job, const store::StepRecord& step) {
  if (store::is_terminal(step.status)) return;
  const std::string address = job.name + "/" + step.name;
  if (step.attempts > 0) attempts_[address] = static_cast<int>(step.attempts);
  const Value& nested_run = step.output["runId"];
  if (nested_run.is_string()) {
    left_runs_[address] = nested_run.as_string();
    return;
  }
  if (step.status != store::RunStatus::waiting_approval) return;
  const auto job_id = plan_->find_job(job.name);
  const auto id = job_id ? state_.find_step(*job_id, step.name) : std::nullopt;
  if (!id || state_.status(*id) != NodeStatus::waiting_approval) return;
  gates_[*id] = StepReport{.status = NodeStatus::waiting_approval, .prompt = step.approval_prompt};
  if (step.started_at) asked_at_[*id] = *step.started_at;
}

// Runs within this one.

namespace {

/// Whether an earlier process, which had chosen the id, came as far as to begin the run.
bool has_begun(const EngineServices& services, std::string_view workflow_id,
               std::string_view run_id) {
  std::error_code ignored;
  return std::filesystem::exists(services.layout.run_record(workflow_id, run_id), ignored) ||
         std::filesystem::exists(services.layout.journal(run_id), ignored);
}

}  // namespace

Task<NestedOutcome> Runner::run_nested(NestedRun nested) {
  // What it is was known only now, or has changed since the run began.
  if (checked_.count(nested.workflow->id) == 0) {
    SWAMP_CO_CHECK(check_before_run(*nested.workflow, services_.directory));
    checked_.insert(nested.workflow->id);
  }
  // The steps of the nested run take slots of their own: one that waits for them may not hold the
  // last.
  Running& step = *running_.at(nested.step);
  give_back_slot(step);

  const auto left_run = left_runs_.extract(address_of(nested.step));
  const std::string run_id = left_run ? left_run.mapped() : services_.ids.uuid();
  SWAMP_CO_CHECK(co_await teller_->nested_begins(nested.step, nested.workflow->name, run_id));
  const bool goes_on = left_run && has_begun(services_, nested.workflow->id, run_id);
  if (goes_on) {
    auto loaded = services_.runs.load(nested.workflow->id, run_id);
    auto record =
        loaded ? std::optional(current_record(services_.layout, *std::move(loaded))) : std::nullopt;
    if (record && store::is_terminal(record->status)) {
      NestedOutcome ended{.run = outcome_of(*std::move(record))};
      co_return ended;
    }
  }
  SWAMP_CO_TRY(const auto child, co_await open_nested(std::move(nested), run_id, goes_on));
  step.nested = child.get();
  if (step.cause) child->stop(*step.cause);
  auto ended = co_await child->run();
  step.nested = nullptr;
  if (!ended) co_return fail(std::move(ended).error());
  NestedOutcome outcome{.run = *std::move(ended)};
  const auto& cause = child->state_.stop_cause();
  outcome.timed_out = cause && cause->reason == "timeout";
  co_return outcome;
}

/// A new run, or the one that an earlier process had begun for the step.
Task<std::unique_ptr<Runner>> Runner::open_nested(NestedRun nested, std::string run_id,
                                                  bool goes_on) {
  RunFrame frame{.family = frame_.family,
                 .announcer = frame_.announcer,
                 .parents = frame_.parents,
                 .ancestors = facts_.ancestors,
                 .parent_data = &data_};
  frame.parents.push_back(address_of(nested.step));
  if (nested.limit) {
    frame.limit = RunLimit{
        .left = *nested.limit,
        .cause = {.reason = "timeout",
                  .message = fmt::format("step '{}' took longer than its 'timeout' of {}",
                                         state_.name(nested.step), to_human(*nested.limit))}};
  }
  RunOptions options = options_;
  options.inputs = std::move(nested.inputs);
  options.timeout.reset();
  options.initiated_by.clear();
  options.last_evaluated = false;
  if (goes_on) {
    co_return co_await resume_nested(std::move(frame), std::move(nested.workflow),
                                     std::move(options), std::move(run_id));
  }
  co_return co_await begin(std::move(frame), std::move(nested.workflow), std::move(options),
                           std::move(run_id));
}

/// The nested run that an earlier process had begun goes on, with its own inputs.
Task<std::unique_ptr<Runner>> Runner::resume_nested(RunFrame frame,
                                                    std::shared_ptr<const spec::Workflow> workflow,
                                                    RunOptions options, std::string run_id) {
  SWAMP_CO_TRY(LeftRun left, take_over_run(services_, workflow->id, run_id));
  SWAMP_CO_TRY(Plan made, plan_of_run(std::move(workflow), plain_inputs(left.history.record())));
  auto plan = std::make_shared<const Plan>(std::move(made));
  SWAMP_CO_TRY(options.inputs, co_await recall_inputs(left.history.record(), frame_.family));
  co_return co_await resume(std::move(frame), std::move(plan), std::move(options), std::move(left),
                            true);
}

/// Whether an assert that is not below `--fail-on` failed, whatever its step allows, in the last
/// attempt of a step of the run or of a run within it.
bool Runner::has_failed_assert(const store::RunRecord& record) const {
  if (!options_.fail_on) return false;
  const auto fails = [&](const store::StepRecord& step) {
    if (step.output[kFailedAsserts] == Value(true)) return true;
    if (!step.assertion || step.assertion->passed) return false;
    const auto severity = spec::parse_severity(step.assertion->severity);
    return severity && *severity >= *options_.fail_on;
  };
  return std::any_of(record.jobs.begin(), record.jobs.end(), [&](const store::JobRecord& job) {
    return std::any_of(job.steps.begin(), job.steps.end(), fails);
  });
}

RunOutcome Runner::outcome_of(store::RunRecord record) const {
  RunOutcome outcome{.run_id = record.id,
                     .status = RunStatus::failed,
                     .failed_asserts = has_failed_assert(record)};
  if (record.status == store::RunStatus::succeeded) outcome.status = RunStatus::succeeded;
  if (record.status == store::RunStatus::cancelled) outcome.status = RunStatus::cancelled;
  store::summarize(record);
  outcome.record = std::move(record);
  return outcome;
}

}  // namespace swamp::engine
