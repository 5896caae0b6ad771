// What a RunState takes over from an earlier process.

#include "engine/run_state.h"

namespace swamp::engine {

namespace {

bool is_over(NodeStatus status) {
  return status == NodeStatus::succeeded || status == NodeStatus::failed ||
         status == NodeStatus::skipped;
}

}  // namespace

void RunState::recall(const Past& past) {
  for (const Past::Job& job : past.jobs) {
    if (const auto id = plan_->find_job(job.name)) recall_job(*id, job);
  }
  if (past.failures_stop) recall_failures();
  while (drain_settled()) {
  }
  drop_known_effects(past);
}

void RunState::recall_job(JobId job, const Past::Job& past) {
  const bool is_whole = past.steps.size() >= (*plan_)[job].step_count;
  if (past.status == NodeStatus::skipped) {
    if (is_whole) skip_job(job);
    return;
  }
  at(job).has_begun = past.status != NodeStatus::pending;
  for (const Past::Expansion& expansion : past.expansions) {
    const auto step = find_step(job, expansion.step);
    const bool is_template = step && !is_iteration(*step) && planned(*step).step->for_each;
    if (!is_template || is_expanded(*step) || !check_names(*step, expansion.names)) continue;
    add_iterations(*step, expansion.names);
  }
  for (const Past::Step& step : past.steps) {
    if (const auto id = find_step(job, step.name)) recall_step(*id, step);
  }
}

void RunState::recall_step(StepId step, const Past::Step& past) {
  StepNode& node = at(step);
  if (node.phase == Phase::done || is_expanded(step)) return;
  if (past.status == NodeStatus::waiting_approval) {
    node.status = past.status;
    node.phase = Phase::waiting;
  }
  if (!is_over(past.status)) return;
  node.status = past.status;
  node.phase = Phase::done;
  node.reason = past.reason;
  node.allowed = past.status == NodeStatus::failed && past.allowed;
  settled_.push_back(step);
}

void RunState::recall_failures() {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const StepId step(i);
    if (at(step).status != NodeStatus::failed || at(step).allowed) continue;
    const JobId job = job_of(step);
    if (plan_->workflow().fail_fast) mode_ = Admission::failing_fast;
    if ((*plan_)[job].job->fail_fast) at(job).mode = Admission::failing_fast;
  }
}

/// What was told in its time is not told again; that a job ended may have been lost.
void RunState::drop_known_effects(const Past& past) {
  std::erase_if(effects_, [&](const Effect& effect) {
    const auto* finished = std::get_if<JobFinished>(&effect);
    if (finished == nullptr) return true;
    const std::string& name = (*plan_)[finished->job].job->name;
    return std::any_of(past.jobs.begin(), past.jobs.end(), [&](const Past::Job& job) {
      return job.name == name && is_over(job.status);
    });
  });
}

}  // namespace swamp::engine
