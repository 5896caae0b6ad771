#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/graph_notation.h"
#include "engine/run_state.h"

// Plays a RunState by hand, with steps called by their names.
namespace swamp::engine::test {

class Play {
 public:
  explicit Play(std::shared_ptr<const Plan> plan, const Past& past = {})
      : state_(std::move(plan), past) {
    hear();
  }
  explicit Play(const FlowRow& row, const Past& past = {}) : Play(plan_of(row), past) {}
  explicit Play(std::vector<Row> steps) : Play(plan_of(std::move(steps))) {}

  RunState& state() { return state_; }

  /// Takes what may start (at most `most`) and begins it, a forEach excepted; its names, a job's
  /// other than `main` in front.
  std::string start(std::size_t most = 1000) {
    std::string names;
    for (const StepToStart& next : state_.take_ready(most)) {
      if (next.action == StepToStart::Action::run) state_.begin(next.step);
      names += (names.empty() ? "" : " ") + label(next.step);
    }
    hear();
    return names;
  }

  void end(const std::string& step) { end_as(step, {}); }
  void fail(const std::string& step) {
    const bool allowed = state_.planned(id(step)).step->allow_failure;
    end_as(step, {.status = NodeStatus::failed, .allowed = allowed});
  }
  void skip(const std::string& step) {
    end_as(step, {.status = NodeStatus::skipped, .reason = "guarded"});
  }
  void wait(const std::string& step) {
    state_.await_approval(id(step));
    hear();
  }
  Result<> expand(const std::string& step, std::vector<std::string> names) {
    auto result = state_.expand(id(step), std::move(names));
    hear();
    return result;
  }
  void stop(const std::string& reason = "cancelled") {
    state_.stop({.reason = reason});
    hear();
  }
  void stop_job(const std::string& job, const std::string& reason) {
    state_.stop_job(*state_.plan().find_job(job), {.reason = reason});
    hear();
  }
  void halt() {
    state_.halt();
    hear();
  }

  /// Steps that were to be ended since the last call.
  std::string must_end() { return std::exchange(must_end_, {}); }

  /// What was told since the last call: `main:began`, `b:skipped(dependency)`, `main:failed`, …
  std::string heard() { return std::exchange(heard_, {}); }

  /// Every step with its state: `a+ b- c~ d? e* f.` (succeeded, failed, skipped, waiting, running,
  /// pending); an allowed failure is `(-)`.
  std::string states() const {
    std::string text;
    for (std::size_t i = 0; i < state_.step_count(); ++i) {
      const StepId step(i);
      if (!state_.is_iteration(step) && state_.is_expanded(step)) continue;
      text += (text.empty() ? "" : " ") + label(step) + mark(step);
    }
    return text;
  }

  std::string run_status() const { return std::string(to_string(state_.status())); }

  /// Runs to the end: steps named in `failures` fail, the lists of forEach are those of `lists`.
  /// Gives the order in which steps were taken.
  std::string run(const std::vector<std::string>& failures = {},
                  const std::map<std::string, std::vector<std::string>>& lists = {},
                  std::size_t most = 1000) {
    std::deque<StepToStart> running;
    std::string order;
    while (true) {
      for (const StepToStart& next : state_.take_ready(most - running.size())) {
        running.push_back(next);
        order += (order.empty() ? "" : " ") + label(next.step);
      }
      if (running.empty()) break;
      const StepToStart next = running.front();
      running.pop_front();
      finish(next, failures, lists);
    }
    hear();
    return order;
  }

 private:
  void finish(const StepToStart& next, const std::vector<std::string>& failures,
              const std::map<std::string, std::vector<std::string>>& lists) {
    const std::string name = label(next.step);
    if (next.action == StepToStart::Action::expand) {
      if (!state_.expand(next.step, lists.at(name)))
        state_.end(next.step, {.status = NodeStatus::failed});
      return;
    }
    state_.begin(next.step);
    const bool fails = std::find(failures.begin(), failures.end(), name) != failures.end();
    const bool allowed = state_.planned(next.step).step->allow_failure;
    state_.end(next.step,
               {.status = fails ? NodeStatus::failed : NodeStatus::succeeded, .allowed = allowed});
  }

  void end_as(const std::string& step, StepEnding ending) {
    state_.end(id(step), std::move(ending));
    hear();
  }

  StepId id(const std::string& name) const {
    for (std::size_t i = 0; i < state_.step_count(); ++i) {
      if (label(StepId(i)) == name) return StepId(i);
    }
    ADD_FAILURE() << "no step '" << name << "'";
    return StepId(0);
  }

  std::string label(StepId step) const {
    const std::string& job = state_.plan()[state_.planned(step).job].job->name;
    return (job == "main" ? "" : job + "/") + state_.name(step);
  }

  std::string mark(StepId step) const {
    switch (state_.status(step)) {
      case NodeStatus::pending:
        return ".";
      case NodeStatus::running:
        return "*";
      case NodeStatus::waiting_approval:
        return "?";
      case NodeStatus::succeeded:
        return "+";
      case NodeStatus::failed:
        return state_.is_allowed_failure(step) ? "(-)" : "-";
      case NodeStatus::skipped:
        return "~";
    }
    return "!";
  }

  std::string job_name(JobId job) const { return state_.plan()[job].job->name; }

  void hear() {
    for (const Effect& effect : state_.take_effects()) {
      if (const auto* must = std::get_if<StepMustEnd>(&effect)) {
        must_end_ += (must_end_.empty() ? "" : " ") + label(must->step);
      } else {
        heard_ += (heard_.empty() ? "" : " ") + text_of(effect);
      }
    }
  }

  std::string text_of(const Effect& effect) const {
    if (const auto* began = std::get_if<JobBegan>(&effect)) return job_name(began->job) + ":began";
    if (const auto* skipped = std::get_if<StepSkipped>(&effect)) {
      return label(skipped->step) + ":skipped(" + skipped->reason + ")";
    }
    if (const auto* finished = std::get_if<TemplateFinished>(&effect)) {
      return label(finished->step) + ":all " + std::string(to_string(finished->ending.status));
    }
    const auto& finished = std::get<JobFinished>(effect);
    return job_name(finished.job) + ":" + std::string(to_string(finished.status));
  }

  RunState state_;
  std::string must_end_;
  std::string heard_;
};

}  // namespace swamp::engine::test
