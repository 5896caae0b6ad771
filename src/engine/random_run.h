#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include "engine/play.h"

// Random graphs with random outcomes, played with a RunState, for properties.
namespace swamp::engine::test {

inline When random_condition(int depth = 2) {
  const auto kind = *rc::gen::element<std::string>("always", "succeeded", "failed", "completed",
                                                   "skipped", "and", "or", "not");
  if (kind == "not")
    return depth == 0 ? When{"failed"} : When{"not", {random_condition(depth - 1)}};
  if (kind == "and" || kind == "or") {
    if (depth == 0) return When{"completed"};
    return When{kind, {random_condition(depth - 1), random_condition(depth - 1)}};
  }
  return When{kind};
}

inline std::vector<On> random_needs(const std::vector<std::string>& earlier) {
  std::vector<On> needs;
  for (const std::string& name : earlier) {
    if (*rc::gen::inRange(0, 4) == 0) needs.push_back({name, random_condition()});
  }
  return needs;
}

/// A graph, and how each of its steps ends if it runs; a forEach has the iterations `<name>.<i>`.
struct RandomRun {
  FlowRow flow;
  std::set<std::string> failing;             // `job/step` or `job/step.i`; of a gate: rejected
  std::map<std::string, std::size_t> items;  // of a forEach
  std::set<std::string> gates;               // `job/step`: it, or each of its iterations, waits
};

/// `gate_share`: one step in so many is a gate; 0: none.
inline RandomRun random_run(int gate_share = 0) {
  RandomRun run;
  std::vector<std::string> job_names;
  const int job_count = *rc::gen::inRange(1, 5);
  for (int j = 0; j < job_count; ++j) {
    JobRow job{.name = "j" + std::to_string(j), .needs = random_needs(job_names)};
    job.concurrency = *rc::gen::element<std::optional<int>>(std::nullopt, 0, 1, 2);
    job.weight = *rc::gen::inRange(-2, 2);
    std::vector<std::string> step_names;
    const int step_count = *rc::gen::inRange(1, 7);
    for (int s = 0; s < step_count; ++s) {
      Row step{.name = "s" + std::to_string(s), .needs = random_needs(step_names)};
      step.weight = *rc::gen::inRange(-2, 2);
      step.allow_failure = *rc::gen::inRange(0, 3) == 0;
      step.each = *rc::gen::inRange(0, 4) == 0;
      step.concurrency = *rc::gen::element<std::optional<int>>(std::nullopt, 1, 2);
      const std::string path = job.name + "/" + step.name;
      if (gate_share > 0 && *rc::gen::inRange(0, gate_share) == 0) run.gates.insert(path);
      const auto count = step.each ? *rc::gen::inRange<std::size_t>(0, 4) : 1;
      if (step.each) run.items[path] = count;
      for (std::size_t i = 0; i < count; ++i) {
        if (*rc::gen::inRange(0, 3) == 0)
          run.failing.insert(step.each ? path + "." + std::to_string(i) : path);
      }
      step_names.push_back(step.name);
      job.steps.push_back(std::move(step));
    }
    job_names.push_back(job.name);
    run.flow.jobs.push_back(std::move(job));
  }
  run.flow.concurrency = *rc::gen::element<std::optional<int>>(std::nullopt, 1, 2);
  return run;
}

/// What becomes of every node, by going through them once in file order (needs point backwards). It
/// knows nothing of time.
class Model {
 public:
  explicit Model(const RandomRun& run) : run_(run) {
    for (const JobRow& job : run.flow.jobs)
      run_job(job);
  }

  std::map<std::string, NodeStatus> jobs;
  std::map<std::string, NodeStatus> steps;  // templates with their aggregate

 private:
  void run_job(const JobRow& job) {
    const bool runs = hold(job.needs, jobs, "");
    bool failed = false;
    for (const Row& step : job.steps) {
      const std::string path = job.name + "/" + step.name;
      steps[path] = runs && hold(step.needs, steps, job.name + "/") ? outcome(step, path)
                                                                    : NodeStatus::skipped;
      failed |= steps[path] == NodeStatus::failed && !step.allow_failure;
    }
    jobs[job.name] = !runs    ? NodeStatus::skipped
                     : failed ? NodeStatus::failed
                              : NodeStatus::succeeded;
  }

  NodeStatus outcome(const Row& step, const std::string& path) const {
    bool fails = run_.failing.count(path) != 0;
    if (step.each) {
      for (std::size_t i = 0; i < run_.items.at(path); ++i) {
        fails |= run_.failing.count(path + "." + std::to_string(i)) != 0;
      }
    }
    return fails ? NodeStatus::failed : NodeStatus::succeeded;
  }

  static bool hold(const std::vector<On>& needs, const std::map<std::string, NodeStatus>& ended,
                   const std::string& prefix) {
    return std::all_of(needs.begin(), needs.end(), [&](const On& on) {
      return spec::holds(condition_of(on.when), ending_of(ended.at(prefix + on.target)));
    });
  }

  const RandomRun& run_;
};

/// Lets a RunState run with endings in random order. Checks at every moment that no cap is passed,
/// that the lighter and earlier start first, and that nothing starts which a failure or a stop
/// forbids.
class Simulation {
 public:
  explicit Simulation(const RandomRun& run, const Past& past = {})
      : run_(run), state_(plan_of(run.flow), past) {}

  RunState& state() { return state_; }

  /// Starts what may start and ends one of those that run. Whether there was one.
  bool step(std::size_t most) {
    hear();
    const auto taken = state_.take_ready(most - running_.size());
    hear();  // a job whose place was free only now began with that
    check_order(taken);
    for (const StepToStart& next : taken) {
      check_may_start(next.step);
      if (next.action == StepToStart::Action::run) state_.begin(next.step);
      running_.push_back(next);
    }
    check_caps();
    if (running_.empty()) return false;
    const auto pick = *rc::gen::inRange<std::size_t>(0, running_.size());
    const StepToStart next = running_[pick];
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(pick));
    finish(next);
    return true;
  }

  void run(std::size_t most) {
    while (step(most)) {
    }
  }

  void stop() {
    hear();
    was_stopped_ = true;
    state_.stop({});
    hear();
    for (const StepToStart& next : running_)
      RC_ASSERT(to_end_.count(next.step.index()) != 0);
  }

  std::string path(StepId step) const {
    return state_.plan()[state_.planned(step).job].job->name + "/" + state_.name(step);
  }

  /// What a process that died now leaves for the next; a gate that waits has been decided when
  /// `decide` says so.
  template <class Decide>
  Past past(Decide decide) const {
    Past past;
    for (std::size_t j = 0; j < state_.plan().jobs().size(); ++j) {
      past.jobs.push_back(
          {.name = state_.plan().jobs()[j].job->name, .status = state_.status(JobId(j))});
    }
    for (std::size_t i = 0; i < state_.step_count(); ++i) {
      const StepId step(i);
      Past::Job& job = past.jobs[state_.planned(step).job.index()];
      if (state_.is_expanded(step)) {
        Past::Expansion expansion{.step = state_.name(step)};
        for (const StepId iteration : state_.iterations(step))
          expansion.names.push_back(state_.name(iteration));
        job.expansions.push_back(std::move(expansion));
        continue;
      }
      Past::Step one{.name = state_.name(step),
                     .status = state_.status(step),
                     .allowed = state_.is_allowed_failure(step)};
      if (one.status == NodeStatus::waiting_approval && decide()) {
        const bool rejected = run_.failing.count(path(step)) != 0;
        one.status = rejected ? NodeStatus::failed : NodeStatus::succeeded;
        one.allowed = rejected && state_.planned(step).step->allow_failure;
      }
      job.steps.push_back(std::move(one));
    }
    return past;
  }
  Past past() const {
    return past([] { return false; });
  }

 private:
  void hear() {
    for (const Effect& effect : state_.take_effects()) {
      if (const auto* began = std::get_if<JobBegan>(&effect)) {
        check_may_begin(began->job);
        if (has_failed_) begun_after_failure_.insert(began->job.index());
        if (was_stopped_) begun_after_stop_.insert(began->job.index());
      }
      const auto* must = std::get_if<StepMustEnd>(&effect);
      if (must == nullptr) continue;
      if (state_.status(must->step) == NodeStatus::waiting_approval) {
        ended_gates_.insert(must->step.index());
        note_failure(must->step);
        state_.end(must->step, {.status = NodeStatus::failed});
        continue;
      }
      // Two rules in a row may both name a gate, which has ended with the first.
      if (ended_gates_.count(must->step.index()) != 0) continue;
      RC_ASSERT(state_.is_taken(must->step));
      to_end_.insert(must->step.index());
    }
  }

  void finish(const StepToStart& next) {
    const bool is_ended = to_end_.count(next.step.index()) != 0;
    if (next.action == StepToStart::Action::expand && !is_ended) {
      std::vector<std::string> names;
      for (std::size_t i = 0; i < run_.items.at(path(next.step)); ++i) {
        names.push_back(state_.name(next.step) + "." + std::to_string(i));
      }
      RC_ASSERT(state_.expand(next.step, std::move(names)).has_value());
      return;
    }
    const std::string& job = state_.plan()[state_.planned(next.step).job].job->name;
    if (run_.gates.count(job + "/" + state_.name(state_.template_of(next.step))) != 0 &&
        !is_ended) {
      state_.await_approval(next.step);
      return;
    }
    const bool fails = is_ended || run_.failing.count(path(next.step)) != 0;
    const bool is_allowed = state_.planned(next.step).step->allow_failure;
    if (fails && !is_allowed) note_failure(next.step);
    state_.end(next.step, {.status = fails ? NodeStatus::failed : NodeStatus::succeeded,
                           .allowed = is_allowed});
    hear();
    if (fails && !is_allowed) check_all_are_ended(next.step);
  }

  // What a failure or a stop forbids.

  void note_failure(StepId step) {
    hear();
    has_failed_ |= stops_run();
    if (stops_job(state_.planned(step).job)) failed_jobs_.insert(state_.planned(step).job.index());
  }

  /// Whether a failure that is not allowed counts now: what is being stopped fails for that alone.
  bool stops_run() const { return run_.flow.fail_fast && !was_stopped_; }
  bool stops_job(JobId job) const {
    return row_of(job).fail_fast && (!was_stopped_ || begun_after_stop_.count(job.index()) != 0);
  }

  const JobRow& row_of(JobId job) const { return run_.flow.jobs[job.index()]; }

  /// After the first failure of a scope that fails fast everything in it has been told to end.
  void check_all_are_ended(StepId cause) {
    const JobId job = state_.planned(cause).job;
    for (const StepToStart& next : running_) {
      const JobId other = state_.planned(next.step).job;
      const bool is_spared = begun_after_failure_.count(other.index()) != 0 ||
                             about_failure_.count(next.step.index()) != 0;
      const bool in_scope = stops_run() || (other == job && stops_job(job));
      if (in_scope && !is_spared) RC_ASSERT(to_end_.count(next.step.index()) != 0);
    }
  }

  template <class Id>
  bool is_about_a_failure(const std::vector<Need<Id>>& needs) const {
    return std::any_of(needs.begin(), needs.end(), [&](const Need<Id>& need) {
      return state_.status(need.upstream) == NodeStatus::failed &&
             is_about_failure(*need.condition);
    });
  }

  template <class Id>
  static bool is_for_clean_up(const std::vector<Need<Id>>& needs) {
    return !needs.empty() && std::all_of(needs.begin(), needs.end(), [](const Need<Id>& need) {
      return is_clean_up(*need.condition);
    });
  }

  void check_may_begin(JobId job) const {
    const auto& needs = state_.plan()[job].needs;
    if (has_failed_) RC_ASSERT(is_about_a_failure(needs));
    if (was_stopped_) RC_ASSERT(is_for_clean_up(needs));
  }

  void check_may_start(StepId step) {
    const PlannedStep& planned = state_.planned(step);
    const auto job = planned.job.index();
    const bool run_failed = has_failed_ && begun_after_failure_.count(job) == 0;
    const bool job_failed = failed_jobs_.count(job) != 0;
    if (run_failed || job_failed) {
      RC_ASSERT(is_about_a_failure(planned.needs));
      about_failure_.insert(step.index());
    }
    if (was_stopped_ && begun_after_stop_.count(job) == 0)
      RC_ASSERT(is_for_clean_up(planned.needs));
  }

  // Order and caps.

  void check_order(const std::vector<StepToStart>& taken) const {
    const auto key = [&](const StepToStart& next) {
      const PlannedStep& planned = state_.planned(next.step);
      return std::tuple(state_.plan()[planned.job].rank, planned.rank);
    };
    RC_ASSERT(std::is_sorted(taken.begin(), taken.end(),
                             [&](const auto& a, const auto& b) { return key(a) < key(b); }));
  }

  void check_caps() {
    std::map<std::size_t, int> by_job;
    std::map<std::size_t, int> by_template;
    for (const StepToStart& next : running_) {
      const JobId job = state_.planned(next.step).job;
      if (state_.is_iteration(next.step)) ++by_template[state_.template_of(next.step).index()];
      ++by_job[job.index()];
    }
    for (const auto& [job, count] : by_job) {
      const int cap = state_.plan()[JobId(job)].job->concurrency.value_or(0);
      RC_ASSERT(cap == 0 || count <= cap);
    }
    for (const auto& [step, count] : by_template) {
      const int cap = state_.plan()[StepId(step)].step->concurrency.value_or(0);
      RC_ASSERT(cap == 0 || count <= cap);
    }
    const int jobs = run_.flow.concurrency.value_or(0);
    RC_ASSERT(jobs == 0 || static_cast<int>(by_job.size()) <= jobs);
  }

  const RandomRun& run_;
  RunState state_;
  std::vector<StepToStart> running_;
  std::set<std::size_t> to_end_;
  std::set<std::size_t> ended_gates_;
  bool was_stopped_ = false;
  bool has_failed_ = false;                    // in a workflow that fails fast
  std::set<std::size_t> failed_jobs_;          // that fail fast and have
  std::set<std::size_t> begun_after_failure_;  // jobs
  std::set<std::size_t> begun_after_stop_;     // jobs
  std::set<std::size_t> about_failure_;        // steps that started in spite of one
};

}  // namespace swamp::engine::test
