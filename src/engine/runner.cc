#include "engine/runner.h"

#include <cassert>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "async/cancellation.h"
#include "async/timeout.h"
#include "base/duration.h"
#include "engine/run_start.h"

namespace swamp::engine {

/// A step that was started: what it needs while it runs.
struct Runner::Running {
  TaskGroup* work = nullptr;
  std::optional<StopCause> cause = std::nullopt;  // set when it is to be ended
  bool has_slot = true;
  StepReport report = {};
  std::optional<Result<StepRunner::Iterations>> iterations = std::nullopt;
};

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

Task<std::unique_ptr<Runner>> Runner::begin(RunFrame frame, std::shared_ptr<const Plan> plan,
                                            RunOptions options, std::string run_id) {
  SWAMP_CO_TRY(RunStart start,
               co_await prepare_run(plan, options, std::move(run_id), frame.family));
  const Past nothing;
  std::unique_ptr<Runner> runner(
      new Runner(std::move(frame), std::move(plan), std::move(options), nothing));
  runner->facts_.inputs = std::move(start.inputs);
  runner->facts_.workflow_tags = std::move(start.workflow_tags);
  SWAMP_CO_CHECK(runner->open(RunHistory(std::move(start.record)), nullptr));
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
                                                         .listener = frame_.listener,
                                                         .redactor = frame_.family.redactor(),
                                                         .clock = services_.clock,
                                                         .parents = frame_.parents});
  return {};
}

Task<RunOutcome> Runner::run() {
  const auto executor = co_await asio::this_coro::executor;
  steps_.emplace(executor);
  timers_.emplace(executor);
  wake_ = std::make_unique<Event>(executor);
  began_at_ = services_.clock.steady();
  const auto place = services_.slots.add_waiter([this] {
    if (state_.has_ready()) wake_->set();
  });
  teller_->run_started(is_resumed_);
  arm_limits();
  while (true) {
    follow_effects();
    start_ready();
    if (running_.empty() && (state_.is_done() || state_.is_suspended())) break;
    if (auto waited = co_await wake_->wait(); !waited) {
      co_await acknowledge_cancellation();
      stop(StopCause{});
    }
    wake_->reset();
  }
  services_.slots.remove_waiter(place);
  timers_->cancel();
  auto ended = co_await timers_->join();
  if (ended) ended = co_await steps_->join();
  if (!ended) co_return fail(std::move(ended).error());
  co_return co_await conclude();
}

Task<RunOutcome> Runner::conclude() {
  RunOutcome outcome{.run_id = facts_.run_id, .status = state_.status()};
  if (const auto& cause = state_.stop_cause(); cause && outcome.status == RunStatus::cancelled) {
    outcome.reason = cause->message.empty() ? cause->reason : cause->message;
  }
  auto kept = co_await shielded(recorder_->conclude(outcome.status, outcome.reason, {}));
  outcome.record = recorder_->record();
  store::summarize(outcome.record);
  for (const auto& [step, report] : gates_) {
    if (!report.prompt.empty()) {
      teller_->run_suspended(step, report.prompt, report.gate_timeout);
      break;
    }
  }
  const auto duration = services_.clock.steady() - began_at_;
  teller_->run_ended(outcome.status, outcome.reason,
                     std::chrono::duration_cast<std::chrono::milliseconds>(duration));
  if (!kept) co_return fail(std::move(kept).error().while_doing("keeping the run on record"));
  co_return outcome;
}

// Steps.

void Runner::start_ready() {
  for (const StepToStart next : state_.take_ready(services_.slots.free())) {
    services_.slots.take();
    Running& running = *running_.emplace(next.step, std::make_unique<Running>()).first->second;
    steps_->spawn(run_step(next, running));
  }
}

Task<> Runner::run_step(StepToStart next, Running& running) {
  TaskGroup work(co_await asio::this_coro::executor);
  running.work = &work;
  work.spawn(do_step(next, running));
  if (running.cause) work.cancel();
  auto ended = co_await work.join();
  running.work = nullptr;
  if (!ended) running.report.error = ended.error();
  finish_step(next, running);
  co_return Result<>{};
}

Task<> Runner::do_step(StepToStart next, Running& running) {
  StepRunner runner(facts_, state_, *teller_, next.step, item_of(next.step));
  if (next.action == StepToStart::Action::expand) {
    running.iterations.emplace(co_await runner.iterations());
  } else {
    running.report = co_await runner.run();
  }
  co_return Result<>{};
}

void Runner::finish_step(StepToStart next, Running& running) {
  give_back_slot(running);
  const std::unique_ptr<Running> kept = std::move(running_.at(next.step));
  running_.erase(next.step);
  if (next.action == StepToStart::Action::expand) {
    auto iterations = kept->iterations ? *std::move(kept->iterations) : fail(cancelled_error());
    finish_expansion(next.step, std::move(iterations), kept->cause);
  } else if (kept->report.status == NodeStatus::waiting_approval) {
    open_gate(next.step, kept->report);
    if (kept->cause) end_gate(next.step, *kept->cause);
  } else {
    end_step(next.step, std::move(kept->report), kept->cause);
  }
  wake_->set();
}

void Runner::give_back_slot(Running& running) {
  if (!std::exchange(running.has_slot, false)) return;
  services_.slots.give();
}

void Runner::finish_expansion(StepId step, Result<StepRunner::Iterations> iterations,
                              const std::optional<StopCause>& cause) {
  Result<> expanded;
  if (iterations) {
    expanded = state_.expand(step, iterations->names);
  } else {
    expanded = fail(iterations.error());
  }
  if (expanded) {
    teller_->step_expanded(step, iterations->names, iterations->items);
    items_[step] = std::move(iterations->items);
    return;
  }
  const spec::Step& written = *plan_->steps()[step.index()].step;
  Error error = std::move(expanded).error();
  if (!error.where) error.where = written.for_each->in.where();
  StepReport report{.status = NodeStatus::failed, .allowed = written.allow_failure};
  report.error = std::move(error);
  state_.begin(step);
  teller_->step_began(step, 1);
  end_step(step, std::move(report), cause);
}

/// Tells how a step ended: who reads its results first, then the record and the listener, then the
/// state.
void Runner::end_step(StepId step, StepReport report, const std::optional<StopCause>& cause) {
  if (cause && report.status == NodeStatus::failed) {
    report.reason = cause->reason;
    if (!cause->message.empty()) {
      const auto code = cause->reason == "timeout" ? ErrorCode::timed_out : ErrorCode::cancelled;
      report.error = Error{.code = code, .message = cause->message};
    }
  }
  std::vector<store::Artifact> written;
  for (const WrittenArtifact& one : report.written) {
    written.push_back(one.artifact);
  }
  if (!written.empty()) {
    StepOrigin origin{.job = teller_->job_name(step), .step = state_.name(step)};
    if (state_.is_iteration(step)) {
      origin.template_name = state_.name(state_.template_of(step));
      origin.index = state_.iteration_index(step);
    }
    data_.wrote(origin, std::move(written));
  }
  teller_->step_ended(step, report);
  state_.end(
      step,
      StepEnding{.status = report.status, .reason = report.reason, .allowed = report.allowed});
}

std::optional<Value> Runner::item_of(StepId step) const {
  if (!state_.is_iteration(step)) return std::nullopt;
  const List& items = items_.at(state_.template_of(step));
  return items[state_.iteration_index(step)];
}

// Gates.

void Runner::open_gate(StepId step, const StepReport& report) {
  teller_->gate_opened(step, report);
  gates_.insert_or_assign(step, report);
  state_.await_approval(step);
  if (report.gate_timeout) timers_->spawn(limit_gate(step, *report.gate_timeout));
}

void Runner::end_gate(StepId step, const StopCause& cause) {
  if (gates_.erase(step) == 0) return;
  StepReport report{.status = NodeStatus::failed};
  report.allowed = state_.planned(step).step->allow_failure;
  report.error = Error{.code = ErrorCode::cancelled,
                       .message = "nobody had approved it when the run was stopped"};
  end_step(step, std::move(report), cause);
}

// What follows.

void Runner::follow_effects() {
  for (auto effects = state_.take_effects(); !effects.empty(); effects = state_.take_effects()) {
    for (const Effect& effect : effects) {
      follow(effect);
    }
  }
}

void Runner::follow(const Effect& effect) {
  if (const auto* began = std::get_if<JobBegan>(&effect)) {
    teller_->job_began(began->job);
    if (const auto limit = (*plan_)[began->job].job->timeout)
      timers_->spawn(limit_job(began->job, *limit));
  } else if (const auto* finished = std::get_if<JobFinished>(&effect)) {
    teller_->job_ended(finished->job, finished->status);
  } else if (const auto* skipped = std::get_if<StepSkipped>(&effect)) {
    teller_->step_skipped(skipped->step, skipped->reason);
  } else if (const auto* must = std::get_if<StepMustEnd>(&effect)) {
    const auto running = running_.find(must->step);
    if (running == running_.end()) {
      end_gate(must->step, must->cause);
    } else {
      if (!running->second->cause) running->second->cause = must->cause;
      if (running->second->work != nullptr) running->second->work->cancel();
    }
  }
}

// Limits.

void Runner::stop(StopCause cause) {
  if (state_.stop_cause()) {
    state_.halt();
  } else {
    state_.stop(std::move(cause));
    if (timers_) timers_->spawn(halt_later());
  }
  if (wake_) wake_->set();
}

void Runner::arm_limits() {
  const auto of_workflow = plan_->workflow().timeout;
  const auto asked = options_.timeout;
  if (!of_workflow && !asked) return;
  const bool is_asked = asked && (!of_workflow || *asked < *of_workflow);
  const auto limit = is_asked ? *asked : *of_workflow;
  StopCause cause{.reason = "timeout",
                  .message = fmt::format("the run took longer than {} of {}",
                                         is_asked ? "'--timeout'" : "the workflow's 'timeout'",
                                         to_human(limit))};
  timers_->spawn(limit_run(limit, std::move(cause)));
}

Task<> Runner::limit_run(std::chrono::milliseconds limit, StopCause cause) {
  const auto slept = co_await sleep_for(limit);
  if (slept) stop(std::move(cause));
  co_return Result<>{};
}

Task<> Runner::limit_job(JobId job, std::chrono::milliseconds limit) {
  auto slept = co_await sleep_for(limit);
  if (!slept) co_return Result<>{};
  StopCause cause{.reason = "timeout",
                  .message = fmt::format("job '{}' took longer than its 'timeout' of {}",
                                         (*plan_)[job].job->name, to_human(limit))};
  state_.stop_job(job, std::move(cause));
  wake_->set();
  slept = co_await sleep_for(kCleanUpTime);
  if (!slept) co_return Result<>{};
  state_.halt_job(job);
  wake_->set();
  co_return Result<>{};
}

Task<> Runner::limit_gate(StepId step, std::chrono::milliseconds limit) {
  auto slept = co_await sleep_for(limit);
  if (!slept) co_return Result<>{};
  const StopCause cause{
      .reason = "timeout",
      .message = fmt::format("nobody approved it within its 'timeout' of {}", to_human(limit))};
  end_gate(step, cause);
  wake_->set();
  co_return Result<>{};
}

Task<> Runner::halt_later() {
  const auto slept = co_await sleep_for(kCleanUpTime);
  if (!slept) co_return Result<>{};
  state_.halt();
  wake_->set();
  co_return Result<>{};
}

// Runs within this one.

Task<RunOutcome> Runner::run_nested(NestedRun nested) {
  // The steps of the nested run take slots of their own: one that waits for them may not hold the
  // last.
  if (const auto running = running_.find(nested.step); running != running_.end())
    give_back_slot(*running->second);
  SWAMP_CO_TRY(Plan plan, Plan::make(nested.workflow));
  RunFrame frame{.family = frame_.family,
                 .listener = frame_.listener,
                 .parents = frame_.parents,
                 .ancestors = facts_.ancestors,
                 .parent_data = &data_};
  frame.parents.push_back(teller_->job_name(nested.step) + "/" + state_.name(nested.step));
  RunOptions options = options_;
  options.inputs = std::move(nested.inputs);
  options.timeout.reset();
  options.initiated_by.clear();
  auto shared_plan = std::make_shared<const Plan>(std::move(plan));
  SWAMP_CO_TRY(auto child, co_await begin(std::move(frame), std::move(shared_plan),
                                          std::move(options), services_.ids.uuid()));
  teller_->nested_began(nested.step, nested.workflow->name, child->run_id());
  co_return co_await child->run();
}

}  // namespace swamp::engine
