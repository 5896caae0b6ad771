#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/suggest.h"
#include "spec/problem.h"
#include "spec/task_checks.h"

namespace swamp::spec {
namespace {

/// The type on which the task calls its method, where that can be told now.
std::shared_ptr<const TypeShape> type_of(const ModelMethodTask& task,
                                         const CachedCatalogue& catalogue) {
  if (task.model && !task.model.has_expressions()) {
    const auto definition = catalogue.find_definition(task.model.text());
    const auto type = definition ? catalogue.find_type((*definition)->type)
                                 : Result<std::shared_ptr<const TypeShape>>();
    return type ? *type : nullptr;
  }
  if (!task.model_type || task.model_type.has_expressions()) return nullptr;
  const auto name = TypeName::parse(task.model_type.text());
  const auto type = name ? catalogue.find_type(*name) : Result<std::shared_ptr<const TypeShape>>();
  return type ? *type : nullptr;
}

void check_spec_name(const DataOutputOverride& one, const TypeShape& type,
                     std::vector<Error>& errors) {
  std::vector<std::string> names = type.files;
  for (const auto& resource : type.resources)
    names.push_back(resource.name);
  if (names.empty() || std::find(names.begin(), names.end(), one.spec_name) != names.end()) return;
  auto hint = did_you_mean(one.spec_name, names);
  if (hint.empty()) hint = fmt::format("its outputs are {}", fmt::join(names, ", "));
  errors.push_back(problem(one.where,
                           fmt::format("type '{}' has no output '{}'", type.name, one.spec_name),
                           std::move(hint)));
}

/// A data name is varied by inputs of the step or of the run; one that neither has is null.
void check_vary(const DataOutputOverride& one, const Workflow& workflow,
                const ModelMethodTask& task, std::vector<Error>& errors) {
  if (task.inputs.value().is_string()) return;
  auto known = keys_of(task.inputs);
  const auto of_run = workflow.inputs.names();
  known.insert(known.end(), of_run.begin(), of_run.end());
  const bool is_open = !workflow.inputs.is_declared() || workflow.inputs.takes_others();
  for (const auto& name : one.vary) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (cel::Template::has_expression(name)) {
      errors.push_back(problem(one.where,
                               fmt::format("'vary' names inputs, and '{}' is an expression", name),
                               "give the step an input with that value, and name it here"));
    } else if (!is_open) {
      errors.push_back(problem(
          one.where,
          fmt::format("'{}' is varied by '{}', which is no input of the step", one.spec_name, name),
          did_you_mean(name, known)));
    }
  }
}

}  // namespace

std::optional<Finding> check_overrides(const Workflow& workflow, const Job& job, const Step& step,
                                       const CachedCatalogue& catalogue) {
  const auto* task = std::get_if<ModelMethodTask>(&step.task);
  if (!task || step.data_output_overrides.empty()) return std::nullopt;
  const auto type = type_of(*task, catalogue);
  std::vector<Error> errors;
  std::set<std::string_view> seen;
  for (const auto& one : step.data_output_overrides) {
    if (!seen.insert(one.spec_name).second) {
      errors.push_back(problem(one.where, fmt::format("step '{}' overrides the output '{}' twice",
                                                      step.name.text(), one.spec_name)));
    }
    if (type) check_spec_name(one, *type, errors);
    check_vary(one, workflow, *task, errors);
  }
  return with_errors(
      {.check = fmt::format("Data outputs of step '{}' in job '{}'", step.name.text(), job.name)},
      std::move(errors));
}

std::vector<Error> wrong_defaults(const Workflow& workflow, const CachedCatalogue& catalogue) {
  if (!workflow.inputs.is_declared()) return {};
  const auto& properties = workflow.inputs.schema()["properties"];
  const auto& source = workflow.inputs.source();
  const std::string within = source.value().as_map().contains("properties") ? "/properties" : "";
  Map defaults;
  std::vector<Field::Place> places{{.pointer = "", .where = source.where()}};
  for (const auto& [name, property] : properties.as_map()) {
    const auto* value = property.is_map() ? property.as_map().find("default") : nullptr;
    if (!value) continue;
    defaults.set(name, *value);
    places.push_back({.pointer = pointer_to({}, name),
                      .where = source.where(pointer_to(within, name) + "/default")});
  }
  const auto field = Field::written(std::move(defaults), std::move(places));
  return catalogue.schemas().wrong_values(field, workflow.inputs.schema(), "the default of input");
}

std::vector<Error> trigger_errors(const Workflow& workflow, const CachedCatalogue& catalogue) {
  if (!workflow.trigger || !workflow.inputs.is_declared()) return {};
  const auto& given = workflow.trigger->inputs;
  const auto& schema = workflow.inputs.schema();
  auto errors = catalogue.schemas().wrong_values(given, schema, "input");
  if (workflow.inputs.refuses_others()) {
    for (const auto& key : unknown_keys(given, {&schema})) {
      errors.push_back(unknown_argument(given, key, fmt::format("workflow '{}'", workflow.name),
                                        "input", workflow.inputs.names()));
    }
  }
  const auto keys = keys_of(given);
  for (const auto& key : needed_keys(schema)) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    errors.push_back(problem(
        given ? given.where() : workflow.name_where,
        fmt::format("a run that is not started by hand has no input '{}', which is required", key),
        fmt::format("write 'trigger: {{inputs: {{{}: …}}}}'", key)));
  }
  return errors;
}

}  // namespace swamp::spec
