#include <algorithm>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "engine/play.h"

// Random graphs with random outcomes, held against a model that knows nothing of time: what a node
// becomes depends only on what it needs, whatever the order in which steps end and however many run
// at once.
namespace swamp::engine {
namespace {

using test::condition_of;
using test::FlowRow;
using test::JobRow;
using test::On;
using test::Row;
using test::When;

When random_condition(int depth = 2) {
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

std::vector<On> random_needs(const std::vector<std::string>& earlier) {
  std::vector<On> needs;
  for (const std::string& name : earlier) {
    if (*rc::gen::inRange(0, 4) == 0) needs.push_back({name, random_condition()});
  }
  return needs;
}

/// A graph, and how each of its steps ends if it runs; a forEach has the iterations `<name>.<i>`.
struct World {
  FlowRow flow;
  std::set<std::string> failing;             // `job/step` or `job/step.i`
  std::map<std::string, std::size_t> items;  // of a forEach
};

World random_world() {
  World world;
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
      const auto count = step.each ? *rc::gen::inRange<std::size_t>(0, 4) : 1;
      if (step.each) world.items[path] = count;
      for (std::size_t i = 0; i < count; ++i) {
        if (*rc::gen::inRange(0, 3) == 0)
          world.failing.insert(step.each ? path + "." + std::to_string(i) : path);
      }
      step_names.push_back(step.name);
      job.steps.push_back(std::move(step));
    }
    job_names.push_back(job.name);
    world.flow.jobs.push_back(std::move(job));
  }
  world.flow.concurrency = *rc::gen::element<std::optional<int>>(std::nullopt, 1, 2);
  return world;
}

/// What becomes of every node, by going through them once in file order (needs point backwards).
class Model {
 public:
  explicit Model(const World& world) : world_(world) {
    for (const JobRow& job : world.flow.jobs)
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
    bool fails = world_.failing.count(path) != 0;
    if (step.each) {
      for (std::size_t i = 0; i < world_.items.at(path); ++i) {
        fails |= world_.failing.count(path + "." + std::to_string(i)) != 0;
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

  const World& world_;
};

/// Lets a RunState run with endings in random order and checks at every moment that no cap is
/// passed.
class Simulation {
 public:
  explicit Simulation(const World& world, const Past& past = {})
      : world_(world), state_(test::plan_of(world.flow), past) {}

  RunState& state() { return state_; }

  /// Starts what may start and ends one of those that run. Whether there was one.
  bool step(std::size_t most) {
    hear();
    for (const StepToStart& next : state_.take_ready(most - running_.size())) {
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

  std::string path(StepId step) const {
    return state_.plan()[state_.planned(step).job].job->name + "/" + state_.name(step);
  }

 private:
  void hear() {
    for (const Effect& effect : state_.take_effects()) {
      const auto* must = std::get_if<StepMustEnd>(&effect);
      if (must == nullptr) continue;
      RC_ASSERT(state_.is_taken(must->step));
      to_end_.insert(must->step.index());
    }
  }

  void finish(const StepToStart& next) {
    const bool is_ended = to_end_.count(next.step.index()) != 0;
    if (next.action == StepToStart::Action::expand && !is_ended) {
      std::vector<std::string> names;
      for (std::size_t i = 0; i < world_.items.at(path(next.step)); ++i) {
        names.push_back(state_.name(next.step) + "." + std::to_string(i));
      }
      RC_ASSERT(state_.expand(next.step, std::move(names)).has_value());
      return;
    }
    const bool fails = is_ended || world_.failing.count(path(next.step)) != 0;
    state_.end(next.step, {.status = fails ? NodeStatus::failed : NodeStatus::succeeded,
                           .allowed = state_.planned(next.step).step->allow_failure});
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
    const int jobs = world_.flow.concurrency.value_or(0);
    RC_ASSERT(jobs == 0 || static_cast<int>(by_job.size()) <= jobs);
  }

  const World& world_;
  RunState state_;
  std::vector<StepToStart> running_;
  std::set<std::size_t> to_end_;
};

void compare(Simulation& simulation, const Model& model) {
  const RunState& state = simulation.state();
  RC_ASSERT(state.is_done());
  for (std::size_t i = 0; i < state.plan().jobs().size(); ++i) {
    RC_ASSERT(state.status(JobId(i)) == model.jobs.at(state.plan().jobs()[i].job->name));
  }
  for (std::size_t i = 0; i < state.plan().steps().size(); ++i) {
    RC_ASSERT(state.status(StepId(i)) == model.steps.at(simulation.path(StepId(i))));
  }
}

TEST(RunStatePropertyTest, OutcomesDependOnlyOnTheGraph) {
  EXPECT_TRUE(rc::check("every node ends as the model says", [] {
    const World world = random_world();
    Simulation simulation(world);
    simulation.run(*rc::gen::element<std::size_t>(1, 2, 3, 100));
    compare(simulation, Model(world));
  }));
}

/// What a process that died after some steps leaves for the next.
Past past_of(const RunState& state) {
  Past past;
  for (std::size_t j = 0; j < state.plan().jobs().size(); ++j) {
    past.jobs.push_back(
        {.name = state.plan().jobs()[j].job->name, .status = state.status(JobId(j))});
  }
  for (std::size_t i = 0; i < state.step_count(); ++i) {
    const StepId step(i);
    Past::Job& job = past.jobs[state.planned(step).job.index()];
    if (!state.is_expanded(step)) {
      job.steps.push_back({.name = state.name(step),
                           .status = state.status(step),
                           .allowed = state.is_allowed_failure(step)});
      continue;
    }
    Past::Expansion expansion{.step = state.name(step)};
    for (const StepId iteration : state.iterations(step))
      expansion.names.push_back(state.name(iteration));
    job.expansions.push_back(std::move(expansion));
  }
  return past;
}

TEST(RunStatePropertyTest, AnInterruptedRunEndsAsIfItHadNotBeen) {
  EXPECT_TRUE(rc::check("after any number of steps", [] {
    const World world = random_world();
    Simulation first(world);
    const int steps_before = *rc::gen::inRange(0, 12);
    for (int i = 0; i < steps_before && first.step(3); ++i) {
    }
    Simulation second(world, past_of(first.state()));
    second.run(3);
    compare(second, Model(world));
  }));
}

TEST(RunStatePropertyTest, NothingIsLeftBehindWhereverItIsStopped) {
  EXPECT_TRUE(rc::check("fail fast and cancel at any moment", [] {
    World world = random_world();
    world.flow.fail_fast = *rc::gen::arbitrary<bool>();
    for (JobRow& job : world.flow.jobs)
      job.fail_fast = *rc::gen::arbitrary<bool>();
    Simulation simulation(world);
    const int moment = *rc::gen::inRange(0, 20);
    for (int i = 0; i < moment && simulation.step(2); ++i) {
    }
    simulation.state().stop({});
    simulation.run(2);
    const RunState& state = simulation.state();
    RC_ASSERT(state.is_done());
    for (std::size_t i = 0; i < state.step_count(); ++i) {
      RC_ASSERT(state.status(StepId(i)) != NodeStatus::pending);
      RC_ASSERT(state.status(StepId(i)) != NodeStatus::running);
    }
  }));
}

}  // namespace
}  // namespace swamp::engine
