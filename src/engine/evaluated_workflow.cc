#include "engine/evaluated_workflow.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "cel/template.h"
#include "engine/scope.h"
#include "spec/iteration_names.h"
#include "spec/workflow_fields.h"
#include "value/json.h"

namespace swamp::engine {
namespace {

/// What a run makes, what its process brings along, and what may not be written down.
constexpr std::array<std::string_view, 10> kLateRoots{
    "data",  "env",     "file",    "run",      "workflowRunId",
    "vault", "webhook", "workers", "workflow", "workspace"};
/// What of a model its definition alone says.
constexpr std::array<std::string_view, 3> kKnownOfModels{"definition", "input", "inputs"};

template <class All, class One>
bool holds(const All& all, const One& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool is_late_path(const std::vector<std::string>& path, std::string_view item) {
  if (path.front() == "model") return path.size() < 3 || !holds(kKnownOfModels, path[2]);
  if (path.front() == "self") return path.size() < 2 || path[1] != item;
  return false;
}

/// A text that is data, in a file in which `${{` begins an expression.
std::string as_data(const std::string& text) {
  if (!cel::Template::has_expression(text)) return text;
  return fmt::format("${{{{ {} }}}}", write_json(text));
}

Value as_data(const Value& value) {
  // What is secret is written as the expression that it came from, and stays one.
  if (value.is_secret()) return value.secret_origin()->expression;
  if (value.is_string()) return as_data(value.as_string());
  if (value.is_list()) {
    List items;
    for (const Value& item : value.as_list())
      items.push_back(as_data(item));
    return items;
  }
  if (!value.is_map()) return value;
  Map entries;
  for (const auto& [key, item] : value.as_map())
    entries.set(key, as_data(item));
  return entries;
}

std::string where_of(const Error& error) {
  return error.where ? error.where->to_string() : std::string();
}

/// What may stand where an expression stood: anything among inputs, else a text that is not empty.
enum class Place : std::uint8_t { setting, value };

/// The places of the texts of a workflow, for messages: the first of each text.
std::map<std::string, SourceSpan> places_of(const spec::Workflow& workflow) {
  std::map<std::string, SourceSpan> places;
  const auto note = [&](const spec::Field& field) {
    for (const spec::Field::Place& place : field.expressions()) {
      if (const Value* text = spec::find_at(field.value(), place.pointer))
        places.emplace(text->as_string(), place.where);
    }
  };
  spec::visit_fields(workflow, note);
  for (const spec::Job& job : workflow.jobs) {
    spec::visit_fields(job, note);
    for (const spec::Step& step : job.steps)
      spec::visit_fields(step, note);
  }
  return places;
}

class Evaluator {
 public:
  Evaluator(const spec::Workflow& workflow, const Map& inputs, const cel::Answers& answers)
      : inputs_(inputs), answers_(answers), places_(places_of(workflow)) {}

  EvaluatedWorkflow run(const Value& document) {
    Map evaluated;
    for (const auto& [key, value] : document.as_map()) {
      if (key == "id" || key == "trigger") {
        evaluated.set(key, value);
      } else if (key == "jobs") {
        evaluated.set(key, Value());
      } else if (key != "inputs") {
        evaluated.set(key, walk(value, place_of(key)));
      } else {
        evaluated.set(key, Value());  // keeps its place among the keys
      }
    }
    Value declared = with_defaults(document["inputs"]);
    if (!declared.is_null()) evaluated.set("inputs", std::move(declared));
    auto [written, expanded] = jobs(document["jobs"]);
    evaluated.set("jobs", std::move(expanded));
    result_.expanded = evaluated;
    evaluated.set("jobs", std::move(written));
    result_.document = std::move(evaluated);
    return std::move(result_);
  }

 private:
  static Place place_of(std::string_view key) {
    return key == "inputs" || key == "globalArgs" || key == "driverConfig" ? Place::value
                                                                           : Place::setting;
  }

  /// `jobs` of the document, and what they look like with their iterations.
  std::pair<Value, Value> jobs(const Value& written) {
    List documents;
    List expanded;
    for (const Value& job : written.as_list()) {
      Map document;
      Map with_iterations;
      for (const auto& [key, value] : job.as_map()) {
        if (key == "steps") {
          auto [steps, iterations] = steps_of(value);
          document.set(key, std::move(steps));
          with_iterations.set(key, std::move(iterations));
        } else {
          document.set(key, walk(value, place_of(key)));
          with_iterations.set(key, *document.find(key));
        }
      }
      documents.push_back(std::move(document));
      expanded.push_back(std::move(with_iterations));
    }
    return {std::move(documents), std::move(expanded)};
  }

  std::pair<Value, Value> steps_of(const Value& written) {
    List documents;
    List expanded;
    for (const Value& step : written.as_list()) {
      Map document = evaluated_step(step.as_map());
      const auto list = list_of(step);
      if (!list || !add_iterations(step, *list, expanded)) expanded.push_back(document);
      documents.push_back(std::move(document));
    }
    return {std::move(documents), std::move(expanded)};
  }

  Map evaluated_step(const Map& step) {
    Map evaluated;
    for (const auto& [key, value] : step) {
      const bool stays = key == "forEach" || key == "guard";
      if (stays) result_.had_expressions = true;
      evaluated.set(key, stays ? value : walk(value, place_of(key)));
    }
    return evaluated;
  }

  /// What a forEach goes through; nothing when the step is none, or that is not known or secret.
  std::optional<Value> list_of(const Value& step) {
    if (!step["forEach"].is_map() || !step["forEach"]["in"].is_string()) return std::nullopt;
    auto list = evaluate(step["forEach"]["in"].as_string());
    if (!list || list->holds_secret()) return std::nullopt;
    return list;
  }

  /// False, adding nothing, when the names of the iterations are not known.
  bool add_iterations(const Value& step, const Value& list, List& steps) {
    auto iterations = spec::iterations_of(list);
    if (!iterations) {
      result_.warnings.push_back(std::move(iterations).error());
      return false;
    }
    List added;
    for (const spec::Iteration& iteration : *iterations) {
      item_ = step["forEach"]["item"].as_string();
      element_ = &iteration.element;
      const auto name = iteration_name(step["name"].as_string(), iteration);
      Map document = evaluated_step(step.as_map());
      item_.clear();
      if (!name) return false;
      document.set("name", *name);
      document.erase("forEach");
      added.push_back(std::move(document));
    }
    result_.for_each_expanded = true;
    for (Value& document : added)
      steps.push_back(std::move(document));
    return true;
  }

  std::optional<std::string> iteration_name(const std::string& written,
                                            const spec::Iteration& iteration) {
    if (!cel::Template::has_expression(written)) return spec::iteration_name(written, iteration);
    const auto name = evaluate(written);
    if (!name || name->is_secret() || name->is_list() || name->is_map()) return std::nullopt;
    std::string label = spec::iteration_label(*name);
    if (label.empty()) return std::nullopt;
    return label;
  }

  Value walk(const Value& value, Place place) {
    if (value.is_string()) return leaf(value, place);
    if (value.is_list()) {
      List items;
      for (const Value& item : value.as_list())
        items.push_back(walk(item, place));
      return items;
    }
    if (!value.is_map()) return value;
    Map entries;
    for (const auto& [key, item] : value.as_map()) {
      const bool stays = key == "expr" && place == Place::setting;  // of an assert: bare CEL
      const Place below = place == Place::value ? place : place_of(key);
      entries.set(key, stays ? item : walk(item, below));
    }
    return entries;
  }

  Value leaf(const Value& written, Place place) {
    if (!cel::Template::has_expression(written.as_string())) return written;
    result_.had_expressions = true;
    const auto value = evaluate(written.as_string());
    if (!value || value->holds_secret()) return written;
    const bool fits = place == Place::value || (value->is_string() && !value->as_string().empty());
    return fits ? as_data(*value) : written;
  }

  /// Empty when that is not known beforehand.
  std::optional<Value> evaluate(const std::string& text) {
    const Result<cel::Template>& compiled = compile(text);
    if (!compiled) {
      warn(compiled.error());
      return std::nullopt;
    }
    if (!is_known_beforehand(compiled->references(), item_)) return std::nullopt;
    Scope scope;
    scope.set("inputs", inputs_);
    if (!item_.empty()) scope.set("self", Map{{item_, *element_}});
    auto outcome = compiled->evaluate(scope, answers_);
    if (!outcome) {
      warn(outcome.error());
      return std::nullopt;
    }
    if (auto* value = std::get_if<Value>(&*outcome)) return std::move(*value);
    for (cel::Ask& ask : std::get<std::vector<cel::Ask>>(*outcome)) {
      if (!holds(result_.asks, ask)) result_.asks.push_back(std::move(ask));
    }
    return std::nullopt;
  }

  const Result<cel::Template>& compile(const std::string& text) {
    const auto known = templates_.find(text);
    if (known != templates_.end()) return known->second;
    const auto place = places_.find(text);
    const SourceSpan* where =
        place != places_.end() && place->second.source ? &place->second : nullptr;
    return templates_.emplace(text, cel::Template::compile(text, cel::Dialect::swamp, where))
        .first->second;
  }

  void warn(const Error& error) {
    for (const Error& told : result_.warnings) {
      if (told.message == error.message && where_of(told) == where_of(error)) return;
    }
    result_.warnings.push_back(error);
  }

  Value with_defaults(const Value& written) const {
    if (inputs_.empty()) return written;
    Map schema = written.is_map() ? written.as_map() : Map{{"properties", Map{}}};
    Map* properties = &schema;
    if (Value* nested = schema.find("properties")) properties = &nested->mutable_map();
    for (const auto& [name, value] : inputs_) {
      Value* property = properties->find(name);
      if (property == nullptr) property = &properties->set(name, Map{});
      property->mutable_map().set("default", as_data(value));
    }
    return schema;
  }

  const Map& inputs_;
  const cel::Answers& answers_;
  const std::map<std::string, SourceSpan> places_;
  std::map<std::string, Result<cel::Template>> templates_;
  std::string item_;  // of the iteration that is being evaluated; empty: none is
  const Value* element_ = nullptr;
  EvaluatedWorkflow result_;
};

}  // namespace

bool is_known_beforehand(const cel::References& references, std::string_view item) {
  for (const std::string& root : references.roots) {
    if (holds(kLateRoots, root) || (root == "self" && item.empty())) return false;
  }
  const Scope scope;
  for (const std::string& function : references.functions) {
    if (scope.is_asked_function(function)) return false;
  }
  return std::none_of(references.paths.begin(), references.paths.end(),
                      [&](const auto& path) { return is_late_path(path, item); });
}

EvaluatedWorkflow evaluate_workflow(const spec::Workflow& workflow, const Map& inputs,
                                    const cel::Answers& answers) {
  return Evaluator(workflow, inputs, answers).run(workflow.document);
}

Task<EvaluatedWorkflow> evaluate_workflow(std::shared_ptr<const spec::Workflow> workflow,
                                          Map inputs, const NameContext& context) {
  cel::Answers answers;
  while (true) {
    EvaluatedWorkflow evaluated = evaluate_workflow(*workflow, inputs, answers);
    bool has_answered = false;
    for (const cel::Ask& ask : evaluated.asks) {
      const bool of_definition = ask.name == "model" && ask.arguments.size() == 2 &&
                                 ask.arguments[1].is_string() &&
                                 holds(kKnownOfModels, ask.arguments[1].as_string());
      if (!of_definition || answers.find(ask) != nullptr) continue;
      Result<Value> found = co_await answer(context, ask);
      if (!found && found.error().code == ErrorCode::cancelled) co_return fail(found.error());
      answers.add(ask, std::move(found));
      has_answered = true;
    }
    if (!has_answered) co_return evaluated;
  }
}

}  // namespace swamp::engine
