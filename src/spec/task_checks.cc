#include "spec/task_checks.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/suggest.h"
#include "spec/argument_checks.h"
#include "spec/expression_checks.h"
#include "spec/phrases.h"
#include "spec/problem.h"

namespace swamp::spec {
namespace {

constexpr std::size_t kDeepestNesting = 10;

void check_child_inputs(const WorkflowTask& task, const Workflow& child,
                        const CachedCatalogue& catalogue, std::vector<Error>& errors) {
  if (task.inputs.value().is_string()) return;
  const auto& schema = child.inputs.schema();
  const auto owner = fmt::format("workflow '{}'", child.name);
  const auto given = keys_of(task.inputs);
  for (const auto& key : needed_keys(schema)) {
    if (std::find(given.begin(), given.end(), key) != given.end()) continue;
    errors.push_back(problem(task.inputs ? task.inputs.where() : task.workflow.where(),
                             fmt::format("{} needs the input '{}'", owner, key),
                             fmt::format("write 'inputs: {{{}: …}}'", key)));
  }
  append(errors, catalogue.schemas().wrong_values(task.inputs, schema, "input"));
  if (!child.inputs.refuses_others()) return;
  for (const auto& key : unknown_keys(task.inputs, {&schema})) {
    errors.push_back(unknown_argument(task.inputs, key, owner, "input", child.inputs.names()));
  }
}

Finding check_workflow_call(const Job& job, const Step& step, const WorkflowTask& task,
                            const CachedCatalogue& catalogue) {
  Finding row{.check = fmt::format("Step inputs for '{}' in job '{}' (workflow: {})",
                                   step.name.text(), job.name, task.workflow.text()),
              .refuses_run = true};
  if (task.workflow.has_expressions()) return row;
  const auto child = catalogue.find_workflow(task.workflow.text());
  std::vector<Error> errors;
  if (child) {
    check_child_inputs(task, **child, catalogue, errors);
  } else if (child.error().code == ErrorCode::not_found) {
    errors.push_back(problem(task.workflow.where(),
                             fmt::format("there is no workflow '{}'", task.workflow.text()),
                             did_you_mean(task.workflow.text(), catalogue.workflow_names())));
  } else {
    errors.push_back(child.error());
    if (!errors.back().where) errors.back().where = task.workflow.where();
  }
  return with_errors(std::move(row), std::move(errors));
}

/// Walks the calls of workflows by name or id, depth first. Every problem is told at the call in
/// the outermost file: that is the one that is looked at.
class NestingWalk {
 public:
  explicit NestingWalk(const CachedCatalogue& catalogue) : catalogue_(catalogue) {}

  /// How many levels lie below `workflow`. `call` is null for the outermost.
  std::size_t walk(const Workflow& workflow, const SourceSpan* call) {
    const auto ancestor = std::find(ids_.begin(), ids_.end(), workflow.id);
    if (ancestor != ids_.end()) {
      std::vector<std::string> path(names_.begin() + (ancestor - ids_.begin()), names_.end());
      path.push_back(workflow.name);
      errors_.push_back(
          problem(*call, fmt::format("workflows call each other: {}", path_of(path))));
      return 0;
    }
    if (const auto known = depths_.find(workflow.id); known != depths_.end()) return known->second;
    ids_.push_back(workflow.id);
    names_.push_back(workflow.name);
    std::size_t depth = 0;
    for (const auto& job : workflow.jobs) {
      for (const auto& step : job.steps)
        depth = std::max(depth, depth_of(step, call));
    }
    ids_.pop_back();
    names_.pop_back();
    return depths_[workflow.id] = depth;
  }

  std::vector<Error> take() { return std::move(errors_); }

 private:
  std::size_t depth_of(const Step& step, const SourceSpan* call) {
    const auto* task = std::get_if<WorkflowTask>(&step.task);
    if (!task || task->workflow.has_expressions()) return 0;
    const auto child = catalogue_.find_workflow(task->workflow.text());
    if (!child) return 0;
    const auto depth = 1 + walk(**child, call ? call : &task->workflow.where());
    if (!call && depth > kDeepestNesting) {
      errors_.push_back(problem(
          task->workflow.where(),
          fmt::format("workflows are nested {} deep, more than {}", depth, kDeepestNesting)));
    }
    return depth;
  }

  const CachedCatalogue& catalogue_;
  std::vector<std::string> ids_;    // of the workflow we are in and those around it
  std::vector<std::string> names_;  // the same
  std::map<std::string, std::size_t> depths_;
  std::vector<Error> errors_;
};

void collect_inputs(const Field& field, std::vector<std::string>& names) {
  visit_expressions(field, [&](const FoundExpression& found) {
    for (const auto& path : found.references->paths) {
      if (path.size() < 2 || path[0] != "inputs") continue;
      if (std::find(names.begin(), names.end(), path[1]) == names.end()) names.push_back(path[1]);
    }
  });
}

}  // namespace

Result<std::shared_ptr<const TypeShape>> CachedCatalogue::find_type(const TypeName& type) const {
  auto found = types_.find(type.normalized);
  if (found == types_.end())
    found = types_.emplace(type.normalized, catalogue_.find_type(type)).first;
  return found->second;
}

Result<std::shared_ptr<const Definition>> CachedCatalogue::find_definition(
    std::string_view name_or_id) const {
  auto found = definitions_.find(name_or_id);
  if (found == definitions_.end()) {
    found =
        definitions_.emplace(std::string(name_or_id), catalogue_.find_definition(name_or_id)).first;
  }
  return found->second;
}

Result<std::shared_ptr<const Workflow>> CachedCatalogue::find_workflow(
    std::string_view name_or_id) const {
  auto found = workflows_.find(name_or_id);
  if (found == workflows_.end()) {
    found = workflows_.emplace(std::string(name_or_id), catalogue_.find_workflow(name_or_id)).first;
  }
  return found->second;
}

Finding with_errors(Finding row, std::vector<Error> errors) {
  row.passed = errors.empty();
  if (!errors.empty()) row.error = combine(std::move(errors));
  return row;
}

std::optional<Finding> check_step_inputs(const Job& job, const Step& step,
                                         const CachedCatalogue& catalogue) {
  if (const auto* task = std::get_if<ModelMethodTask>(&step.task))
    return check_method_call(job, step, *task, catalogue);
  if (const auto* task = std::get_if<WorkflowTask>(&step.task))
    return check_workflow_call(job, step, *task, catalogue);
  return std::nullopt;
}

std::vector<std::string> mentioned_inputs(const Definition& definition, std::string_view method) {
  std::vector<std::string> names;
  collect_inputs(definition.global_arguments, names);
  collect_inputs(definition.arguments_of(method), names);
  return names;
}

std::optional<Finding> check_input_references(const Workflow& workflow, const Job& job,
                                              const Step& step, const CachedCatalogue& catalogue) {
  const auto* task = std::get_if<ModelMethodTask>(&step.task);
  if (!task || !task->model || task->model.has_expressions()) return std::nullopt;
  const auto found = catalogue.find_definition(task->model.text());
  const auto mentioned =
      found ? mentioned_inputs(**found, task->method.text()) : std::vector<std::string>();
  if (mentioned.empty()) return std::nullopt;
  const auto& definition = **found;
  Finding row{.check = fmt::format("GlobalArgument input references for '{}' in job '{}' ({})",
                                   step.name.text(), job.name, definition.name)};
  std::vector<Error> errors;
  const auto given = keys_of(task->inputs);
  const bool open = task->inputs.value().is_string();
  for (const auto& name : mentioned) {
    if (open || std::find(given.begin(), given.end(), name) != given.end() ||
        workflow.inputs.declares(name) || definition.inputs.has_default(name)) {
      continue;
    }
    errors.push_back(
        problem(task->inputs ? task->inputs.where() : task->model.where(),
                fmt::format("model '{}' uses inputs.{}, which this step does not give it",
                            definition.name, name),
                fmt::format("write 'inputs: {{{}: …}}'", name)));
  }
  return with_errors(std::move(row), std::move(errors));
}

std::vector<Error> nested_cycles(const Workflow& workflow, const CachedCatalogue& catalogue) {
  NestingWalk walk(catalogue);
  walk.walk(workflow, nullptr);
  return walk.take();
}

}  // namespace swamp::spec
