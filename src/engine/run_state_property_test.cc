#include <gtest/gtest.h>

#include "engine/random_run.h"

// Random graphs with random outcomes, held against a model that knows nothing of time: what a node
// becomes depends only on what it needs, whatever the order in which steps end and however many run
// at once. Where time does matter (a failure or a stop ends what happens to run) the simulation
// checks each start.
namespace swamp::engine {
namespace {

using test::Model;
using test::random_run;
using test::RandomRun;
using test::Simulation;

std::size_t random_most() {
  return *rc::gen::element<std::size_t>(1, 2, 3, 100);
}

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

void check_nothing_is_left(const RunState& state) {
  RC_ASSERT(state.is_done());
  for (std::size_t i = 0; i < state.step_count(); ++i) {
    const NodeStatus status = state.status(StepId(i));
    RC_ASSERT(status == NodeStatus::succeeded || status == NodeStatus::failed ||
              status == NodeStatus::skipped);
  }
}

void fail_fast_somewhere(RandomRun& run) {
  run.flow.fail_fast = *rc::gen::arbitrary<bool>();
  for (test::JobRow& job : run.flow.jobs)
    job.fail_fast = *rc::gen::arbitrary<bool>();
}

TEST(RunStatePropertyTest, OutcomesDependOnlyOnTheGraph) {
  EXPECT_TRUE(rc::check("every node ends as the model says", [] {
    const RandomRun run = random_run();
    Simulation simulation(run);
    simulation.run(random_most());
    compare(simulation, Model(run));
  }));
}

TEST(RunStatePropertyTest, AnInterruptedRunEndsAsIfItHadNotBeen) {
  EXPECT_TRUE(rc::check("after any number of steps", [] {
    const RandomRun run = random_run();
    Simulation first(run);
    const int steps_before = *rc::gen::inRange(0, 12);
    for (int i = 0; i < steps_before && first.step(3); ++i) {
    }
    Simulation second(run, first.past());
    second.run(3);
    compare(second, Model(run));
  }));
}

TEST(RunStatePropertyTest, GatesChangeOnlyWhenSomethingRunsAndNotWhatBecomesOfIt) {
  EXPECT_TRUE(rc::check("decided in any order, some at a time, by other processes", [] {
    const RandomRun run = random_run(4);
    auto simulation = std::make_unique<Simulation>(run);
    simulation->run(random_most());
    while (!simulation->state().is_done()) {
      RC_ASSERT(simulation->state().is_suspended());
      RC_ASSERT(simulation->state().status() == RunStatus::suspended);
      bool any_decided = false;
      const Past past = simulation->past([&] {
        const bool decided = !any_decided || *rc::gen::arbitrary<bool>();
        any_decided = true;
        return decided;
      });
      simulation = std::make_unique<Simulation>(run, past);
      simulation->run(random_most());
    }
    compare(*simulation, Model(run));
  }));
}

TEST(RunStatePropertyTest, AfterAFailureOnlyWhatIsAboutFailuresStarts) {
  EXPECT_TRUE(rc::check("fail fast of workflow and jobs", [] {
    RandomRun run = random_run(8);
    fail_fast_somewhere(run);
    Simulation simulation(run);
    simulation.run(random_most());
    if (!simulation.state().is_suspended()) check_nothing_is_left(simulation.state());
  }));
}

TEST(RunStatePropertyTest, NothingIsLeftBehindWhereverItIsStopped) {
  EXPECT_TRUE(rc::check("cancel at any moment, failing fast or not", [] {
    RandomRun run = random_run(8);
    fail_fast_somewhere(run);
    Simulation simulation(run);
    const int moment = *rc::gen::inRange(0, 20);
    for (int i = 0; i < moment && simulation.step(2); ++i) {
    }
    if (simulation.state().is_done()) return;
    simulation.stop();
    simulation.run(2);
    check_nothing_is_left(simulation.state());
    RC_ASSERT(simulation.state().status() == RunStatus::cancelled);
  }));
}

}  // namespace
}  // namespace swamp::engine
