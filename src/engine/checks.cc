#include "engine/checks.h"

#include <iterator>
#include <set>

#include <fmt/format.h>

#include "spec/validate.h"

namespace swamp::engine {
namespace {

/// Collects what is written in a workflow and cannot be done.
class Unsupported {
 public:
  explicit Unsupported(const spec::Workflow& workflow) {
    check_driver(workflow.driver);
    if (workflow.workspace && workflow.workspace->enabled)
      refuse("workspace", workflow.workspace->where);
    for (const spec::Job& job : workflow.jobs) {
      check_driver(job.driver);
      for (const spec::Step& step : job.steps) {
        check_driver(step.driver);
        for (const spec::StepOutput& output : step.outputs)
          refuse("outputs", output.where);
        for (const spec::Cache& cache : step.caches)
          refuse("caches", cache.where);
      }
    }
  }

  std::vector<Error> take() { return std::move(problems_); }

 private:
  void check_driver(const spec::DriverChoice& driver) {
    if (driver.name && *driver.name != "raw") {
      refuse("driver: " + *driver.name, driver.where);
    } else if (driver.config && !driver.config.value().as_map().empty()) {
      refuse("driverConfig", driver.config.where());
    }
  }

  void refuse(std::string_view key, const SourceSpan& where) {
    problems_.push_back(Error{.code = ErrorCode::invalid_input,
                              .message = fmt::format("'{}' is not available in this version", key),
                              .where = where,
                              .hint = "take it out to run the workflow on this machine"});
  }

  std::vector<Error> problems_;
};

/// The checks of a workflow and of all that it names to run within it, each once.
class RunnableCheck {
 public:
  explicit RunnableCheck(const Directory& directory) : directory_(directory) {}

  void check(const spec::Workflow& workflow, bool is_nested) {
    if (!seen_.insert(workflow.id).second) return;
    if (auto runnable = spec::check_runnable(workflow, directory_); !runnable)
      add(std::move(runnable).error(), workflow, is_nested);
    for (Error& problem : Unsupported(workflow).take())
      add(std::move(problem), workflow, is_nested);
    for (const spec::Job& job : workflow.jobs) {
      for (const spec::Step& step : job.steps)
        check_nested(step);
    }
  }

  std::vector<Error> take() { return std::move(problems_); }

 private:
  void check_nested(const spec::Step& step) {
    const auto* task = std::get_if<spec::WorkflowTask>(&step.task);
    if (task == nullptr || task->workflow.has_expressions()) return;
    // One that is not there was told by the checks of who names it.
    if (const auto child = directory_.find_workflow(task->workflow.text())) check(**child, true);
  }

  void add(Error error, const spec::Workflow& workflow, bool is_nested) {
    auto also = std::move(error.also);
    error.also.clear();
    if (is_nested)
      error = std::move(error).while_doing(fmt::format("checking workflow '{}'", workflow.name));
    problems_.push_back(std::move(error));
    std::move(also.begin(), also.end(), std::back_inserter(problems_));
  }

  const Directory& directory_;
  std::set<std::string> seen_;
  std::vector<Error> problems_;
};

}  // namespace

Result<> check_before_run(const spec::Workflow& workflow, const Directory& directory) {
  RunnableCheck check(directory);
  check.check(workflow, false);
  std::vector<Error> problems = check.take();
  if (problems.empty()) return {};
  Error refused = combine(std::move(problems));
  if (refused.name.empty()) refused.name = "workflow_execution_failed";
  return fail(std::move(refused));
}

std::vector<Error> unavailable_keys(const spec::Workflow& workflow) {
  return Unsupported(workflow).take();
}

}  // namespace swamp::engine
