#include <algorithm>

#include <fmt/format.h>

#include "spec/expression_checks.h"
#include "spec/iteration_names.h"
#include "spec/problem.h"
#include "spec/step_checks.h"

namespace swamp::spec {
namespace {

/// The input that the field is, when it is nothing else: `${{ inputs.regions }}`.
std::optional<std::string> input_meant(const Field& field) {
  constexpr std::string_view kBlanks = " \t\n";
  std::string_view text = field.text();
  const auto trim = [&] {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    text.remove_suffix(text.size() - (text.find_last_not_of(kBlanks) + 1));
  };
  trim();
  if (!text.starts_with("${{") || !text.ends_with("}}")) return std::nullopt;
  text.remove_prefix(3);
  text.remove_suffix(2);
  trim();
  for (const auto& path : field.references().paths) {
    if (path.size() == 2 && path[0] == "inputs" && text == "inputs." + path[1]) return path[1];
  }
  return std::nullopt;
}

void check_constant(const ForEach& loop, std::vector<Error>& errors) {
  const auto elements = constant_value(loop.in);
  if (!elements) return;
  if (auto iterations = iterations_of(*elements); !iterations) {
    errors.push_back(problem(loop.in.where(), iterations.error().message,
                             "write for example 'in: ${{ inputs.regions }}'"));
  }
}

void check_input(const Workflow& workflow, const ForEach& loop, std::vector<Error>& errors) {
  const auto name = input_meant(loop.in);
  if (!name || !workflow.inputs.declares(*name)) return;
  const auto& type = workflow.inputs.schema()["properties"][*name]["type"];
  if (!type.is_string() || type == Value("array") || type == Value("object") ||
      cel::Template::has_expression(type.as_string())) {
    return;
  }
  errors.push_back(
      problem(loop.in.where(),
              fmt::format("forEach needs a list or a map, and the input '{}' is of type {}", *name,
                          type.as_string()),
              fmt::format("declare '{}: {{type: array}}'", *name)));
}

}  // namespace

std::optional<Value> constant_value(const Field& field) {
  if (field.value().is_string() && !field.is_whole_expression()) return std::nullopt;
  if (!field.references().roots.empty() || !field.check_syntax().empty()) return std::nullopt;
  const auto outcome = field.evaluate(cel::PlainScope(Map{}), cel::Answers());
  if (!outcome || !std::holds_alternative<Value>(*outcome)) return std::nullopt;
  return std::get<Value>(*outcome);
}

std::vector<Error> loop_errors(const Workflow& workflow) {
  std::vector<Error> errors;
  for (const auto& job : workflow.jobs) {
    for (const auto& step : job.steps) {
      if (!step.for_each) continue;
      check_constant(*step.for_each, errors);
      check_input(workflow, *step.for_each, errors);
    }
  }
  return errors;
}

}  // namespace swamp::spec
