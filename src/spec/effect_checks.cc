#include <algorithm>

#include <fmt/format.h>

#include "spec/expression_checks.h"
#include "spec/problem.h"
#include "spec/step_checks.h"
#include "spec/workflow_fields.h"

namespace swamp::spec {
namespace {

/// Finds what is written in good faith and does nothing.
class EffectCheck {
 public:
  explicit EffectCheck(const Workflow& workflow) : workflow_(workflow) {
    visit_fields(workflow, [this](const Field& field) { check_closed(field); });
    for (const auto& job : workflow.jobs) {
      check_name(Field::written(Value(job.name), job.name_where), "the name of a job");
      visit_fields(job, [this](const Field& field) { check_closed(field); });
      for (const auto& step : job.steps)
        check(step);
    }
  }

  std::vector<Error> take() { return std::move(warnings_); }

 private:
  void warn(const SourceSpan& where, std::string message, std::string hint) {
    warnings_.push_back(problem(where, std::move(message), std::move(hint)));
  }

  void check_name(const Field& name, std::string_view what) {
    const auto& roots = name.references().roots;
    if (std::all_of(roots.begin(), roots.end(), [](const auto& root) { return root == "inputs"; }))
      return;
    warn(name.where(), fmt::format("{} sees only 'inputs': it stays '{}'", what, name.text()),
         "give it a name that needs nothing else");
  }

  /// `${{` without an end is text.
  void check_closed(const Field& field) {
    visit_texts(field.value(), {}, [&](const std::string& pointer, const std::string& text) {
      const auto open = text.rfind("${{");
      if (open == std::string::npos || text.find("}}", open) != std::string::npos) return;
      warn(field.where(pointer), "'${{' has no '}}', so it stays as it is", "close it with '}}'");
    });
  }

  template <class Visit>
  static void visit_texts(const Value& value, const std::string& pointer, const Visit& visit) {
    if (value.is_string()) visit(pointer, value.as_string());
    if (value.is_map()) {
      for (const auto& [key, item] : value.as_map())
        visit_texts(item, pointer_to(pointer, key), visit);
    }
    if (value.is_list()) {
      for (std::size_t i = 0; i < value.as_list().size(); ++i)
        visit_texts(value.as_list()[i], pointer_to(pointer, std::to_string(i)), visit);
    }
  }

  /// The name of a forEach step may stand in an assert as it is written; anything else in `${{ }}`
  /// is only a text there.
  void check_assert(const Step& step, const AssertTask& task) {
    const std::string& text = task.expr.text();
    if (!cel::Template::has_expression(text) || is_wrapped(task.expr)) return;
    for (const auto& job : workflow_.jobs) {
      for (const auto& other : job.steps) {
        if (other.for_each && text.find(other.name.text()) != std::string::npos) return;
      }
    }
    warn(task.expr.where(),
         fmt::format("'${{{{ }}}}' within 'expr' of step '{}' is text, not what it yields",
                     step.name.text()),
         "write the expression itself, as in 'inputs.env == \"prod\"'");
  }

  void check(const Step& step) {
    visit_fields(step, [this](const Field& field) { check_closed(field); });
    if (const auto* task = std::get_if<AssertTask>(&step.task)) check_assert(step, *task);
    const auto& name = step.name.text();
    const bool is_gate = std::holds_alternative<ApprovalTask>(step.task);
    const bool is_call = std::holds_alternative<ModelMethodTask>(step.task);
    if (!step.for_each) check_name(step.name, "the name of a step without forEach");
    if (step.concurrency && !step.for_each) {
      warn(step.name.where(),
           fmt::format("'concurrency' of step '{}' caps iterations, and it has no forEach", name),
           "write it on the job to cap its steps");
    }
    if (!step.data_output_overrides.empty() && !is_call) {
      warn(step.data_output_overrides.front().where,
           fmt::format("step '{}' calls no method, so it writes no data to override", name),
           "take 'dataOutputOverrides' away");
    }
    const Retry otherwise;
    const bool says_how = step.retry.delay != otherwise.delay ||
                          step.retry.backoff != otherwise.backoff ||
                          step.retry.max_delay != otherwise.max_delay;
    if (step.retry.attempts > 1 && is_gate) {
      warn(step.name.where(), fmt::format("step '{}' is not retried: a gate is asked once", name),
           "take 'retry' away");
    } else if (step.retry.attempts == 1 && says_how) {
      warn(step.name.where(), fmt::format("step '{}' is tried once only, 'retry' or not", name),
           "say how often, as in 'retry: {attempts: 3}'");
    }
  }

  const Workflow& workflow_;
  std::vector<Error> warnings_;
};

}  // namespace

std::vector<Error> idle_settings(const Workflow& workflow) {
  return EffectCheck(workflow).take();
}

}  // namespace swamp::spec
