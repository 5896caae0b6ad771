// The jobs of a RunState: when they begin and end, and how they are stopped.

#include <cassert>

#include "engine/run_state.h"

namespace swamp::engine {

Admission RunState::mode_of(const JobNode& job) const {
  return narrowed(job.mode, less(mode_, job.spared));
}

bool RunState::is_admitted(JobId job) const {
  const auto& needs = (*plan_)[job].needs;
  return admits(mode_, std::span(needs), [&](JobId id) { return status(id); });
}

/// Called when everything that the job needs has ended.
void RunState::decide_job(JobId job) {
  if (at(job).phase != JobPhase::blocked) return;
  if (at(job).has_begun || is_admitted(job)) {
    queue_job(job);
  } else {
    skip_job(job);
  }
}

void RunState::queue_job(JobId job) {
  at(job).phase = JobPhase::queued;
  queued_jobs_.insert((*plan_)[job].rank);
}

/// Gives the free places to jobs that wait for one. Whether any got one.
bool RunState::admit_jobs() {
  const auto cap = static_cast<std::size_t>(plan_->workflow().concurrency.value_or(0));
  if (queued_jobs_.empty() || (cap != 0 && active_jobs_ >= cap)) return false;
  const JobId job = by_rank_[*queued_jobs_.begin()];
  queued_jobs_.erase(queued_jobs_.begin());
  ++active_jobs_;
  at(job).phase = JobPhase::active;
  if (at(job).status == NodeStatus::pending) begin_job(job);
  update_runnable(job);
  maybe_idle_.push_back(job);
  return true;
}

void RunState::begin_job(JobId job) {
  at(job).status = NodeStatus::running;
  at(job).has_begun = true;
  at(job).spared = is_admitted(job) ? mode_ : Admission::normal;
  effects_.push_back(JobBegan{job});
  const PlannedJob& planned = (*plan_)[job];
  for (std::size_t i = 0; i < planned.step_count; ++i) {
    const StepId step(planned.first_step.index() + i);
    if (at(step).open_needs == 0) decide_step(step);
  }
}

/// A job in which nothing runs or can start gives its place to another: only gates hold it up.
void RunState::park_if_idle(JobId job) {
  JobNode& node = at(job);
  if (node.phase != JobPhase::active || node.queue.running() > 0 || !node.queue.empty()) return;
  node.phase = JobPhase::parked;
  --active_jobs_;
}

bool RunState::park_idle_jobs() {
  if (maybe_idle_.empty()) return false;
  for (const JobId job : maybe_idle_) {
    park_if_idle(job);
  }
  maybe_idle_.clear();
  return true;
}

void RunState::update_runnable(JobId job) {
  const std::uint32_t rank = (*plan_)[job].rank;
  if (at(job).phase == JobPhase::active && at(job).queue.has_next()) {
    runnable_jobs_.insert(rank);
  } else {
    runnable_jobs_.erase(rank);
  }
}

void RunState::finish_job(JobId job, NodeStatus status) {
  JobNode& node = at(job);
  if (node.phase == JobPhase::active) --active_jobs_;
  if (node.phase == JobPhase::queued) queued_jobs_.erase((*plan_)[job].rank);
  node.phase = JobPhase::done;
  node.status = status;
  update_runnable(job);
  --open_jobs_;
  effects_.push_back(JobFinished{job, status});
  settled_jobs_.push_back(job);
}

/// What is left of the job is skipped with it, without a word of its own.
void RunState::skip_job(JobId job) {
  const bool all_skipped = at(job).open_steps == (*plan_)[job].step_count;
  for (const StepId step : all_steps(job)) {
    StepNode& node = at(step);
    if (node.phase == Phase::done) continue;
    node.phase = Phase::done;
    node.status = NodeStatus::skipped;
    node.reason = "dependency";
  }
  at(job).open_steps = 0;
  const NodeStatus ended = at(job).failed ? NodeStatus::failed : NodeStatus::succeeded;
  finish_job(job, all_skipped ? NodeStatus::skipped : ended);
}

void RunState::settle_job(JobId job) {
  for (const JobId next : (*plan_)[job].unlocks) {
    if (--at(next).open_needs == 0) decide_job(next);
  }
}

std::vector<StepId> RunState::all_steps(JobId job) const {
  const PlannedJob& planned = (*plan_)[job];
  std::vector<StepId> steps;
  for (std::size_t i = 0; i < planned.step_count; ++i) {
    const StepId step(planned.first_step.index() + i);
    steps.push_back(step);
    const auto& more = iterations(step);
    steps.insert(steps.end(), more.begin(), more.end());
  }
  return steps;
}

// Stopping.

void RunState::fail_fast(StepId cause) {
  const JobId job = job_of(cause);
  const StopCause why{.reason = "cancelled",
                      .message = "stopped because step '" + name(cause) + "' failed"};
  if (plan_->workflow().fail_fast && mode_ == Admission::normal) {
    restrict_all(Admission::failing_fast, why);
  } else if ((*plan_)[job].job->fail_fast && mode_of(at(job)) == Admission::normal) {
    restrict_job(job, Admission::failing_fast, why);
  }
}

void RunState::restrict_job(JobId job, Admission mode, const StopCause& cause) {
  JobNode& node = at(job);
  if (node.phase == JobPhase::done || mode <= node.mode) return;
  node.mode = narrowed(node.mode, mode);
  if (mode >= Admission::stopping && !node.stopped) node.stopped = cause;
  apply_mode(job, cause);
}

void RunState::restrict_all(Admission mode, const StopCause& cause) {
  if (mode <= mode_) return;
  mode_ = narrowed(mode_, mode);
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    apply_mode(JobId(i), cause);
  }
}

/// Looks again at everything in the job that runs or was allowed to start.
void RunState::apply_mode(JobId job, const StopCause& cause) {
  JobNode& node = at(job);
  if (node.phase == JobPhase::done || node.phase == JobPhase::blocked) return;
  if (!node.has_begun) {
    if (is_admitted(job)) return;
    queued_jobs_.erase((*plan_)[job].rank);
    skip_job(job);
    return;
  }
  for (const StepId step : all_steps(job)) {
    switch (at(step).phase) {
      case Phase::taken:
      case Phase::waiting:
        effects_.push_back(StepMustEnd{step, cause});
        break;
      case Phase::ready:
      case Phase::held:
        if (!is_admitted(step)) skip_step(step);
        break;
      default:
        break;
    }
  }
}

}  // namespace swamp::engine
