#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/suggest.h"
#include "spec/expression_checks.h"
#include "spec/iteration_names.h"
#include "spec/path_checks.h"
#include "spec/problem.h"
#include "spec/step_checks.h"
#include "spec/workflow_fields.h"

namespace swamp::spec {
namespace {

/// The names that the iterations will have, where that can be told now.
std::vector<std::string> known_iteration_names(const Step& step) {
  std::vector<std::string> names;
  const auto elements = constant_value(step.for_each->in);
  if (!elements) return names;
  auto iterations = iterations_of(*elements);
  if (!iterations) return names;
  for (const auto& iteration : *iterations) {
    if (!step.name.has_expressions()) {
      names.push_back(iteration_name(step.name.text(), iteration));
      continue;
    }
    const Map self{{step.for_each->item, iteration.element}};
    const auto name = step.name.evaluate(cel::PlainScope(Map{{"self", self}}), cel::Answers());
    if (!name || !std::holds_alternative<Value>(*name)) return {};
    const auto& value = std::get<Value>(*name);
    names.push_back(value.is_string() ? value.as_string() : iteration_label(value));
  }
  return names;
}

/// Whether no expression of the name has to do with the element, so that all iterations get one
/// name.
bool is_same_for_all(const Step& step) {
  return step.name.has_expressions() && step.name.check_syntax().empty() &&
         !step.name.references().mentions("self");
}

void visit_constant_calls(
    const Workflow& workflow,
    const std::function<void(const FoundExpression&, const std::vector<std::string>&)>& visit) {
  const auto look = [&](const FoundExpression& found) {
    for (const auto& call : found.references->constant_calls)
      visit(found, call);
  };
  for (const auto& job : workflow.jobs) {
    for (const auto& step : job.steps) {
      visit_fields(step, [&](const Field& field) { visit_expressions(field, look); });
      if (const auto* task = std::get_if<AssertTask>(&step.task))
        visit_expressions(task->expr, look);
    }
  }
}

/// The names that the workflow itself gives to models, and whether some are known only when it
/// runs.
struct MadeModels {
  std::set<std::string, std::less<>> names;
  bool computed = false;
};

MadeModels made_models(const Workflow& workflow) {
  MadeModels made;
  for (const auto& job : workflow.jobs) {
    for (const auto& step : job.steps) {
      const auto* task = std::get_if<ModelMethodTask>(&step.task);
      if (task && task->model_name.has_expressions()) made.computed = true;
      if (task && task->model_name) made.names.insert(task->model_name.text());
      // A child may make models of its own.
      if (std::holds_alternative<WorkflowTask>(step.task)) made.computed = true;
    }
  }
  return made;
}

}  // namespace

std::vector<Error> name_collisions(const Job& job) {
  std::vector<Error> errors;
  std::map<std::string, const Step*> taken;
  for (const auto& step : job.steps) {
    if (!step.for_each) taken.emplace(step.name.text(), &step);
  }
  for (const auto& step : job.steps) {
    if (!step.for_each) continue;
    if (is_same_for_all(step)) {
      errors.push_back(
          problem(step.name.where(),
                  fmt::format("all iterations of step '{}' get the same name", step.name.text()),
                  fmt::format("use self.{} in it", step.for_each->item)));
      continue;
    }
    for (const auto& name : known_iteration_names(step)) {
      const auto [found, is_new] = taken.emplace(name, &step);
      if (is_new) continue;
      errors.push_back(problem(
          step.name.where(),
          found->second == &step
              ? fmt::format("two iterations of step '{}' get the name '{}'", step.name.text(), name)
              : fmt::format(
                    "an iteration of step '{}' gets the name '{}', which is that of another step",
                    step.name.text(), name)));
    }
  }
  return errors;
}

std::vector<Error> unknown_drivers(const Workflow& workflow, const Catalogue& catalogue) {
  const auto known = catalogue.driver_names();
  std::vector<Error> errors;
  const auto check = [&](const DriverChoice& choice) {
    if (!choice.name || std::find(known.begin(), known.end(), *choice.name) != known.end()) return;
    auto hint = did_you_mean(*choice.name, known);
    if (hint.empty()) hint = fmt::format("the drivers are {}", fmt::join(known, ", "));
    errors.push_back(problem(choice.where, fmt::format("there is no driver '{}'", *choice.name),
                             std::move(hint)));
  };
  check(workflow.driver);
  for (const auto& job : workflow.jobs) {
    check(job.driver);
    for (const auto& step : job.steps)
      check(step.driver);
  }
  return errors;
}

std::vector<Error> shadowed_types(const Workflow& workflow, const Catalogue& catalogue) {
  std::vector<Error> warnings;
  visit_constant_calls(workflow, [&](const FoundExpression& found,
                                     const std::vector<std::string>& call) {
    if (call.size() < 2 || !call[0].starts_with("data.") || call[1].find('/') == std::string::npos)
      return;
    const auto type = TypeName::parse(call[1]);
    if (!type || !catalogue.find_definition(call[1]) || !catalogue.find_type(*type)) return;
    warnings.push_back(
        problem(place_of_constant(found, call[0], call[1]),
                fmt::format("'{}' is both a type and a model, and means the model here", call[1]),
                "rename the model to mean the type"));
  });
  return warnings;
}

namespace {

/// Looks for the models that expressions name.
class ModelSearch {
 public:
  ModelSearch(MadeModels made, const Catalogue& catalogue)
      : made_(std::move(made)), catalogue_(catalogue) {}

  void look(const FoundExpression& found) {
    for (const auto& path : found.references->paths) {
      if (path.size() >= 2 && path[0] == "model" && !is_made(path[1])) look_at_path(path, found);
      if (path.size() >= 2 && path[0] == "workflow") look_for_workflow(path[1], found);
    }
    for (const auto& call : found.references->constant_calls) {
      if (call.size() >= 3 && takes_model(call[0]) && !is_made(call[1]))
        look_for_data_of(call[0], call[1], found);
    }
  }

  std::vector<Error> take() { return std::move(warnings_); }

 private:
  static bool takes_model(std::string_view function) {
    return function == "data.latest" || function == "data.version" ||
           function == "data.listVersions" || function == "data.findBySpec";
  }

  bool is_made(const std::string& name) const { return made_.names.count(name) != 0; }

  void look_at_path(const std::vector<std::string>& path, const FoundExpression& found) {
    append(warnings_, model_path_errors(path, found, catalogue_));
  }

  void look_for_workflow(const std::string& name, const FoundExpression& found) {
    const auto workflow = catalogue_.find_workflow(name);
    if (workflow || workflow.error().code != ErrorCode::not_found) return;
    warnings_.push_back(problem(place_of(found, name),
                                fmt::format("there is no workflow '{}'", name),
                                did_you_mean(name, catalogue_.workflow_names())));
  }

  /// A type stands for its instances, and an instance without definition has a name that ends in
  /// twelve hexadecimal digits.
  void look_for_data_of(const std::string& function, const std::string& name,
                        const FoundExpression& found) {
    constexpr std::size_t kDigits = 12;
    const auto digits = name.substr(name.size() - std::min(name.size(), kDigits));
    const bool is_instance = name.size() > kDigits && name[name.size() - kDigits - 1] == '-' &&
                             digits.find_first_not_of("0123456789abcdef") == std::string::npos;
    const auto definition = catalogue_.find_definition(name);
    if (is_instance || definition || definition.error().code != ErrorCode::not_found) return;
    const auto type = TypeName::parse(name);
    if (type && catalogue_.find_type(*type)) return;
    warnings_.push_back(problem(place_of_constant(found, function, name),
                                fmt::format("there is no model and no type '{}'", name),
                                did_you_mean(name, catalogue_.definition_names())));
  }

  MadeModels made_;
  const Catalogue& catalogue_;
  std::vector<Error> warnings_;
};

}  // namespace

std::vector<Error> unknown_models(const Workflow& workflow, const Catalogue& catalogue) {
  auto made = made_models(workflow);
  if (made.computed) return {};
  ModelSearch search(std::move(made), catalogue);
  const auto look = [&](const FoundExpression& found) { search.look(found); };
  for (const auto& job : workflow.jobs) {
    for (const auto& step : job.steps) {
      visit_fields(step, [&](const Field& field) { visit_expressions(field, look); });
      if (const auto* task = std::get_if<AssertTask>(&step.task))
        visit_expressions(task->expr, look);
    }
  }
  return search.take();
}

}  // namespace swamp::spec
