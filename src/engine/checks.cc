#include "engine/checks.h"

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
    if (driver.name && *driver.name != "raw") refuse("driver: " + *driver.name, driver.where);
  }

  void refuse(std::string_view key, const SourceSpan& where) {
    problems_.push_back(Error{.code = ErrorCode::invalid_input,
                              .message = fmt::format("'{}' is not available in this version", key),
                              .where = where,
                              .hint = "take it out to run the workflow on this machine"});
  }

  std::vector<Error> problems_;
};

}  // namespace

Result<> check_before_run(const spec::Workflow& workflow, const Directory& directory) {
  auto runnable = spec::check_runnable(workflow, directory);
  std::vector<Error> problems;
  if (runnable) {
    problems = Unsupported(workflow).take();
  } else {
    problems.push_back(std::move(runnable).error());
  }
  if (problems.empty()) return {};
  Error refused = combine(std::move(problems));
  if (refused.name.empty()) refused.name = "workflow_execution_failed";
  return fail(std::move(refused));
}

}  // namespace swamp::engine
