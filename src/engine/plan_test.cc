#include "engine/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/graph_notation.h"

namespace swamp::engine {
namespace {

using test::FlowRow;
using test::plan_of;
using test::workflow_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

FlowRow one_job(std::vector<test::Row> steps) {
  return {.jobs = {{.name = "main", .steps = std::move(steps)}}};
}

std::string refusal(const FlowRow& row) {
  auto plan = Plan::make(workflow_of(row));
  if (plan) return "accepted";
  std::string all = plan.error().message;
  for (const Error& more : plan.error().also)
    all += "; " + more.message;
  return all;
}

std::vector<std::string> names(const Plan& plan, const std::vector<StepId>& ids) {
  std::vector<std::string> names;
  for (const StepId id : ids)
    names.push_back(plan[id].step->name.text());
  return names;
}

TEST(PlanTest, AStepKnowsWhatItNeedsAndUnlocks) {
  const auto plan =
      plan_of({{"build"}, {"test", {{"build"}}}, {"ship", {{"test"}, {"build", {"always"}}}}});
  EXPECT_THAT(names(*plan, (*plan)[StepId(0)].unlocks), ElementsAre("test", "ship"));
  EXPECT_THAT(names(*plan, (*plan)[StepId(2)].unlocks), IsEmpty());
  ASSERT_EQ((*plan)[StepId(2)].needs.size(), 2U);
  EXPECT_EQ((*plan)[StepId(2)].needs[1].upstream, StepId(0));
  EXPECT_EQ((*plan)[StepId(2)].needs[1].condition->kind, spec::Condition::Kind::always);
}

TEST(PlanTest, WeightThenPlaceInTheFileIsTheOrder) {
  const auto plan = plan_of({{"a", {}, 5}, {"b"}, {"c", {}, -1.5}, {"d"}});
  std::vector<std::uint32_t> ranks;
  for (const PlannedStep& step : plan->steps())
    ranks.push_back(step.rank);
  EXPECT_THAT(ranks, ElementsAre(3, 1, 0, 2));
}

TEST(PlanTest, StepsOfEqualNameInTwoJobsAreTwoSteps) {
  const auto plan =
      plan_of(FlowRow{.jobs = {{.name = "a", .steps = {{"x"}}}, {.name = "b", .steps = {{"x"}}}}});
  EXPECT_EQ(plan->find_step(*plan->find_job("a"), "x"), StepId(0));
  EXPECT_EQ(plan->find_step(*plan->find_job("b"), "x"), StepId(1));
  EXPECT_EQ(plan->find_step(*plan->find_job("b"), "y"), std::nullopt);
  EXPECT_EQ(plan->find_job("c"), std::nullopt);
}

TEST(PlanTest, AForEachIsNeededByItsTextAsWritten) {
  const auto plan = plan_of(
      {{.name = "deploy-${{ self.env }}", .each = true}, {"after", {{"deploy-${{ self.env }}"}}}});
  EXPECT_EQ((*plan)[StepId(1)].needs[0].upstream, StepId(0));
}

TEST(PlanTest, AnUnknownNeedSuggestsWhatWasMeant) {
  auto plan = Plan::make(workflow_of(one_job({{"build"}, {"test", {{"biuld"}}}})));
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().message, "step 'test' depends on 'biuld', which job 'main' does not have");
  EXPECT_EQ(plan.error().hint, "did you mean 'build'?");
}

TEST(PlanTest, AnUnknownJobIsNamed) {
  EXPECT_EQ(refusal({.jobs = {{.name = "a", .steps = {{"x"}}, .needs = {{"z"}}}}}),
            "job 'a' depends on 'z', which workflow 'release' does not have");
}

TEST(PlanTest, TwoStepsOfOneNameAreRefused) {
  EXPECT_EQ(refusal(one_job({{"x"}, {"x"}})), "job 'main' has two steps named 'x'");
}

TEST(PlanTest, TwoJobsOfOneNameAreRefused) {
  EXPECT_EQ(refusal({.jobs = {{.name = "a", .steps = {{"x"}}}, {.name = "a", .steps = {{"x"}}}}}),
            "workflow 'release' has two jobs named 'a'");
}

TEST(PlanTest, ACycleIsSpelledAsAPath) {
  EXPECT_EQ(refusal(one_job({{"a", {{"c"}}}, {"b", {{"a"}}}, {"c", {{"b"}}}})),
            "steps wait for each other: a -> c -> b -> a");
}

TEST(PlanTest, OnlyTheCycleIsSpelledNotTheWayToIt) {
  EXPECT_EQ(refusal(one_job({{"a", {{"b"}}}, {"b", {{"c"}}}, {"c", {{"b"}}}})),
            "steps wait for each other: b -> c -> b");
}

TEST(PlanTest, AStepThatNeedsItselfIsRefused) {
  EXPECT_EQ(refusal(one_job({{"a", {{"a"}}}})), "step 'a' waits for itself");
}

TEST(PlanTest, JobsThatWaitForEachOtherAreRefused) {
  EXPECT_EQ(refusal({.jobs = {{.name = "a", .steps = {{"x"}}, .needs = {{"b"}}},
                              {.name = "b", .steps = {{"x"}}, .needs = {{"a"}}}}}),
            "jobs wait for each other: a -> b -> a");
}

TEST(PlanTest, AllProblemsAreToldAtOnce) {
  EXPECT_EQ(refusal(one_job({{"a", {{"nope"}}}, {"a"}, {"b", {{"b"}}}})),
            "job 'main' has two steps named 'a'; step 'a' depends on 'nope', which job 'main' does "
            "not have; "
            "step 'b' waits for itself");
}

TEST(PlanTest, AChainAsLongAsTheFileIsNoProblem) {
  std::vector<test::Row> steps = {{"0"}};
  for (int i = 1; i < 50'000; ++i)
    steps.push_back({std::to_string(i), {{std::to_string(i - 1)}}});
  EXPECT_EQ(plan_of(std::move(steps))->steps().size(), 50'000U);
}

}  // namespace
}  // namespace swamp::engine
