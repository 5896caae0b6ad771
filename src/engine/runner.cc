#include "engine/runner.h"

#include <algorithm>
#include <cassert>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "async/cancellation.h"
#include "async/timeout.h"
#include "base/duration.h"
#include "engine/approval_limit.h"
#include "engine/evaluated_workflow.h"
#include "engine/runner_running.h"

namespace swamp::engine {
namespace {

StopCause gate_timeout(std::chrono::milliseconds limit) {
  return {.reason = "timeout",
          .message = fmt::format("nobody approved it within its 'timeout' of {}", to_human(limit))};
}

}  // namespace

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
  arm_gates();
  TaskGroup beside(executor);
  if (!is_resumed_ && options_.keep_evaluated) beside.spawn(keep_evaluated());
  while (true) {
    follow_effects();
    start_ready();
    if (running_.empty() && (state_.is_done() || state_.is_suspended())) break;
    log_->flush();
    if (auto waited = co_await wake_->wait(); !waited) {
      co_await acknowledge_cancellation();
      stop(StopCause{});
    }
    wake_->reset();
  }
  services_.slots.remove_waiter(place);
  (void)co_await beside.join();
  timers_->cancel();
  auto ended = co_await timers_->join();
  if (ended) ended = co_await steps_->join();
  const auto told = co_await frame_.announcer.tell_all();
  if (ended) ended = told;
  if (!ended) co_return fail(std::move(ended).error());
  co_return co_await conclude();
}

/// Keeps what `--last-evaluated` will run. A copy that cannot be kept costs the run nothing.
Task<> Runner::keep_evaluated() {
  std::function<Result<>()> work = [plan = plan_, inputs = facts_.inputs,
                                    keep = options_.keep_evaluated]() -> Result<> {
    const cel::Answers nothing;
    auto evaluated = evaluate_workflow(plan->workflow(), inputs, nothing);
    return keep(plan->workflow(), std::move(evaluated.document));
  };
  const auto kept = co_await services_.pool.run<void>(std::move(work));
  if (!kept && kept.error().code != ErrorCode::cancelled)
    teller_->run_notice("evaluated_copy", kept.error().message);
  co_return Result<>{};
}

/// Reports are made of runs that have succeeded or failed; one that cannot be stored is told, and
/// costs nothing else.
RunReports Runner::make_reports(RunStatus& status) {
  if (status != RunStatus::succeeded && status != RunStatus::failed) return {};
  auto reports = make_run_reports(plan_->workflow(), recorder_->record(), status,
                                  options_.selection, services_.artifacts);
  if (!reports) {
    teller_->run_notice("report_failed", reports.error().message);
    return {};
  }
  for (const ReportEnded& ended : reports->ended) {
    frame_.announcer.tell(ended);
  }
  if (reports->required_failed) status = RunStatus::failed;
  return *std::move(reports);
}

Task<RunOutcome> Runner::conclude() {
  RunOutcome outcome{.run_id = facts_.run_id, .status = state_.status()};
  if (const auto& cause = state_.stop_cause(); cause && outcome.status == RunStatus::cancelled) {
    outcome.reason = cause->message.empty() ? cause->reason : cause->message;
  }
  auto reports = make_reports(outcome.status);
  auto kept = co_await shielded(
      recorder_->conclude(outcome.status, outcome.reason, std::move(reports.written)));
  outcome.failed_asserts = has_failed_assert(recorder_->record());
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
  outcome.record = recorder_->take_record();
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
  StepRunner runner(facts_, state_, *teller_, next.step, item_of(next.step),
                    next_attempt(next.step));
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

int Runner::next_attempt(StepId step) const {
  const auto tried = attempts_.find(address_of(step));
  return tried == attempts_.end() ? 1 : tried->second + 1;
}

std::string Runner::address_of(StepId step) const {
  return teller_->job_name(step) + "/" + state_.name(step);
}

// Gates.

void Runner::open_gate(StepId step, const StepReport& report) {
  const Value& nested = report.output["workflow"];
  if (nested.is_string()) {
    teller_->nested_suspended(step, nested.as_string());
  } else {
    teller_->gate_opened(step, report);
  }
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

void Runner::end_running(Running& running, const StopCause& cause) {
  if (!running.cause) running.cause = cause;
  // A run within this one ends as this one does: it cleans up, and says what for.
  if (running.nested != nullptr) {
    running.nested->stop(cause);
  } else if (running.work != nullptr) {
    running.work->cancel();
  }
}

bool Runner::cancel_step(std::string_view run_id, std::string_view step, const StopCause& cause) {
  const bool is_ours = run_id == facts_.run_id;
  for (const auto& [id, running] : running_) {
    if (is_ours && address_of(id) == step) {
      end_running(*running, cause);
      return true;
    }
    if (running->nested != nullptr && running->nested->cancel_step(run_id, step, cause))
      return true;
  }
  return false;
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
    if ((*plan_)[began->job].job->timeout)
      timers_->spawn(limit_job(began->job, left_of(began->job)));
  } else if (const auto* finished = std::get_if<JobFinished>(&effect)) {
    teller_->job_ended(finished->job, finished->status);
  } else if (const auto* skipped = std::get_if<StepSkipped>(&effect)) {
    teller_->step_skipped(skipped->step, skipped->reason);
  } else if (const auto* must = std::get_if<StepMustEnd>(&effect)) {
    const auto running = running_.find(must->step);
    if (running == running_.end()) {
      end_gate(must->step, must->cause);
    } else {
      end_running(*running->second, must->cause);
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

/// The least of what this run may take. Limits of runs around it end it from there.
std::optional<RunLimit> Runner::limit() const {
  std::optional<RunLimit> least = frame_.limit;
  const auto take = [&](std::optional<std::chrono::milliseconds> limit, std::string_view key) {
    if (!limit) return;
    // The clock stood still while the run was suspended.
    const auto left =
        std::max(*limit - active_before(recorder_->record()), std::chrono::milliseconds(0));
    if (least && least->left <= left) return;
    least = RunLimit{.left = left,
                     .cause = {.reason = "timeout",
                               .message = fmt::format("the run took longer than {} of {}", key,
                                                      to_human(*limit))}};
  };
  take(plan_->workflow().timeout, "the workflow's 'timeout'");
  take(options_.timeout, "'--timeout'");
  return least;
}

void Runner::arm_limits() {
  if (auto least = limit()) timers_->spawn(limit_run(*std::move(least)));
}

/// What is left of a job's time: it does not pass while the run is suspended.
std::chrono::milliseconds Runner::left_of(JobId job) const {
  const spec::Job& written = *(*plan_)[job].job;
  const store::RunRecord& record = recorder_->record();
  const auto used = active_before(record) - active_when_begun(record, written.name);
  return std::max(*written.timeout - std::max(used, std::chrono::milliseconds(0)),
                  std::chrono::milliseconds(0));
}

/// Gates that an earlier process opened: those whose time has passed end here.
void Runner::arm_gates() {
  for (const auto& [step, asked_at] : std::map(asked_at_.begin(), asked_at_.end())) {
    const auto limit = approval_limit(*state_.planned(step).step);
    if (!limit) continue;
    const auto left = asked_at + *limit - services_.clock.now();
    if (left.count() <= 0) {
      end_gate(step, gate_timeout(*limit));
    } else {
      timers_->spawn(limit_gate(step, left));
    }
  }
}

Task<> Runner::limit_run(RunLimit limit) {
  const auto slept = co_await sleep_for(limit.left);
  if (slept) stop(std::move(limit.cause));
  co_return Result<>{};
}

Task<> Runner::limit_job(JobId job, std::chrono::milliseconds left) {
  auto slept = co_await sleep_for(left);
  if (!slept) co_return Result<>{};
  StopCause cause{
      .reason = "timeout",
      .message = fmt::format("job '{}' took longer than its 'timeout' of {}",
                             (*plan_)[job].job->name, to_human(*(*plan_)[job].job->timeout))};
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
  end_gate(step, gate_timeout(*approval_limit(*state_.planned(step).step)));
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

}  // namespace swamp::engine
