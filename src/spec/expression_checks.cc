#include "spec/expression_checks.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/suggest.h"
#include "spec/problem.h"
#include "spec/text_places.h"
#include "spec/workflow_fields.h"

namespace swamp::spec {
namespace {

using VisitField = std::function<void(const Field&)>;

void visit_all_fields(const Workflow& workflow, const VisitField& visit) {
  visit_fields(workflow, visit);
  for (const auto& job : workflow.jobs) {
    visit_fields(job, visit);
    for (const auto& step : job.steps)
      visit_fields(step, visit);
  }
}

const AssertTask* assert_of(const Step& step) {
  return std::get_if<AssertTask>(&step.task);
}

void visit_steps(const Workflow& workflow, const std::function<void(const Step&)>& visit) {
  for (const auto& job : workflow.jobs) {
    for (const auto& step : job.steps)
      visit(step);
  }
}

/// A field that must be one expression but is, for example, two with a text between.
void check_whole(const Field& field, std::string_view key, std::vector<Error>& errors) {
  if (!field.value().is_string() || !field.has_expressions() || !field.compiled(0) ||
      field.is_whole_expression()) {
    return;
  }
  errors.push_back(problem(
      field.where(),
      fmt::format("'{}' must be one ${{{{ … }}}} expression, not a text with some in it", key)));
}

void check_whole_fields(const Step& step, std::vector<Error>& errors) {
  check_whole(step.guard, "guard", errors);
  if (step.for_each) check_whole(step.for_each->in, "in", errors);
  if (const auto* task = std::get_if<ModelMethodTask>(&step.task)) {
    check_whole(task->inputs, "inputs", errors);
    check_whole(task->global_args, "globalArgs", errors);
  }
  if (const auto* task = std::get_if<WorkflowTask>(&step.task))
    check_whole(task->inputs, "inputs", errors);
}

/// What `self` has in a step: the model that is called, and the element of the loop.
void check_self(const Step& step, const FoundExpression& expression, std::vector<Error>& errors) {
  std::vector<std::string> members{"id", "name", "version", "tags", "globalArguments"};
  if (step.for_each) members.push_back(step.for_each->item);
  for (const auto& path : expression.references->paths) {
    if (path.size() < 2 || path[0] != "self") continue;
    if (std::find(members.begin(), members.end(), path[1]) != members.end()) continue;
    auto hint = did_you_mean(path[1], members);
    if (hint.empty() && !step.for_each)
      hint = "the element of a loop is there only in a step with forEach";
    errors.push_back(problem(
        place_of(expression, "self." + path[1]),
        fmt::format("self has no '{}' in step '{}'", path[1], step.name.text()), std::move(hint)));
  }
}

}  // namespace

bool is_wrapped(const Expression& expression) {
  const std::string& text = expression.text();
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text.compare(first, 3, "${{") == 0;
}

void visit_expressions(const Field& field,
                       const std::function<void(const FoundExpression&)>& visit) {
  for (std::size_t i = 0; i < field.expressions().size(); ++i) {
    if (const auto& text = field.compiled(i)) {
      visit({.references = &text->references(),
             .text = &text->text(),
             .where = &field.expressions()[i].where});
    }
  }
}

void visit_expressions(const Expression& expression,
                       const std::function<void(const FoundExpression&)>& visit) {
  if (expression.text().empty() || is_wrapped(expression)) return;
  if (const auto& program = expression.program()) {
    visit({.references = &program->references(),
           .text = &expression.text(),
           .where = &expression.where()});
  }
}

namespace {

SourceSpan place_at(const FoundExpression& expression, std::size_t offset,
                    std::string_view needle) {
  const auto before = std::string_view(*expression.text).substr(0, offset);
  const auto points = [](std::string_view part) {
    return static_cast<std::uint32_t>(
        std::count_if(part.begin(), part.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  };
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  const auto line_start = line == 0 ? 0 : before.rfind('\n') + 1;
  const SourceSpan counted =
      within(*expression.where, line + 1, points(before.substr(line_start)) + 1, points(needle));
  return placed_in(counted, *expression.text, *expression.where);
}

/// Whether `before` ends in `function(`, so that the first argument comes next.
bool follows_opening(std::string_view before, std::string_view function) {
  const auto without_blanks = [](std::string_view text) {
    return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  };
  before = without_blanks(before);
  return before.ends_with('(') &&
         without_blanks(before.substr(0, before.size() - 1)).ends_with(function);
}

}  // namespace

SourceSpan place_of(const FoundExpression& expression, std::string_view needle) {
  const auto offset = expression.text->find(needle);
  return offset == std::string::npos ? *expression.where : place_at(expression, offset, needle);
}

SourceSpan place_of_constant(const FoundExpression& expression, std::string_view function,
                             std::string_view text) {
  const std::string_view all = *expression.text;
  std::size_t anywhere = std::string_view::npos;
  for (const char quote : {'\'', '"'}) {
    const std::string constant = fmt::format("{0}{1}{0}", quote, text);
    for (auto at = all.find(constant); at != all.npos; at = all.find(constant, at + 1)) {
      if (follows_opening(all.substr(0, at), function)) return place_at(expression, at + 1, text);
      anywhere = std::min(anywhere, at);
    }
  }
  return anywhere == all.npos ? *expression.where : place_at(expression, anywhere + 1, text);
}

std::vector<Error> syntax_errors(const Workflow& workflow) {
  std::vector<Error> errors;
  visit_all_fields(workflow, [&](const Field& field) { append(errors, field.check_syntax()); });
  if (workflow.trigger) append(errors, workflow.trigger->inputs.check_syntax());
  visit_steps(workflow, [&](const Step& step) {
    check_whole_fields(step, errors);
    const auto* task = assert_of(step);
    if (task && !task->expr.text().empty() && !is_wrapped(task->expr) && !task->expr.program()) {
      errors.push_back(task->expr.program().error());
    }
  });
  return errors;
}

std::vector<Error> name_errors(const Workflow& workflow) {
  const KnownNames names(ExpressionPlace::workflow);
  const KnownNames at_start(ExpressionPlace::start);
  std::vector<Error> errors;
  visit_all_fields(workflow, [&](const Field& field) {
    const bool is_early = &field == &workflow.tags || &field == &workflow.inputs.source();
    append(errors, field.check_names(is_early ? at_start : names));
  });
  if (workflow.trigger)
    append(errors, workflow.trigger->inputs.check_names(KnownNames(ExpressionPlace::trigger)));
  visit_steps(workflow, [&](const Step& step) {
    const auto check = [&](const FoundExpression& found) { check_self(step, found, errors); };
    visit_fields(step, [&](const Field& field) { visit_expressions(field, check); });
    const auto* task = assert_of(step);
    if (!task || task->expr.text().empty() || is_wrapped(task->expr) || !task->expr.program())
      return;
    append(errors, task->expr.program()->check_names(names));
    visit_expressions(task->expr, check);
  });
  return errors;
}

std::vector<Error> undeclared_inputs(const Workflow& workflow) {
  std::vector<Error> errors;
  if (!workflow.inputs.is_declared() || workflow.inputs.takes_others()) return errors;
  const auto check = [&](const FoundExpression& found) {
    std::set<std::string> seen;
    for (const auto& path : found.references->paths) {
      if (path.size() < 2 || path[0] != "inputs" || workflow.inputs.declares(path[1])) continue;
      if (!seen.insert(path[1]).second) continue;
      auto hint = did_you_mean(path[1], workflow.inputs.names());
      if (hint.empty())
        hint = fmt::format("declare it under 'inputs: {{properties: {{{}: …}}}}'", path[1]);
      errors.push_back(
          problem(place_of(found, "inputs." + path[1]),
                  fmt::format("workflow '{}' declares no input '{}'", workflow.name, path[1]),
                  std::move(hint)));
    }
  };
  visit_all_fields(workflow, [&](const Field& field) { visit_expressions(field, check); });
  visit_steps(workflow, [&](const Step& step) {
    if (const auto* task = assert_of(step)) visit_expressions(task->expr, check);
  });
  return errors;
}

}  // namespace swamp::spec
