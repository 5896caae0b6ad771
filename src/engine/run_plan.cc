#include "engine/run_plan.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "spec/iteration_names.h"

namespace swamp::engine {
namespace {

/// What the name evaluates to; empty when it stays as it is written.
std::string evaluated_name(const spec::Field& name, const cel::Scope& scope) {
  if (!name.has_expressions()) return {};
  const cel::Answers nothing;
  const auto outcome = name.evaluate(scope, nothing);
  if (!outcome) return {};
  const Value* value = std::get_if<Value>(&*outcome);
  if (value == nullptr || value->is_null() || value->holds_secret()) return {};
  return spec::iteration_label(*value);
}

using NewNames = std::map<std::string, std::string, std::less<>>;  // by the text as written

void rename_targets(std::vector<spec::Dependency>& needs, const NewNames& names) {
  for (spec::Dependency& need : needs) {
    if (const auto found = names.find(need.target); found != names.end())
      need.target = found->second;
  }
}

void name_steps(spec::Job& job, const cel::Scope& scope) {
  NewNames names;
  for (spec::Step& step : job.steps) {
    if (step.for_each) continue;
    std::string name = evaluated_name(step.name, scope);
    if (name.empty()) continue;
    names.emplace(step.name.text(), name);
    step.name = spec::Field::data(std::move(name), step.name.where());
  }
  for (spec::Step& step : job.steps)
    rename_targets(step.depends_on, names);
}

void name_jobs(spec::Workflow& workflow, const cel::Scope& scope) {
  NewNames names;
  for (spec::Job& job : workflow.jobs) {
    std::string name = evaluated_name(spec::Field::written(Value(job.name), job.name_where), scope);
    if (!name.empty()) names.emplace(std::exchange(job.name, name), name);
    name_steps(job, scope);
  }
  for (spec::Job& job : workflow.jobs)
    rename_targets(job.depends_on, names);
}

bool has_names_to_evaluate(const spec::Workflow& workflow) {
  return std::any_of(workflow.jobs.begin(), workflow.jobs.end(), [](const spec::Job& job) {
    return cel::Template::has_expression(job.name) ||
           std::any_of(job.steps.begin(), job.steps.end(), [](const spec::Step& step) {
             return !step.for_each && step.name.has_expressions();
           });
  });
}

}  // namespace

Result<Plan> plan_of_run(std::shared_ptr<const spec::Workflow> workflow, const Map& inputs) {
  if (!has_names_to_evaluate(*workflow)) return Plan::make(std::move(workflow));
  spec::Workflow named = *workflow;
  name_jobs(named, cel::PlainScope(Map{{"inputs", inputs}}));
  return Plan::make(std::make_shared<const spec::Workflow>(std::move(named)));
}

Map plain_inputs(const store::RunRecord& record) {
  Map inputs = record.inputs.is_map() ? record.inputs.as_map() : Map{};
  for (const std::string& pointer : record.expressions.value_or(std::vector<std::string>())) {
    for (const auto& [name, value] : Map(inputs)) {
      const std::string place = spec::pointer_to("/inputs", name);
      if (pointer == place || pointer.starts_with(place + "/")) inputs.erase(name);
    }
  }
  return inputs;
}

}  // namespace swamp::engine
