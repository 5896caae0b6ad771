#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/plan.h"
#include "engine/run_state.h"

// A notation for tests of the graph: steps and jobs as rows of a table.
namespace swamp::engine::test {

/// `{"failed"}`, or `{"not", {{"failed"}}}`, …
struct When {
  std::string kind = "succeeded";
  std::vector<When> parts = {};
};

inline spec::Condition condition_of(const When& when) {
  using Kind = spec::Condition::Kind;
  static const std::map<std::string, Kind> kinds = {
      {"always", Kind::always},       {"succeeded", Kind::succeeded}, {"failed", Kind::failed},
      {"completed", Kind::completed}, {"skipped", Kind::skipped},     {"and", Kind::all_of},
      {"or", Kind::any_of},           {"not", Kind::negation}};
  spec::Condition condition{.kind = kinds.at(when.kind)};
  for (const When& part : when.parts)
    condition.parts.push_back(condition_of(part));
  return condition;
}

/// An arrow: `{"build"}`, `{"build", {"failed"}}`.
struct On {
  std::string target;
  When when = {};
};

inline std::vector<spec::Dependency> dependencies_of(const std::vector<On>& needs) {
  std::vector<spec::Dependency> dependencies;
  for (const On& on : needs)
    dependencies.push_back({.target = on.target, .condition = condition_of(on.when)});
  return dependencies;
}

/// A step; with `each` it is a forEach.
struct Row {
  std::string name;
  std::vector<On> needs = {};
  double weight = 0;
  bool allow_failure = false;
  bool each = false;
  std::optional<int> concurrency = std::nullopt;
};

inline spec::Step step_of(const Row& row) {
  spec::Step step;
  step.name = spec::Field::data(Value(row.name));
  step.depends_on = dependencies_of(row.needs);
  step.weight = row.weight;
  step.allow_failure = row.allow_failure;
  step.concurrency = row.concurrency;
  if (row.each) step.for_each = spec::ForEach{.item = "it"};
  return step;
}

struct JobRow {
  std::string name;
  std::vector<Row> steps;
  std::vector<On> needs = {};
  double weight = 0;
  std::optional<int> concurrency = std::nullopt;
  bool fail_fast = false;
};

inline spec::Job job_of(const JobRow& row) {
  spec::Job job;
  job.name = row.name;
  for (const Row& step : row.steps)
    job.steps.push_back(step_of(step));
  job.depends_on = dependencies_of(row.needs);
  job.weight = row.weight;
  job.concurrency = row.concurrency;
  job.fail_fast = row.fail_fast;
  return job;
}

struct FlowRow {
  std::vector<JobRow> jobs;
  std::optional<int> concurrency = std::nullopt;
  bool fail_fast = false;
};

inline std::shared_ptr<const spec::Workflow> workflow_of(const FlowRow& row) {
  auto workflow = std::make_shared<spec::Workflow>();
  workflow->name = "release";
  for (const JobRow& job : row.jobs)
    workflow->jobs.push_back(job_of(job));
  workflow->concurrency = row.concurrency;
  workflow->fail_fast = row.fail_fast;
  return workflow;
}

/// The plan, which must be possible.
inline std::shared_ptr<const Plan> plan_of(const FlowRow& row) {
  auto plan = Plan::make(workflow_of(row));
  EXPECT_TRUE(plan) << (plan ? "" : plan.error().message);
  return plan ? std::make_shared<const Plan>(*std::move(plan)) : nullptr;
}

inline std::shared_ptr<const Plan> plan_of(std::vector<Row> steps) {
  return plan_of(FlowRow{.jobs = {{.name = "main", .steps = std::move(steps)}}});
}

}  // namespace swamp::engine::test
