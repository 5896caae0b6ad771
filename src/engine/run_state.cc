#include "engine/run_state.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

namespace swamp::engine {
namespace {

bool is_terminal(NodeStatus status) {
  return status == NodeStatus::succeeded || status == NodeStatus::failed ||
         status == NodeStatus::skipped;
}

std::size_t cap_of(const spec::Job& job, const spec::Workflow& workflow) {
  const int own = job.concurrency.value_or(0);
  return static_cast<std::size_t>(own > 0 ? own : workflow.concurrency.value_or(0));
}

std::size_t cap_of(const spec::Step& step) {
  return static_cast<std::size_t>(step.concurrency.value_or(0));
}

}  // namespace

RunState::RunState(std::shared_ptr<const Plan> plan, const Past& past) : plan_(std::move(plan)) {
  jobs_.resize(plan_->jobs().size());
  steps_.resize(plan_->steps().size());
  by_rank_.resize(jobs_.size());
  open_jobs_ = jobs_.size();
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    const PlannedJob& planned = plan_->jobs()[i];
    by_rank_[planned.rank] = JobId(i);
    jobs_[i].open_needs = static_cast<std::uint32_t>(planned.needs.size());
    jobs_[i].open_steps = planned.step_count;
    jobs_[i].queue = ReadyQueue(cap_of(*planned.job, plan_->workflow()));
  }
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    steps_[i].open_needs = static_cast<std::uint32_t>(plan_->steps()[i].needs.size());
    steps_[i].home = StepId(i);
  }
  recall(past);
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    if (jobs_[i].open_needs == 0) decide_job(JobId(i));
  }
  drain();
}

std::vector<StepToStart> RunState::take_ready(std::size_t most) {
  std::vector<StepToStart> taken;
  while (taken.size() < most && !runnable_jobs_.empty()) {
    const JobId job = by_rank_[*runnable_jobs_.begin()];
    const StepId step = at(job).queue.take();
    at(step).phase = Phase::taken;
    ++taken_;
    const bool is_template = planned(step).step->for_each && !is_iteration(step);
    taken.push_back(
        {.step = step,
         .action = is_template ? StepToStart::Action::expand : StepToStart::Action::run});
    update_runnable(job);
  }
  return taken;
}

std::vector<Effect> RunState::take_effects() {
  return std::exchange(effects_, {});
}

RunStatus RunState::status() const {
  if (is_suspended()) return RunStatus::suspended;
  if (!is_done()) return RunStatus::running;
  if (stopped_) return RunStatus::cancelled;
  return any_failed_ ? RunStatus::failed : RunStatus::succeeded;
}

void RunState::begin(StepId step) {
  assert(at(step).phase == Phase::taken);
  at(step).status = NodeStatus::running;
}

void RunState::end(StepId step, StepEnding ending) {
  assert(at(step).phase == Phase::taken || at(step).phase == Phase::waiting);
  assert(is_terminal(ending.status));
  if (at(step).phase == Phase::taken) release(step);
  settle(step, std::move(ending));
  drain();
}

void RunState::await_approval(StepId step) {
  assert(at(step).phase == Phase::taken);
  release(step);
  at(step).phase = Phase::waiting;
  at(step).status = NodeStatus::waiting_approval;
  const JobNode& job = at(job_of(step));
  // Nobody is asked about a run or job that has been stopped.
  if (std::max(mode_, job.mode) >= Admission::stopping) {
    const StopCause of_run = stopped_.value_or(StopCause{});
    effects_.push_back(StepMustEnd{step, job.stopped.value_or(of_run)});
  }
  maybe_idle_.push_back(job_of(step));
  drain();
}

Result<> RunState::expand(StepId step, std::vector<std::string> names) {
  assert(at(step).phase == Phase::taken);
  SWAMP_CHECK(check_names(step, names));
  release(step);
  add_iterations(step, std::move(names));
  make_ready(step);
  drain();
  return {};
}

void RunState::stop(StopCause cause) {
  if (is_done()) return;
  if (!stopped_) stopped_ = cause;
  restrict_all(Admission::stopping, cause);
  drain();
}

void RunState::stop_job(JobId job, StopCause cause) {
  restrict_job(job, Admission::stopping, cause);
  drain();
}

void RunState::halt() {
  restrict_all(Admission::halted, stopped_.value_or(StopCause{}));
  drain();
}

void RunState::halt_job(JobId job) {
  restrict_job(job, Admission::halted, at(job).stopped.value_or(StopCause{}));
  drain();
}

// Steps.

bool RunState::is_admitted(StepId step) const {
  const auto& needs = planned(step).needs;
  return admits(mode_of(jobs_[job_of(step).index()]), std::span(needs),
                [&](StepId id) { return status(id); });
}

/// Called when everything that the step needs has ended and its job has begun.
void RunState::decide_step(StepId step) {
  if (at(step).phase != Phase::blocked) return;
  if (is_admitted(step)) {
    make_ready(step);
  } else {
    skip_step(step);
  }
}

void RunState::make_ready(StepId step) {
  const auto expansion = expansions_.find(step);
  if (expansion == expansions_.end()) {
    enqueue(step);
    return;
  }
  at(step).phase = Phase::expanded;
  if (expansion->second.open == 0) {
    settle(step, StepEnding{});  // no items: there was nothing that could have failed
    effects_.push_back(TemplateFinished{step, StepEnding{}});
    return;
  }
  expansion->second.is_started = true;
  if (is_admitted(step)) {
    feed(step);
    return;
  }
  for (const StepId iteration : std::vector(expansion->second.iterations)) {
    if (at(iteration).phase == Phase::held) skip_step(iteration);
  }
}

/// Lets iterations into the job's queue as far as the cap of their forEach allows.
void RunState::feed(StepId template_step) {
  Expansion& expansion = expansions_.at(template_step);
  const std::size_t cap = cap_of(*planned(template_step).step);
  while (expansion.next < expansion.iterations.size() && (cap == 0 || expansion.in_flight < cap)) {
    const StepId iteration = expansion.iterations[expansion.next++];
    if (at(iteration).phase != Phase::held) continue;
    ++expansion.in_flight;
    enqueue(iteration);
  }
}

void RunState::enqueue(StepId step) {
  const JobId job = job_of(step);
  at(step).phase = Phase::ready;
  at(job).queue.add(planned(step).rank, step, counting_of(step));
  if (at(job).phase == JobPhase::parked) queue_job(job);
  update_runnable(job);
}

/// A step that has become ready will not be taken after all.
void RunState::leave_queue(StepId step) {
  at(job_of(step)).queue.remove(planned(step).rank, step, counting_of(step));
  if (is_iteration(step)) --expansions_.at(template_of(step)).in_flight;
  update_runnable(job_of(step));
}

ReadyQueue::Counting RunState::counting_of(StepId step) const {
  const PlannedStep& planned_step = planned(step);
  const bool has_job_cap = (*plan_)[planned_step.job].job->concurrency.value_or(0) > 0;
  const bool has_own_cap = planned_step.step->for_each && cap_of(*planned_step.step) > 0;
  return has_job_cap || !has_own_cap ? ReadyQueue::Counting::counted
                                     : ReadyQueue::Counting::uncounted;
}

/// A taken step gives back its places.
void RunState::release(StepId step) {
  --taken_;
  at(job_of(step)).queue.release(counting_of(step));
  if (is_iteration(step)) {
    Expansion& expansion = expansions_.at(template_of(step));
    --expansion.in_flight;
    if (expansion.is_started && is_admitted(step)) feed(template_of(step));
  }
  update_runnable(job_of(step));
}

std::string RunState::skip_reason(StepId step) const {
  const auto& needs = planned(step).needs;
  const JobNode& job = jobs_[job_of(step).index()];
  const bool hold = all_hold(std::span(needs), [&](StepId id) { return status(id); });
  if (!hold || mode_of(job) == Admission::normal) return "dependency";
  if (mode_of(job) == Admission::failing_fast) return "fail fast";
  if (job.stopped) return job.stopped->reason;
  return stopped_ ? stopped_->reason : "cancelled";
}

void RunState::skip_step(StepId step) {
  if (at(step).phase == Phase::ready) leave_queue(step);
  const std::string reason = skip_reason(step);
  effects_.push_back(StepSkipped{step, reason});
  settle(step, StepEnding{.status = NodeStatus::skipped, .reason = reason});
}

void RunState::settle(StepId step, StepEnding ending) {
  StepNode& node = at(step);
  node.phase = Phase::done;
  node.status = ending.status;
  node.allowed = ending.status == NodeStatus::failed && ending.allowed;
  node.reason = std::move(ending.reason);
  settled_.push_back(step);
  if (node.status == NodeStatus::failed && !node.allowed) fail_fast(step);
}

/// Tells what depends on it about one node that has ended. Whether there was one.
bool RunState::drain_settled() {
  if (!settled_.empty()) {
    const StepId step = settled_.front();
    settled_.pop_front();
    is_iteration(step) ? settle_iteration(step) : settle_planned(step);
    return true;
  }
  if (settled_jobs_.empty()) return false;
  const JobId job = settled_jobs_.front();
  settled_jobs_.pop_front();
  settle_job(job);
  return true;
}

/// Lets everything follow that follows. A worklist rather than recursion: a chain of skips may be
/// as long as the file. Places of jobs are given away only when nothing else is left to tell, so
/// that no job loses its own in between.
void RunState::drain() {
  while (drain_settled() || park_idle_jobs() || admit_jobs()) {
  }
}

void RunState::settle_iteration(StepId step) {
  Expansion& expansion = expansions_.at(template_of(step));
  const StepNode& node = at(step);
  expansion.any_failed |= node.status == NodeStatus::failed;
  expansion.any_unallowed |= node.status == NodeStatus::failed && !node.allowed;
  expansion.all_skipped &= node.status == NodeStatus::skipped;
  maybe_idle_.push_back(job_of(step));
  if (--expansion.open > 0 || at(template_of(step)).phase == Phase::done) return;
  StepEnding ending;
  if (expansion.any_failed) {
    ending = {.status = NodeStatus::failed, .allowed = !expansion.any_unallowed};
  } else if (expansion.all_skipped) {
    ending = {.status = NodeStatus::skipped};
  }
  effects_.push_back(TemplateFinished{template_of(step), ending});
  settle(template_of(step), std::move(ending));
}

void RunState::settle_planned(StepId step) {
  const JobId job = job_of(step);
  const StepNode& node = at(step);
  if (node.status == NodeStatus::failed && !node.allowed) at(job).failed = any_failed_ = true;
  const bool has_begun =
      at(job).phase == JobPhase::active || at(job).phase == JobPhase::parked ||
      (at(job).phase == JobPhase::queued && at(job).status == NodeStatus::running);
  for (const StepId next : (*plan_)[step].unlocks) {
    if (--at(next).open_needs == 0 && has_begun) decide_step(next);
  }
  if (--at(job).open_steps == 0 && at(job).phase != JobPhase::done) {
    finish_job(job, at(job).failed ? NodeStatus::failed : NodeStatus::succeeded);
  } else {
    maybe_idle_.push_back(job);
  }
}

// Iterations and names.

const std::string& RunState::name(StepId step) const {
  if (is_iteration(step)) return iteration_names_[step.index() - plan_->steps().size()];
  return (*plan_)[step].step->name.text();
}

StepId RunState::template_of(StepId step) const {
  return at(step).home;
}

const std::vector<StepId>& RunState::iterations(StepId step) const {
  static const std::vector<StepId> kNone;
  const auto expansion = expansions_.find(step);
  return expansion == expansions_.end() ? kNone : expansion->second.iterations;
}

std::optional<StepId> RunState::find_step(JobId job, std::string_view name) const {
  const auto& names = names_of(job);
  const auto found = names.find(name);
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

const std::unordered_map<std::string_view, StepId>& RunState::names_of(JobId job) const {
  const auto [entry, is_new] = names_.try_emplace(job);
  if (is_new) {
    const PlannedJob& planned = (*plan_)[job];
    for (std::size_t i = 0; i < planned.step_count; ++i) {
      const StepId step(planned.first_step.index() + i);
      entry->second.emplace((*plan_)[step].step->name.text(), step);
    }
  }
  return entry->second;
}

Result<> RunState::check_names(StepId step, const std::vector<std::string>& names) {
  const auto& taken = names_of(job_of(step));
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto [first, is_new] = seen.emplace(names[i], i);
    if (!is_new) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("items {} and {} of step '{}' both make a step '{}'", first->second,
                              i, name(step), names[i]),
                  "put something that differs between the items into the step's name");
    }
    const auto other = taken.find(names[i]);
    if (other == taken.end() || other->second == step) continue;
    return fail(
        ErrorCode::invalid_input,
        fmt::format("item {} of step '{}' makes a step '{}', a name that job '{}' has already", i,
                    name(step), names[i], (*plan_)[job_of(step)].job->name),
        "rename one of the two");
  }
  return {};
}

void RunState::add_iterations(StepId step, std::vector<std::string> names) {
  names_of(job_of(step));
  auto& known = names_.at(job_of(step));
  Expansion& expansion = expansions_[step];
  expansion.open = names.size();
  for (std::string& name : names) {
    const StepId id(steps_.size());
    steps_.push_back({.phase = Phase::held,
                      .index = static_cast<std::uint32_t>(expansion.iterations.size()),
                      .home = step});
    iteration_names_.push_back(std::move(name));
    known.insert_or_assign(iteration_names_.back(), id);
    expansion.iterations.push_back(id);
  }
}

}  // namespace swamp::engine
