#include "engine/run_state.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/play.h"

namespace swamp::engine {
namespace {

using test::FlowRow;
using test::Play;
using test::Row;
using test::When;

// When steps start.

TEST(RunStateTest, WhatNeedsNothingStartsAtOnce) {
  Play play({{"a"}, {"b"}, {"c", {{"a"}}}});
  EXPECT_EQ(play.start(), "a b");
  EXPECT_EQ(play.states(), "a* b* c.");
}

TEST(RunStateTest, AStepStartsAsSoonAsItsOwnNeedsHaveEnded) {
  Play play({{"slow"}, {"fast"}, {"after", {{"fast"}}}});
  play.start();
  play.end("fast");
  EXPECT_EQ(play.start(), "after");
  EXPECT_EQ(play.states(), "slow* fast+ after*");
}

TEST(RunStateTest, AStepWaitsForAllItNeeds) {
  Play play({{"a"}, {"b"}, {"c", {{"a"}, {"b"}}}});
  play.start();
  play.end("a");
  EXPECT_EQ(play.start(), "");
  play.end("b");
  EXPECT_EQ(play.start(), "c");
}

TEST(RunStateTest, LessWeightStartsFirstThenThePlaceInTheFile) {
  Play play({{"a", {}, 5}, {"b"}, {"c", {}, -1}, {"d"}});
  EXPECT_EQ(play.start(), "c b d a");
}

TEST(RunStateTest, NoMoreIsTakenThanAskedFor) {
  Play play({{"a"}, {"b"}, {"c"}});
  EXPECT_EQ(play.start(2), "a b");
  EXPECT_EQ(play.start(0), "");
  EXPECT_TRUE(play.state().has_ready());
  EXPECT_EQ(play.start(5), "c");
  EXPECT_FALSE(play.state().has_ready());
}

TEST(RunStateTest, AStepThatWaitsForAPlaceIsPending) {
  Play play(FlowRow{.jobs = {{.name = "main", .steps = {{"a"}, {"b"}}, .concurrency = 1}}});
  play.start();
  EXPECT_EQ(play.states(), "a* b.");
}

TEST(RunStateTest, ATakenStepIsPendingUntilItBegins) {
  Play play({{"a"}});
  const auto taken = play.state().take_ready(1);
  EXPECT_EQ(play.states(), "a.");
  play.state().begin(taken[0].step);
  EXPECT_EQ(play.states(), "a*");
}

TEST(RunStateTest, StepsOfLighterJobsComeFirst) {
  Play play(FlowRow{.jobs = {{.name = "a", .steps = {{"x"}, {"y", {}, -9}}, .weight = 1},
                             {.name = "b", .steps = {{"x"}, {"y"}}}}});
  EXPECT_EQ(play.start(), "b/x b/y a/y a/x");
}

TEST(RunStateTest, AJobStartsAsSoonAsTheJobsItNeedsHaveEnded) {
  Play play(FlowRow{.jobs = {{.name = "a", .steps = {{"x"}}},
                             {.name = "b", .steps = {{"x"}}},
                             {.name = "c", .steps = {{"x"}}, .needs = {{"b"}}}}});
  EXPECT_EQ(play.start(), "a/x b/x");
  play.end("b/x");
  EXPECT_EQ(play.start(), "c/x");
}

// How many at once.

TEST(RunStateTest, AJobsCapHoldsForItsSteps) {
  Play play(FlowRow{.jobs = {{.name = "main", .steps = {{"a"}, {"b"}, {"c"}}, .concurrency = 2},
                             {.name = "other", .steps = {{"x"}, {"y"}, {"z"}}}}});
  EXPECT_EQ(play.start(), "a b other/x other/y other/z");
  play.end("b");
  EXPECT_EQ(play.start(), "c");
}

TEST(RunStateTest, TheWorkflowsCapHoldsForJobsAndForStepsOfJobsWithoutOne) {
  Play play(FlowRow{.jobs = {{.name = "a", .steps = {{"x"}, {"y"}, {"z"}}},
                             {.name = "b", .steps = {{"x"}, {"y"}, {"z"}}, .concurrency = 3},
                             {.name = "c", .steps = {{"x"}}}},
                    .concurrency = 2});
  EXPECT_EQ(play.start(), "a/x a/y b/x b/y b/z");
  for (const char* step : {"b/x", "b/y", "b/z"})
    play.end(step);
  EXPECT_EQ(play.start(), "c/x");
}

TEST(RunStateTest, AStepsCapIsAboutItsOwnIterationsOnly) {
  Play play({{.name = "each", .each = true, .concurrency = 1}, {"b"}, {"c"}});
  EXPECT_EQ(play.start(), "each b c");
  ASSERT_TRUE(play.expand("each", {"p", "q"}));
  EXPECT_EQ(play.start(), "p");
  play.end("b");
  EXPECT_EQ(play.start(), "");
  play.end("p");
  EXPECT_EQ(play.start(), "q");
}

TEST(RunStateTest, IterationsCountForTheirJobsCap) {
  Play play(FlowRow{.jobs = {{.name = "main",
                              .steps = {{.name = "each", .each = true, .concurrency = 5}, {"b"}},
                              .concurrency = 2}}});
  EXPECT_EQ(play.start(), "each b");
  ASSERT_TRUE(play.expand("each", {"p", "q", "r"}));
  EXPECT_EQ(play.start(), "p");
}

TEST(RunStateTest, AStepsOwnCapWinsOverThatOfTheWorkflow) {
  Play play(FlowRow{.jobs = {{.name = "main",
                              .steps = {{"a"}, {.name = "each", .each = true, .concurrency = 3}}}},
                    .concurrency = 1});
  EXPECT_EQ(play.start(), "a each");
  ASSERT_TRUE(play.expand("each", {"p", "q", "r", "s"}));
  EXPECT_EQ(play.start(), "p q r");
}

TEST(RunStateTest, ZeroIsNoCap) {
  Play play(FlowRow{.jobs = {{.name = "main", .steps = {{"a"}, {"b"}}, .concurrency = 0}},
                    .concurrency = 0});
  EXPECT_EQ(play.start(), "a b");
}

TEST(RunStateTest, AJobKeepsItsPlaceUntilItEnds) {
  Play play(FlowRow{.jobs = {{.name = "a", .steps = {{"x"}, {"y", {{"x"}}}}, .weight = 1},
                             {.name = "b", .steps = {{"x"}}, .weight = 2},
                             {.name = "c", .steps = {{"x"}}, .needs = {{"a"}}}},
                    .concurrency = 1});
  EXPECT_EQ(play.start(), "a/x");
  play.end("a/x");
  EXPECT_EQ(play.start(), "a/y");
  play.end("a/y");
  EXPECT_EQ(play.start(), "c/x");
  play.end("c/x");
  EXPECT_EQ(play.start(), "b/x");
}

// What conditions decide.

struct ConditionCase {
  const char* title;
  When when;
  const char* upstream;  // how it ends
  const char* dependent;
};

class ConditionTest : public ::testing::TestWithParam<ConditionCase> {};

TEST_P(ConditionTest, DecidesAboutTheDependent) {
  Play play({{.name = "up", .allow_failure = true}, {"down", {{"up", GetParam().when}}}});
  play.start();
  const std::string upstream = GetParam().upstream;
  if (upstream == "succeeded") play.end("up");
  if (upstream == "failed") play.fail("up");
  if (upstream == "skipped") play.skip("up");
  EXPECT_EQ(play.start() == "down" ? "runs" : "skipped", std::string(GetParam().dependent));
}

const ConditionCase kConditions[] = {
    {"SucceededOnSuccess", {"succeeded"}, "succeeded", "runs"},
    {"SucceededOnFailure", {"succeeded"}, "failed", "skipped"},
    {"SucceededOnSkip", {"succeeded"}, "skipped", "skipped"},
    {"FailedOnSuccess", {"failed"}, "succeeded", "skipped"},
    {"FailedOnFailure", {"failed"}, "failed", "runs"},
    {"FailedOnSkip", {"failed"}, "skipped", "skipped"},
    {"CompletedOnSuccess", {"completed"}, "succeeded", "runs"},
    {"CompletedOnFailure", {"completed"}, "failed", "runs"},
    {"CompletedOnSkip", {"completed"}, "skipped", "skipped"},
    {"SkippedOnSuccess", {"skipped"}, "succeeded", "skipped"},
    {"SkippedOnFailure", {"skipped"}, "failed", "skipped"},
    {"SkippedOnSkip", {"skipped"}, "skipped", "runs"},
    {"AlwaysOnSuccess", {"always"}, "succeeded", "runs"},
    {"AlwaysOnFailure", {"always"}, "failed", "runs"},
    {"AlwaysOnSkip", {"always"}, "skipped", "runs"},
    {"NotFailedOnSuccess", {"not", {{"failed"}}}, "succeeded", "runs"},
    {"NotFailedOnFailure", {"not", {{"failed"}}}, "failed", "skipped"},
    {"NotFailedOnSkip", {"not", {{"failed"}}}, "skipped", "runs"},
    {"EitherOnSkip", {"or", {{"failed"}, {"skipped"}}}, "skipped", "runs"},
    {"EitherOnSuccess", {"or", {{"failed"}, {"skipped"}}}, "succeeded", "skipped"},
    {"BothOnFailure", {"and", {{"completed"}, {"not", {{"succeeded"}}}}}, "failed", "runs"},
    {"BothOnSuccess", {"and", {{"completed"}, {"not", {{"succeeded"}}}}}, "succeeded", "skipped"},
};

INSTANTIATE_TEST_SUITE_P(All, ConditionTest, ::testing::ValuesIn(kConditions),
                         [](const auto& test) { return test.param.title; });

TEST(RunStateTest, AllConditionsOfAStepMustHold) {
  Play play(
      {{.name = "a", .allow_failure = true}, {"b"}, {"c", {{"a", {"failed"}}, {"b", {"failed"}}}}});
  EXPECT_EQ(play.run({"a"}), "a b");
  EXPECT_EQ(play.states(), "a(-) b+ c~");
}

TEST(RunStateTest, ANeedMayBeNamedTwice) {
  Play play({{.name = "a", .allow_failure = true},
             {"b", {{"a", {"completed"}}, {"a", {"not", {{"succeeded"}}}}}}});
  EXPECT_EQ(play.run({"a"}), "a b");
}

TEST(RunStateTest, CleanUpRunsInTheJobThatFailed) {
  Play play({{"a"}, {"tidy", {{"a", {"failed"}}}}, {"b", {{"a"}}}});
  EXPECT_EQ(play.run({"a"}), "a tidy");
  EXPECT_EQ(play.states(), "a- tidy+ b~");
  EXPECT_EQ(play.heard(), "main:began b:skipped(dependency) main:failed");
  EXPECT_EQ(play.run_status(), "failed");
}

TEST(RunStateTest, ASkipGoesOnOnlyThroughConditions) {
  Play play({{.name = "a", .allow_failure = true},
             {"x", {{"a"}}},
             {"y", {{"x", {"completed"}}}},
             {"z", {{"x", {"skipped"}}}}});
  EXPECT_EQ(play.run({"a"}), "a z");
  EXPECT_EQ(play.states(), "a(-) x~ y~ z+");
  EXPECT_EQ(play.run_status(), "succeeded");
}

TEST(RunStateTest, AllowedFailuresDoNotFailTheRun) {
  Play play({{.name = "a", .allow_failure = true}});
  play.run({"a"});
  EXPECT_EQ(play.run_status(), "succeeded");
  EXPECT_EQ(play.heard(), "main:began main:succeeded");
}

TEST(RunStateTest, AFailureThatAJobHandlesStillFailsTheRun) {
  Play play(FlowRow{.jobs = {{.name = "a", .steps = {{"x"}}},
                             {.name = "b", .steps = {{"x"}}, .needs = {{"a", {"failed"}}}},
                             {.name = "c", .steps = {{"x"}, {"y"}}, .needs = {{"a"}}},
                             {.name = "d", .steps = {{"x"}}, .needs = {{"c", {"skipped"}}}}}});
  EXPECT_EQ(play.run({"a/x"}), "a/x b/x d/x");
  EXPECT_EQ(play.states(), "a/x- b/x+ c/x~ c/y~ d/x+");
  EXPECT_EQ(play.heard(), "a:began a:failed c:skipped b:began d:began b:succeeded d:succeeded");
  EXPECT_EQ(play.run_status(), "failed");
}

TEST(RunStateTest, AJobWhoseStepsAreAllSkippedSucceeds) {
  Play play({{"a"}});
  play.start();
  play.skip("a");
  EXPECT_EQ(play.heard(), "main:began main:succeeded");
}

// forEach.

TEST(RunStateTest, AForEachIsExpandedWhenItsTurnHasCome) {
  Play play({{"list"}, {.name = "each", .needs = {{"list"}}, .each = true}});
  EXPECT_EQ(play.start(), "list");
  play.end("list");
  const auto taken = play.state().take_ready(9);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].action, StepToStart::Action::expand);
  ASSERT_TRUE(play.expand("each", {"each-p", "each-q"}));
  EXPECT_EQ(play.start(), "each-p each-q");
  EXPECT_EQ(play.state().iteration_index(*play.state().find_step(JobId(0), "each-q")), 1U);
}

TEST(RunStateTest, TheConditionsOfAForEachHold) {
  Play play(
      {{.name = "up", .allow_failure = true}, {.name = "each", .needs = {{"up"}}, .each = true}});
  EXPECT_EQ(play.run({"up"}), "up");
  EXPECT_EQ(play.states(), "up(-) each~");
}

struct AggregateCase {
  const char* title;
  std::vector<std::string> items;
  std::vector<std::string> failures;
  bool allow_failure;
  const char* condition;
  bool runs;
};

class AggregateTest : public ::testing::TestWithParam<AggregateCase> {};

TEST_P(AggregateTest, IsWhatDependentsSee) {
  const auto& given = GetParam();
  Play play({{.name = "each", .allow_failure = given.allow_failure, .each = true},
             {"after", {{"each", {given.condition}}}}});
  play.run(given.failures, {{"each", given.items}});
  EXPECT_EQ(play.state().status(StepId(1)) == NodeStatus::succeeded, given.runs);
}

const AggregateCase kAggregates[] = {
    {"AllSucceeded", {"p", "q"}, {}, false, "succeeded", true},
    {"OneFailed", {"p", "q"}, {"q"}, false, "failed", true},
    {"OneFailedIsNoSuccess", {"p", "q"}, {"p"}, false, "succeeded", false},
    {"AnAllowedFailureIsAFailure", {"p", "q"}, {"p"}, true, "failed", true},
    {"NoItemsSucceed", {}, {}, false, "succeeded", true},
    {"NoItemsAreNotSkipped", {}, {}, false, "skipped", false},
};

INSTANTIATE_TEST_SUITE_P(All, AggregateTest, ::testing::ValuesIn(kAggregates),
                         [](const auto& test) { return test.param.title; });

TEST(RunStateTest, AForEachWhoseIterationsAreAllSkippedIsSkipped) {
  Play play({{.name = "each", .each = true}, {"after", {{"each", {"skipped"}}}}});
  play.start();
  ASSERT_TRUE(play.expand("each", {"p", "q"}));
  play.start();
  play.skip("p");
  EXPECT_EQ(play.start(), "");
  play.skip("q");
  EXPECT_EQ(play.start(), "after");
}

TEST(RunStateTest, ADependentWaitsForTheLastIteration) {
  Play play({{.name = "each", .each = true}, {"after", {{"each"}}}});
  play.start();
  ASSERT_TRUE(play.expand("each", {"p", "q"}));
  play.start();
  play.end("q");
  EXPECT_EQ(play.start(), "");
  play.end("p");
  EXPECT_EQ(play.start(), "after");
  EXPECT_EQ(play.heard(), "main:began each:all succeeded");
}

TEST(RunStateTest, AllowedFailuresOfIterationsAreAllowedForAll) {
  Play play({{.name = "each", .allow_failure = true, .each = true}});
  play.run({"p"}, {{"each", {"p", "q"}}});
  EXPECT_EQ(play.run_status(), "succeeded");
  EXPECT_EQ(play.states(), "p(-) q+");
}

TEST(RunStateTest, TwoItemsOfOneNameAreRefusedNamingBoth) {
  Play play({{.name = "each", .each = true}});
  play.start();
  auto expanded = play.expand("each", {"p", "q", "p"});
  ASSERT_FALSE(expanded);
  EXPECT_EQ(expanded.error().message, "items 0 and 2 of step 'each' both make a step 'p'");
  play.fail("each");
  EXPECT_EQ(play.states(), "each-");
}

TEST(RunStateTest, AnIterationMayNotTakeTheNameOfAnotherStep) {
  Play play({{.name = "each", .each = true}, {"b"}});
  play.start();
  auto expanded = play.expand("each", {"a", "b"});
  ASSERT_FALSE(expanded);
  EXPECT_EQ(expanded.error().message,
            "item 1 of step 'each' makes a step 'b', a name that job 'main' has already");
}

TEST(RunStateTest, AnIterationMayHaveTheNameOfItsTemplate) {
  Play play({{.name = "each", .each = true}});
  play.start();
  ASSERT_TRUE(play.expand("each", {"each"}));
  EXPECT_EQ(play.start(), "each");
}

TEST(RunStateTest, IterationsOfALighterStepComeFirst) {
  Play play(FlowRow{.jobs = {{.name = "main",
                              .steps = {{"a"}, {.name = "each", .weight = -1, .each = true}},
                              .concurrency = 1}}});
  EXPECT_EQ(play.run({}, {{"each", {"p", "q"}}}), "each p q a");
}

// Gates.

TEST(RunStateTest, AGateHoldsBackOnlyWhatDependsOnIt) {
  Play play({{"gate"}, {"after", {{"gate"}}}, {"other"}, {"more", {{"other"}}}});
  play.start();
  play.wait("gate");
  play.end("other");
  EXPECT_EQ(play.start(), "more");
  EXPECT_EQ(play.run_status(), "running");
  play.end("more");
  EXPECT_EQ(play.run_status(), "suspended");
  EXPECT_EQ(play.states(), "gate? after. other+ more+");
}

TEST(RunStateTest, AnApprovedGateGoesOn) {
  Play play({{"gate"}, {"after", {{"gate"}}}});
  play.start();
  play.wait("gate");
  play.end("gate");
  EXPECT_EQ(play.start(), "after");
  play.end("after");
  EXPECT_EQ(play.run_status(), "succeeded");
}

TEST(RunStateTest, ARejectedGateIsAFailure) {
  Play play({{"gate"}, {"after", {{"gate"}}}, {"tidy", {{"gate", {"failed"}}}}});
  play.start();
  play.wait("gate");
  play.fail("gate");
  EXPECT_EQ(play.start(), "tidy");
  EXPECT_EQ(play.states(), "gate- after~ tidy*");
}

TEST(RunStateTest, AWaitingGateTakesNoPlace) {
  Play play(FlowRow{.jobs = {{.name = "a", .steps = {{"gate"}, {"b"}}, .concurrency = 1},
                             {.name = "c", .steps = {{"x"}}}},
                    .concurrency = 1});
  EXPECT_EQ(play.start(), "a/gate");
  play.wait("a/gate");
  EXPECT_EQ(play.start(), "a/b");
  play.end("a/b");
  EXPECT_EQ(play.start(), "c/x");
  play.end("c/x");
  EXPECT_EQ(play.run_status(), "suspended");
  play.end("a/gate");
  EXPECT_EQ(play.run_status(), "succeeded");
}

TEST(RunStateTest, AJobBehindAGateWaitsForAPlaceAgain) {
  Play play(FlowRow{.jobs = {{.name = "a", .steps = {{"gate"}, {"b", {{"gate"}}}}},
                             {.name = "c", .steps = {{"x"}}}},
                    .concurrency = 1});
  play.start();
  play.wait("a/gate");
  EXPECT_EQ(play.start(), "c/x");
  play.end("a/gate");
  EXPECT_EQ(play.start(), "");
  play.end("c/x");
  EXPECT_EQ(play.start(), "a/b");
  EXPECT_EQ(play.heard(), "a:began c:began c:succeeded");
}

TEST(RunStateTest, AllGatesOfAForEachAskThoughItsCapIsOne) {
  Play play({{.name = "each", .each = true, .concurrency = 1}});
  play.start();
  ASSERT_TRUE(play.expand("each", {"p", "q"}));
  EXPECT_EQ(play.start(), "p");
  play.wait("p");
  EXPECT_EQ(play.start(), "q");
  play.wait("q");
  EXPECT_EQ(play.run_status(), "suspended");
}

// failFast.

FlowRow failing_fast(std::vector<Row> steps) {
  return {.jobs = {{.name = "main", .steps = std::move(steps), .fail_fast = true}}};
}

TEST(RunStateTest, TheFirstFailureEndsWhatRunsInItsJob) {
  Play play(
      FlowRow{.jobs = {{.name = "main", .steps = {{"a"}, {"b"}, {"c", {{"b"}}}}, .fail_fast = true},
                       {.name = "other", .steps = {{"x"}}}}});
  play.start();
  play.fail("a");
  EXPECT_EQ(play.must_end(), "b");
  play.fail("b");
  EXPECT_EQ(play.states(), "a- b- c~ other/x*");
}

TEST(RunStateTest, AfterAFailureOnlyNodesAboutFailuresStart) {
  Play play(failing_fast({{"a"},
                          {"b"},
                          {"on-failed", {{"a", {"failed"}}}},
                          {"on-always", {{"a", {"always"}}}},
                          {"on-other", {{"b", {"succeeded"}}}},
                          {"on-both", {{"a", {"completed"}}, {"b", {"succeeded"}}}},
                          {"on-not", {{"a", {"not", {{"succeeded"}}}}}}}));
  play.start();
  play.end("b");
  play.fail("a");
  EXPECT_EQ(play.start(), "on-failed on-always on-both on-not");
  EXPECT_EQ(play.states(), "a- b+ on-failed* on-always* on-other~ on-both* on-not*");
}

TEST(RunStateTest, WhatWasReadyIsSkippedForTheFailure) {
  Play play(FlowRow{
      .jobs = {
          {.name = "main", .steps = {{"a"}, {"b"}, {"c"}}, .concurrency = 1, .fail_fast = true}}});
  EXPECT_EQ(play.run({"a"}), "a");
  EXPECT_EQ(play.states(), "a- b~ c~");
  EXPECT_EQ(play.heard(), "main:began b:skipped(fail fast) c:skipped(fail fast) main:failed");
}

TEST(RunStateTest, AnAllowedFailureStopsNothing) {
  Play play(failing_fast({{.name = "a", .allow_failure = true}, {"b"}}));
  play.start();
  play.fail("a");
  EXPECT_EQ(play.must_end(), "");
}

TEST(RunStateTest, AFailedIterationEndsTheOthers) {
  Play play(failing_fast({{.name = "each", .each = true, .concurrency = 2}}));
  play.start();
  ASSERT_TRUE(play.expand("each", {"p", "q", "r"}));
  play.start();
  play.fail("p");
  EXPECT_EQ(play.must_end(), "q");
  play.fail("q");
  EXPECT_EQ(play.states(), "p- q- r~");
  EXPECT_EQ(play.run_status(), "failed");
}

TEST(RunStateTest, ACleanUpThatFailsEndsNothingMore) {
  Play play(failing_fast({{"a"}, {"t1", {{"a", {"failed"}}}}, {"t2", {{"a", {"failed"}}}}}));
  play.start();
  play.fail("a");
  EXPECT_EQ(play.start(), "t1 t2");
  play.fail("t1");
  EXPECT_EQ(play.must_end(), "");
}

TEST(RunStateTest, AWaitingGateIsEndedByTheFailure) {
  Play play(failing_fast({{"gate"}, {"b"}}));
  play.start();
  play.wait("gate");
  play.fail("b");
  EXPECT_EQ(play.must_end(), "gate");
  play.fail("gate");
  EXPECT_EQ(play.run_status(), "failed");
}

TEST(RunStateTest, FailFastOfTheWorkflowEndsAllJobs) {
  Play play(FlowRow{
      .jobs = {{.name = "a", .steps = {{"x"}}},
               {.name = "b", .steps = {{"x"}, {"tidy", {{"x", {"always"}}}}}},
               {.name = "next", .steps = {{"x"}}, .needs = {{"b", {"completed"}}}},
               {.name = "alarm", .steps = {{"x"}, {"y", {{"x"}}}}, .needs = {{"a", {"failed"}}}},
               {.name = "late", .steps = {{"x"}}, .needs = {{"a", {"succeeded"}}}}},
      .fail_fast = true});
  play.start();
  play.fail("a/x");
  EXPECT_EQ(play.must_end(), "b/x");
  EXPECT_EQ(play.start(), "alarm/x");
  play.fail("b/x");
  EXPECT_EQ(play.start(), "b/tidy");
  play.end("alarm/x");
  EXPECT_EQ(play.start(), "alarm/y");
  play.end("b/tidy");
  EXPECT_EQ(play.start(), "next/x");
  EXPECT_EQ(play.states(), "a/x- b/x- b/tidy+ next/x* alarm/x+ alarm/y* late/x~");
}

// Cancel and time-outs.

TEST(RunStateTest, ACancelEndsWhatRunsAndSkipsTheRest) {
  Play play({{"a"}, {"b", {{"a"}}}, {"c", {{"a", {"failed"}}}}});
  play.start();
  play.stop();
  EXPECT_EQ(play.must_end(), "a");
  play.fail("a");
  EXPECT_EQ(play.start(), "");
  EXPECT_EQ(play.states(), "a- b~ c~");
  EXPECT_EQ(play.heard(), "main:began b:skipped(dependency) c:skipped(cancelled) main:failed");
  EXPECT_EQ(play.run_status(), "cancelled");
}

TEST(RunStateTest, AfterACancelOnlyCleanUpStarts) {
  Play play({{"a"},
             {"always", {{"a", {"always"}}}},
             {"completed", {{"a", {"completed"}}}},
             {"mixed", {{"a", {"always"}}, {"a", {"failed"}}}},
             {"free", {}, 1},
             {"after", {{"always", {"succeeded"}}}}});
  play.start(1);
  play.stop();
  play.fail("a");
  EXPECT_EQ(play.start(), "always completed");
  play.end("always");
  EXPECT_EQ(play.states(), "a- always+ completed* mixed~ free~ after~");
}

TEST(RunStateTest, ASecondSignalEndsCleanUpToo) {
  Play play({{"a"}, {"tidy", {{"a", {"always"}}}}, {"more", {{"tidy", {"always"}}}}});
  play.start();
  play.stop();
  play.fail("a");
  play.start();
  play.must_end();
  play.halt();
  EXPECT_EQ(play.must_end(), "tidy");
  play.fail("tidy");
  EXPECT_EQ(play.states(), "a- tidy- more~");
  EXPECT_EQ(play.run_status(), "cancelled");
}

TEST(RunStateTest, AJobThatCleansUpRunsWholeAfterACancel) {
  Play play(FlowRow{
      .jobs = {{.name = "a", .steps = {{"x"}}},
               {.name = "tidy", .steps = {{"x"}, {"y", {{"x"}}}}, .needs = {{"a", {"always"}}}},
               {.name = "next", .steps = {{"x"}}, .needs = {{"a", {"not", {{"succeeded"}}}}}}}});
  play.start();
  play.stop();
  play.fail("a/x");
  EXPECT_EQ(play.start(), "tidy/x");
  play.end("tidy/x");
  EXPECT_EQ(play.start(), "tidy/y");
  play.end("tidy/y");
  EXPECT_EQ(play.states(), "a/x- tidy/x+ tidy/y+ next/x~");
}

TEST(RunStateTest, ACancelEndsGates) {
  Play play({{"gate"}, {"after", {{"gate"}}}});
  play.start();
  play.wait("gate");
  play.stop();
  EXPECT_EQ(play.must_end(), "gate");
  play.fail("gate");
  EXPECT_EQ(play.states(), "gate- after~");
  EXPECT_EQ(play.run_status(), "cancelled");
}

TEST(RunStateTest, NobodyIsAskedAboutARunThatWasCancelled) {
  Play play({{"a"}, {"gate", {{"a", {"always"}}}}});
  play.start();
  play.stop();
  play.fail("a");
  EXPECT_EQ(play.must_end(), "a");
  EXPECT_EQ(play.start(), "gate");
  play.wait("gate");
  EXPECT_EQ(play.must_end(), "gate");
  play.fail("gate");
  EXPECT_EQ(play.run_status(), "cancelled");
}

TEST(RunStateTest, IterationsThatAreHeldAreSkippedByACancel) {
  Play play({{.name = "each", .each = true, .concurrency = 1}});
  play.start();
  ASSERT_TRUE(play.expand("each", {"p", "q", "r"}));
  play.start();
  play.stop("timeout");
  EXPECT_EQ(play.states(), "p* q~ r~");
  play.fail("p");
  EXPECT_EQ(play.heard(),
            "main:began q:skipped(timeout) r:skipped(timeout) each:all failed main:failed");
}

TEST(RunStateTest, AListThatIsKnownOnlyAfterACancelStartsNothing) {
  Play play({{.name = "each", .each = true}});
  play.start();
  play.stop();
  ASSERT_TRUE(play.expand("each", {"p", "q"}));
  EXPECT_EQ(play.start(), "");
  EXPECT_EQ(play.states(), "p~ q~");
  EXPECT_EQ(play.run_status(), "cancelled");
}

TEST(RunStateTest, ATimeOutOfAJobIsAboutThatJobOnly) {
  Play play(FlowRow{
      .jobs = {{.name = "a", .steps = {{"x"}, {"y", {{"x"}}}, {"tidy", {{"x", {"always"}}}}}},
               {.name = "b", .steps = {{"x"}, {"y", {{"x"}}}}}}});
  play.start();
  play.stop_job("a", "timeout");
  EXPECT_EQ(play.must_end(), "a/x");
  play.fail("a/x");
  EXPECT_EQ(play.start(), "a/tidy");
  play.end("b/x");
  EXPECT_EQ(play.start(), "b/y");
  play.end("a/tidy");
  play.end("b/y");
  EXPECT_EQ(play.states(), "a/x- a/y~ a/tidy+ b/x+ b/y+");
  EXPECT_EQ(play.run_status(), "failed");
}

TEST(RunStateTest, ACancelAfterTheEndChangesNothing) {
  Play play({{"a"}});
  play.run();
  play.stop();
  EXPECT_EQ(play.run_status(), "succeeded");
}

// Going on with an earlier run.

Past past_of(std::vector<Past::Step> steps, std::vector<Past::Expansion> expansions = {}) {
  return {.jobs = {{.name = "main",
                    .status = NodeStatus::running,
                    .expansions = std::move(expansions),
                    .steps = std::move(steps)}}};
}

FlowRow one_job(std::vector<Row> steps) {
  return {.jobs = {{.name = "main", .steps = std::move(steps)}}};
}

TEST(RunStateTest, FinishedStepsKeepTheirOutcome) {
  Play play(one_job({{"a"}, {"b", {{"a"}}}, {"c", {{"b"}}}}),
            past_of({{"a", NodeStatus::succeeded}, {"b", NodeStatus::running}}));
  EXPECT_EQ(play.run(), "b c");
  EXPECT_EQ(play.heard(), "main:began main:succeeded");
}

TEST(RunStateTest, AnExpandedForEachKeepsItsList) {
  Play play(one_job({{.name = "each", .each = true}, {"after", {{"each"}}}}),
            past_of({{"p", NodeStatus::succeeded}, {"q", NodeStatus::running}},
                    {{"each", {"p", "q", "r"}}}));
  EXPECT_EQ(play.run(), "q r after");
}

TEST(RunStateTest, AForEachThatWasDoneIsNotExpandedAgain) {
  Play play(
      one_job({{.name = "each", .each = true}, {"after", {{"each", {"failed"}}}}}),
      past_of({{"p", NodeStatus::succeeded}, {"q", NodeStatus::failed}}, {{"each", {"p", "q"}}}));
  EXPECT_EQ(play.run(), "after");
  EXPECT_EQ(play.run_status(), "failed");
}

TEST(RunStateTest, AWaitingGateStillWaits) {
  Play play(one_job({{"gate"}, {"after", {{"gate"}}}, {"b"}}),
            past_of({{"gate", NodeStatus::waiting_approval}, {"b", NodeStatus::succeeded}}));
  EXPECT_EQ(play.run_status(), "suspended");
  play.end("gate");
  EXPECT_EQ(play.run(), "after");
}

TEST(RunStateTest, StepsThatAreNewInTheFileArePending) {
  Play play(
      one_job({{"a"}, {"new", {{"a"}}}}),
      {.jobs = {{.name = "main", .status = NodeStatus::succeeded, .steps = {{"a"}, {"gone"}}}}});
  EXPECT_EQ(play.run(), "new");
}

TEST(RunStateTest, AFinishedJobIsNotToldAgain) {
  Play play(FlowRow{.jobs = {{.name = "a", .steps = {{"x"}}},
                             {.name = "b", .steps = {{"x"}}, .needs = {{"a"}}}}},
            {.jobs = {{.name = "a", .status = NodeStatus::succeeded, .steps = {{"x"}}}}});
  EXPECT_EQ(play.heard(), "b:began");
  EXPECT_EQ(play.run(), "b/x");
}

TEST(RunStateTest, ThatAJobEndedIsToldWhenItWasLost) {
  Play play(FlowRow{.jobs = {{.name = "a", .steps = {{"x"}}},
                             {.name = "b", .steps = {{"x"}}, .needs = {{"a"}}}}},
            {.jobs = {{.name = "a", .status = NodeStatus::running, .steps = {{"x"}}}}});
  EXPECT_EQ(play.heard(), "a:succeeded b:began");
}

TEST(RunStateTest, ASkippedJobStaysSkipped) {
  Play play(
      FlowRow{.jobs = {{.name = "a", .steps = {{"x"}}},
                       {.name = "b", .steps = {{"x"}}, .needs = {{"a", {"failed"}}}},
                       {.name = "c", .steps = {{"x"}}, .needs = {{"b", {"skipped"}}}}}},
      {.jobs = {
           {.name = "a", .status = NodeStatus::succeeded, .steps = {{"x"}}},
           {.name = "b", .status = NodeStatus::skipped, .steps = {{"x", NodeStatus::skipped}}}}});
  EXPECT_EQ(play.run(), "c/x");
  EXPECT_EQ(play.states(), "a/x+ b/x~ c/x+");
}

TEST(RunStateTest, AFailureOfAnInterruptedRunStillStops) {
  FlowRow flow = failing_fast({{"a"}, {"b"}, {"tidy", {{"a", {"failed"}}}}});
  Play play(flow, past_of({{"a", NodeStatus::failed}}));
  EXPECT_EQ(play.run(), "tidy");
  EXPECT_EQ(play.states(), "a- b~ tidy+");
}

TEST(RunStateTest, AJobThatHadBegunIsNotSkippedForTheFailureOfTheRun) {
  FlowRow flow{.jobs = {{.name = "main", .steps = {{"a"}, {"tidy", {{"a", {"failed"}}}}, {"b"}}},
                        {.name = "late", .steps = {{"x"}}}},
               .fail_fast = true};
  Play play(flow, past_of({{"a", NodeStatus::failed}}));
  EXPECT_EQ(play.run(), "tidy");
  EXPECT_EQ(play.states(), "a- tidy+ b~ late/x~");
}

TEST(RunStateTest, WhoAsksForStepsAgainIsNotStoppedByOldFailures) {
  Past past = past_of({{"a", NodeStatus::failed}});
  past.failures_stop = false;
  Play play(failing_fast({{"a"}, {"b"}}), past);
  EXPECT_EQ(play.run(), "b");
  EXPECT_EQ(play.run_status(), "failed");
}

TEST(RunStateTest, AnAllowedFailureStaysAllowed) {
  Play play(one_job({{.name = "a", .allow_failure = true}, {"b"}}),
            past_of({{.name = "a", .status = NodeStatus::failed, .allowed = true}}));
  play.run();
  EXPECT_EQ(play.run_status(), "succeeded");
}

TEST(RunStateTest, ARunOfWhichNothingIsLeftIsDone) {
  Play play(one_job({{"a"}}), past_of({{"a"}}));
  EXPECT_TRUE(play.state().is_done());
  EXPECT_EQ(play.heard(), "main:succeeded");
}

// Size.

std::vector<Row> wide(int count) {
  std::vector<Row> steps;
  for (int i = 0; i < count; ++i)
    steps.push_back({std::to_string(i)});
  return steps;
}

std::vector<Row> deep(int count) {
  std::vector<Row> steps = wide(count);
  for (int i = 1; i < count; ++i)
    steps[static_cast<std::size_t>(i)].needs = {{std::to_string(i - 1)}};
  return steps;
}

TEST(RunStateTest, AChainOfSkipsMayBeLong) {
  std::vector<Row> steps = deep(20'000);
  Play play(std::move(steps));
  play.start();
  play.fail("0");
  EXPECT_TRUE(play.state().is_done());
}

TEST(RunStateTest, TenThousandStepsAreDecidedInNoTime) {
  for (auto steps : {wide(10'000), deep(10'000)}) {
    Play play(std::move(steps));
    const auto begin = std::chrono::steady_clock::now();
    play.run({}, {}, 16);
    // Debug code under a sanitizer is slow; a scan of all nodes per step would still be far beyond
    // this.
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
    EXPECT_EQ(play.run_status(), "succeeded");
  }
}

}  // namespace
}  // namespace swamp::engine
