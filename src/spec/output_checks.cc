#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/suggest.h"
#include "spec/expression_checks.h"
#include "spec/problem.h"
#include "spec/step_checks.h"
#include "spec/workflow_fields.h"

namespace swamp::spec {
namespace {

/// What a name such as `build`, `job` or `job/step` means, seen from a job.
struct Target {
  const Job* job = nullptr;
  const Step* step = nullptr;  // null: the whole job
};

Target resolve(const Workflow& workflow, const Job& here, std::string_view name) {
  if (const auto* step = find_step(here, name)) return {&here, step};
  if (const auto* job = find_job(workflow, name)) return {job, nullptr};
  const auto slash = name.find('/');
  if (slash == name.npos) return {};
  const auto* job = find_job(workflow, name.substr(0, slash));
  const auto* step = job ? find_step(*job, name.substr(slash + 1)) : nullptr;
  return step ? Target{job, step} : Target{};
}

bool waits_for(const GraphView& view, std::size_t job_index, const Step& producer,
               const Target& consumer) {
  const auto& job = view.workflow.jobs[job_index];
  if (consumer.job != &job) return view.jobs.is_upstream(job.name, consumer.job->name);
  return consumer.step &&
         view.steps[job_index].is_upstream(producer.name.text(), consumer.step->name.text());
}

bool has_workspace(const Workflow& workflow) {
  return workflow.workspace && workflow.workspace->enabled;
}

/// The driver that the file itself decides on; null when it names none.
const std::string* named_driver(const Workflow& workflow, const Job& job, const Step& step) {
  for (const auto* choice : {&step.driver, &job.driver, &workflow.driver}) {
    if (choice->name) return &*choice->name;
  }
  return nullptr;
}

void check_output(const GraphView& view, std::size_t job_index, const Step& step,
                  const StepOutput& output, std::vector<Error>& errors) {
  const auto& workflow = view.workflow;
  const auto& job = workflow.jobs[job_index];
  const auto* driver = named_driver(workflow, job, step);
  if (output.path.text().starts_with('/') && driver && *driver != "docker" &&
      !has_workspace(workflow)) {
    errors.push_back(
        problem(output.path.where(),
                fmt::format("the output '{}' of step '{}' must be relative with driver '{}'",
                            output.path.text(), step.name.text(), *driver),
                "only a container of its own has room for an absolute path"));
  }
  for (const auto& name : output.make_available_to) {
    const auto consumer = resolve(workflow, job, name);
    if (!consumer.job) {
      errors.push_back(
          problem(output.where,
                  fmt::format("the output '{}' of step '{}' goes to '{}', which does not exist",
                              output.path.text(), step.name.text(), name),
                  "name a step of this job, another job, or 'job/step'"));
    } else if (!waits_for(view, job_index, step, consumer)) {
      errors.push_back(
          problem(output.where,
                  fmt::format("'{}' gets the output '{}' of step '{}' but does not depend on it",
                              name, output.path.text(), step.name.text()),
                  fmt::format("let '{}' depend on it", name)));
    }
  }
}

/// A literal working directory that is not absolute; null when there is none.
const Value* relative_directory(const Step& step) {
  const auto* task = std::get_if<ModelMethodTask>(&step.task);
  if (!task) return nullptr;
  for (const auto* key : {"workingDir", "workDir"}) {
    const auto& value = task->inputs.value()[key];
    if (value.is_string() && !value.as_string().starts_with('/') &&
        !value.as_string().starts_with("${{")) {
      return &value;
    }
  }
  return nullptr;
}

using StepSet = std::set<const Step*>;

/// Steps of the job that get an output because they depend on a step that gives its own to all that
/// do.
void add_dependents(const Job& job, StepSet& consumers) {
  std::set<std::string_view> givers;
  for (const auto& step : job.steps) {
    const bool gives =
        std::any_of(step.outputs.begin(), step.outputs.end(),
                    [](const StepOutput& output) { return output.for_all_dependents; });
    if (gives) givers.insert(step.name.text());
  }
  if (givers.empty()) return;
  for (const auto& step : job.steps) {
    for (const auto& dependency : step.depends_on) {
      if (givers.count(dependency.target) != 0) consumers.insert(&step);
    }
  }
}

/// Everything that produces an output or gets one.
StepSet steps_with_outputs(const Workflow& workflow) {
  StepSet found;
  for (const auto& job : workflow.jobs) {
    add_dependents(job, found);
    for (const auto& step : job.steps) {
      if (!step.outputs.empty()) found.insert(&step);
      for (const auto& output : step.outputs) {
        for (const auto& name : output.make_available_to) {
          const auto target = resolve(workflow, job, name);
          if (target.step) found.insert(target.step);
          if (!target.job || target.step) continue;
          for (const auto& each : target.job->steps)
            found.insert(&each);
        }
      }
    }
  }
  return found;
}

/// The step that a `data.step` call names, as data functions see it from a step.
void check_data_step(const GraphView& view, std::size_t job_index, const Step& step,
                     const std::string& name, const SourceSpan& where, std::vector<Error>& errors) {
  const auto& job = view.workflow.jobs[job_index];
  const auto target = resolve(view.workflow, job, name);
  if (!target.step) {
    std::vector<std::string> names;
    for (const auto& each : job.steps)
      names.push_back(each.name.text());
    auto hint = did_you_mean(name, names);
    if (hint.empty()) hint = "a step of another job is written 'job/step'";
    errors.push_back(problem(where, fmt::format("there is no step '{}'", name), std::move(hint)));
    return;
  }
  const bool upstream = target.job == &job ? view.steps[job_index].is_upstream(
                                                 target.step->name.text(), step.name.text())
                                           : view.jobs.is_upstream(target.job->name, job.name);
  if (upstream) return;
  errors.push_back(
      problem(where,
              fmt::format("step '{}' reads data of step '{}' but does not depend on it",
                          step.name.text(), name),
              target.job == &job ? "add it to 'dependsOn'" : "let the job depend on that job"));
}

}  // namespace

GraphView::GraphView(const Workflow& of) : workflow(of), jobs(of) {
  steps.reserve(of.jobs.size());
  for (const auto& job : of.jobs)
    steps.emplace_back(of, job);
}

std::vector<Error> output_errors(const GraphView& view) {
  std::vector<Error> errors;
  for (std::size_t j = 0; j < view.workflow.jobs.size(); ++j) {
    for (const auto& step : view.workflow.jobs[j].steps) {
      for (const auto& output : step.outputs)
        check_output(view, j, step, output, errors);
    }
  }
  return errors;
}

std::vector<Error> output_warnings(const GraphView& view) {
  std::vector<Error> warnings;
  if (has_workspace(view.workflow)) return warnings;
  for (const auto* step : steps_with_outputs(view.workflow)) {
    const auto* directory = relative_directory(*step);
    if (!directory) continue;
    warnings.push_back(
        problem(step->name.where(),
                fmt::format("step '{}' runs in a private folder, in which '{}' is looked for",
                            step->name.text(), directory->as_string()),
                "write an absolute path, or give the workflow a workspace"));
  }
  return warnings;
}

std::vector<Error> data_step_errors(const GraphView& view) {
  std::vector<Error> errors;
  for (std::size_t j = 0; j < view.workflow.jobs.size(); ++j) {
    for (const auto& step : view.workflow.jobs[j].steps) {
      const auto check = [&](const FoundExpression& found) {
        for (const auto& call : found.references->constant_calls) {
          if (call.size() != 2 || call[0] != "data.step") continue;
          check_data_step(view, j, step, call[1], place_of_constant(found, call[0], call[1]),
                          errors);
        }
      };
      visit_fields(step, [&](const Field& field) { visit_expressions(field, check); });
      if (const auto* task = std::get_if<AssertTask>(&step.task))
        visit_expressions(task->expr, check);
    }
  }
  return errors;
}

}  // namespace swamp::spec
