#include "engine/critical_path.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/graph_notation.h"

namespace swamp::engine {
namespace {

using namespace test;
using Status = store::RunStatus;

Timestamp at(int seconds) {
  return Timestamp(std::chrono::seconds(1'700'000'000 + seconds));
}

/// A step that ran from one second to another; without an end it still runs, without a beginning it
/// was skipped.
struct Ran {
  std::string name;
  int from = -1;
  int to = -1;
};

store::StepRecord record_of(const Ran& ran) {
  store::StepRecord step;
  step.name = ran.name;
  step.status = ran.from < 0 ? Status::skipped : ran.to < 0 ? Status::running : Status::succeeded;
  if (ran.from >= 0) step.started_at = at(ran.from);
  if (ran.to >= 0) step.completed_at = at(ran.to);
  return step;
}

struct JobRan {
  std::string name;
  std::vector<Ran> steps;
};

store::RunRecord record_of(const std::vector<JobRan>& jobs) {
  store::RunRecord record;
  record.started_at = at(0);
  for (const JobRan& ran : jobs) {
    store::JobRecord job;
    job.name = ran.name;
    for (const Ran& step : ran.steps)
      job.steps.push_back(record_of(step));
    record.jobs.push_back(std::move(job));
  }
  return record;
}

std::string text_of(const WorkflowGraph& graph) {
  std::string text;
  for (const CriticalLink& link : graph.critical_path) {
    const GraphStep& step = graph.steps[link.step];
    const std::string& name = link.iteration ? step.iterations[*link.iteration].name : step.name;
    const auto seconds = [](auto duration) { return duration.count() / 1000; };
    text += fmt::format("{}{}", text.empty() ? "" : " ", name);
    if (link.waited.count() > 0) text += fmt::format("(+{})", seconds(link.waited));
    text += fmt::format(":{}", seconds(link.duration));
  }
  return text;
}

std::string path(const FlowRow& flow, const std::vector<JobRan>& jobs,
                 std::optional<Timestamp> now = std::nullopt) {
  const auto plan = plan_of(flow);
  return text_of(graph_of_run(plan.get(), record_of(jobs), now));
}

FlowRow one_job(std::vector<Row> steps) {
  return {.jobs = {{.name = "main", .steps = std::move(steps)}}};
}

TEST(CriticalPathTest, GoesBackOverWhatEndedLast) {
  EXPECT_EQ(path(one_job({{"a"}, {"b", {{"a"}}}, {"c", {{"a"}}}, {"d", {{"b"}, {"c"}}}}),
                 {{"main", {{"a", 0, 2}, {"b", 2, 9}, {"c", 2, 4}, {"d", 9, 10}}}}),
            "a:2 b:7 d:1");
}

TEST(CriticalPathTest, CrossesFromJobToJob) {
  const FlowRow flow = {.jobs = {{.name = "a", .steps = {{"x"}, {"y"}}},
                                 {.name = "b", .steps = {{"z"}}, .needs = {{"a"}}}}};
  EXPECT_EQ(path(flow, {{"a", {{"x", 0, 5}, {"y", 0, 3}}}, {"b", {{"z", 6, 8}}}}), "x:5 z(+1):2");
}

TEST(CriticalPathTest, PassesThroughWhatWasSkipped) {
  EXPECT_EQ(path(one_job({{"a"}, {"b", {{"a"}}}, {"c", {{"b", {"skipped"}}}}}),
                 {{"main", {{"a", 0, 2}, {"b"}, {"c", 2, 3}}}}),
            "a:2 c:1");
}

TEST(CriticalPathTest, ACapOnConcurrencyMakesStepsWaitForEachOther) {
  const FlowRow flow = {.jobs = {{.name = "main", .steps = {{"a"}, {"b"}}, .concurrency = 1}}};
  EXPECT_EQ(path(flow, {{"main", {{"a", 0, 4}, {"b", 4, 6}}}}), "a:4 b:2");
}

TEST(CriticalPathTest, WithoutACapAStepThatBeganLateWaited) {
  EXPECT_EQ(path(one_job({{"a"}, {"b"}}), {{"main", {{"a", 0, 4}, {"b", 4, 6}}}}), "b(+4):2");
}

TEST(CriticalPathTest, OfARunThatGoesOnTheRunningStepCounts) {
  const FlowRow flow = one_job({{"a"}, {"b", {{"a"}}}});
  const std::vector<JobRan> jobs = {{"main", {{"a", 0, 2}, {"b", 2}}}};
  EXPECT_EQ(path(flow, jobs, at(7)), "a:2 b:5");
  EXPECT_EQ(path(flow, jobs), "a:2");
}

TEST(CriticalPathTest, TheLongestRoundOfAForEachIsOnIt) {
  const auto plan = plan_of({Row{.name = "each", .each = true}, Row{"after", {{"each"}}}});
  store::RunRecord record =
      record_of({{"main", {{"each-x", 0, 2}, {"each-y", 0, 5}, {"after", 5, 6}}}});
  record.extra = Map{{"expansions", List{Map{{"job", "main"},
                                             {"step", "each"},
                                             {"names", List{"each-x", "each-y"}},
                                             {"items", List{1, 2}}}}}};
  const WorkflowGraph graph = graph_of_run(plan.get(), record, std::nullopt);
  EXPECT_EQ(text_of(graph), "each-y:5 after:1");
  EXPECT_TRUE(graph.steps[0].state->critical);
  EXPECT_FALSE(graph.steps[0].iterations[0].state.critical);
  EXPECT_TRUE(graph.step_edges[0].critical);
}

TEST(CriticalPathTest, ARunWithoutTimesHasNone) {
  EXPECT_EQ(path(one_job({{"a"}}), {{"main", {{"a"}}}}), "");
}

TEST(WorkflowGraphTest, WhatTheFileHasNoMoreStandsBesideIt) {
  const auto plan = plan_of({Row{"a"}, Row{"new", {{"a"}}}});
  const WorkflowGraph graph = graph_of_run(
      plan.get(), record_of({{"main", {{"a", 0, 1}, {"old", 1, 3}}}, {"gone", {}}}), std::nullopt);
  ASSERT_EQ(graph.steps.size(), 3u);
  EXPECT_EQ(graph.steps[1].state->status, Status::pending);
  EXPECT_EQ(graph.steps[2].name, "old");
  EXPECT_EQ(graph.steps[2].task, "");
  EXPECT_EQ(graph.step_edges.size(), 1u);
  ASSERT_EQ(graph.jobs.size(), 2u);
  EXPECT_FALSE(graph.jobs[1].is_in_file);
}

TEST(WorkflowGraphTest, RoundsOfARecordThatDoesNotNameTheirTemplate) {
  const auto plan = plan_of({Row{.name = "each", .each = true}, Row{"after", {{"each"}}}});
  const WorkflowGraph graph = graph_of_run(
      plan.get(), record_of({{"main", {{"each-x", 0, 2}, {"each-y", 0, 5}, {"after", 5, 6}}}}),
      std::nullopt);
  ASSERT_EQ(graph.steps.size(), 2u);
  EXPECT_EQ(graph.steps[0].iterations.size(), 2u);
  EXPECT_EQ(graph.steps[0].state->ended_at, at(5));
}

TEST(WorkflowGraphTest, ARunWhoseWorkflowIsGoneHasNoEdges) {
  const WorkflowGraph graph =
      graph_of_run(nullptr, record_of({{"main", {{"a", 0, 1}, {"b", 1, 3}}}}), std::nullopt);
  EXPECT_EQ(graph.steps.size(), 2u);
  EXPECT_TRUE(graph.step_edges.empty());
}

}  // namespace
}  // namespace swamp::engine
