#include <algorithm>

#include <fmt/format.h>

#include "spec/expression_checks.h"
#include "spec/problem.h"
#include "spec/step_checks.h"
#include "spec/task_checks.h"
#include "spec/validate.h"

namespace swamp::spec {
namespace {

enum class Row : std::uint8_t { error, blocking, warning };

/// Which rows somebody wants: a run of thousands of steps does not want one for each that is right.
enum class Wanted : std::uint8_t { all, refusals };

/// The rows of one workflow, in the order in which they are shown.
class WorkflowValidation {
 public:
  WorkflowValidation(const Workflow& workflow, const Catalogue& catalogue, Wanted wanted)
      : workflow_(workflow), catalogue_(catalogue), wanted_(wanted), view_(workflow) {}

  std::vector<Finding> run() {
    add("Schema validation", {}, Row::blocking);
    add_graph_rows();
    add_step_rows();
    add_placement_rows();
    add_assert_rows();
    add_affinity_rows();
    add_expression_rows();
    add_whole_rows();
    return std::move(rows_);
  }

 private:
  void add(std::string check, std::vector<Error> errors, Row kind) {
    Finding row{.check = std::move(check),
                .warning = kind == Row::warning && !errors.empty(),
                .refuses_run = kind == Row::blocking};
    row.passed = errors.empty() || kind == Row::warning;
    if (!errors.empty()) row.error = combine(std::move(errors));
    add(std::move(row));
  }

  void add(Finding row) {
    if (wanted_ == Wanted::all || refuses(row)) rows_.push_back(std::move(row));
  }

  static bool refuses(const Finding& row) { return !row.passed && row.refuses_run; }

  std::string in_job(std::string_view check, std::size_t job) const {
    return fmt::format("{} in job '{}'", check, workflow_.jobs[job].name);
  }

  void add_graph_rows() {
    const auto jobs = workflow_.jobs.size();
    add("Unique job names", view_.jobs.duplicates(), Row::blocking);
    for (std::size_t j = 0; j < jobs; ++j) {
      add(in_job("Unique step names", j), view_.steps[j].duplicates(), Row::blocking);
    }
    add("Valid job dependency references", view_.jobs.unknown_targets(), Row::blocking);
    for (std::size_t j = 0; j < jobs; ++j) {
      add(in_job("Valid step dependency references", j), view_.steps[j].unknown_targets(),
          Row::blocking);
    }
    add("No cyclic job dependencies", view_.jobs.cycles(), Row::blocking);
    for (std::size_t j = 0; j < jobs; ++j) {
      add(in_job("No cyclic step dependencies", j), view_.steps[j].cycles(), Row::blocking);
    }
    graph_is_sound_ = all_passed(rows_);
  }

  void add_step_rows() {
    for (const auto& job : workflow_.jobs) {
      for (const auto& step : job.steps) {
        if (auto row = check_step_inputs(job, step, catalogue_)) add(*std::move(row));
        if (auto row = check_input_references(workflow_, job, step, catalogue_))
          add(*std::move(row));
        if (auto row = check_overrides(workflow_, job, step, catalogue_)) add(*std::move(row));
      }
    }
  }

  void add_placement_rows() {
    for (const auto& job : workflow_.jobs) {
      for (const auto& step : job.steps) {
        const auto* timed = timed_placement(job, step);
        if (!timed || workflow_.placement.is_set() || job.placement.is_set() ||
            step.placement.is_set())
          continue;
        add(fmt::format("queueTimeout without placement in job '{}' step '{}'", job.name,
                        step.name.text()),
            {problem(timed->queue_timeout_where, "a step that runs here waits in no queue",
                     "add 'target', 'labels' or 'platform', or take 'queueTimeout' away")},
            Row::warning);
      }
    }
  }

  const Placement* timed_placement(const Job& job, const Step& step) const {
    for (const auto* placement : {&step.placement, &job.placement, &workflow_.placement}) {
      if (placement->queue_timeout) return placement;
    }
    return nullptr;
  }

  void add_assert_rows() {
    for (const auto& job : workflow_.jobs) {
      for (const auto& step : job.steps) {
        const auto* task = std::get_if<AssertTask>(&step.task);
        if (!task || (wanted_ == Wanted::refusals && !is_wrapped(task->expr))) continue;
        std::vector<Error> errors;
        if (is_wrapped(task->expr)) {
          errors.push_back(problem(task->expr.where(),
                                   "'expr' of an assert is an expression without '${{ }}'",
                                   "take '${{' and '}}' away"));
        }
        add(fmt::format("Assert expr in job '{}' step '{}'", job.name, step.name.text()),
            std::move(errors), Row::blocking);
      }
    }
  }

  void add_affinity_rows() {
    constexpr std::string_view kMessage =
        "affinity keeps steps on one worker, and no step here is placed on any";
    if (workflow_.affinity && !any_placement()) {
      add("affinity without placement", {problem(workflow_.affinity_where, std::string(kMessage))},
          Row::warning);
    }
    for (const auto& job : workflow_.jobs) {
      if (!job.affinity || workflow_.placement.is_set() || has_placement(job)) continue;
      add(fmt::format("affinity without placement in job '{}'", job.name),
          {problem(job.affinity_where, std::string(kMessage))}, Row::warning);
    }
  }

  static bool has_placement(const Job& job) {
    return job.placement.is_set() ||
           std::any_of(job.steps.begin(), job.steps.end(),
                       [](const Step& step) { return step.placement.is_set(); });
  }
  bool any_placement() const {
    return workflow_.placement.is_set() ||
           std::any_of(workflow_.jobs.begin(), workflow_.jobs.end(), has_placement);
  }

  void add_expression_rows() {
    add("Expression syntax", syntax_errors(workflow_), Row::blocking);
    add("Names in expressions", name_errors(workflow_), Row::blocking);
    add("Declared inputs", undeclared_inputs(workflow_), Row::blocking);
    add("Defaults of inputs", wrong_defaults(workflow_, catalogue_), Row::error);
    add("Models in expressions", unknown_models(workflow_, catalogue_), Row::warning);
    add("Types in expressions", shadowed_types(workflow_, catalogue_), Row::warning);
  }

  void add_whole_rows() {
    add("No cyclic nested workflows", nested_cycles(workflow_, catalogue_), Row::blocking);
    add("Known drivers", unknown_drivers(workflow_, catalogue_), Row::blocking);
    if (workflow_.trigger) add("Trigger inputs", trigger_errors(workflow_, catalogue_), Row::error);
    add("Lists of forEach", loop_errors(workflow_), Row::error);
    for (std::size_t j = 0; j < workflow_.jobs.size(); ++j) {
      add(in_job("Unique forEach names", j), name_collisions(workflow_.jobs[j]), Row::error);
    }
    add("Settings that have an effect", idle_settings(workflow_), Row::warning);
    if (!graph_is_sound_) return;  // what follows would only repeat it
    add("Reachable jobs", view_.jobs.dead_nodes(), Row::warning);
    for (std::size_t j = 0; j < workflow_.jobs.size(); ++j) {
      add(in_job("Reachable steps", j), view_.steps[j].dead_nodes(), Row::warning);
    }
    add("Data of upstream steps", data_step_errors(view_), Row::blocking);
    add("Step outputs", output_errors(view_), Row::blocking);
    add("Working directories beside step outputs", output_warnings(view_), Row::warning);
  }

  const Workflow& workflow_;
  CachedCatalogue catalogue_;
  const Wanted wanted_;
  GraphView view_;
  std::vector<Finding> rows_;
  bool graph_is_sound_ = true;
};

}  // namespace

std::vector<Finding> validate_workflow(const Workflow& workflow, const Catalogue& catalogue) {
  return WorkflowValidation(workflow, catalogue, Wanted::all).run();
}

Result<> check_runnable(const Workflow& workflow, const Catalogue& catalogue) {
  std::vector<Error> errors;
  for (auto& row : WorkflowValidation(workflow, catalogue, Wanted::refusals).run()) {
    auto also = std::move(row.error->also);
    row.error->also.clear();
    errors.push_back(*std::move(row.error));
    append(errors, std::move(also));
  }
  if (errors.empty()) return {};
  return fail(combine(std::move(errors)));
}

bool all_passed(const std::vector<Finding>& findings) {
  return std::all_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.passed; });
}

}  // namespace swamp::spec
