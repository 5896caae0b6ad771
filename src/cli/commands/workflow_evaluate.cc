#include <fmt/format.h>

#include "app/evaluate.h"
#include "cli/answer.h"
#include "cli/open_session.h"
#include "cli/run_inputs.h"
#include "cli/usage_error.h"
#include "render/text.h"

namespace swamp::cli {
namespace {

constexpr Argument kArguments[] = {{"workflow_id_or_name",
                                    "name or id of the workflow; none: all of them",
                                    Argument::Need::optional}};
constexpr Option kOptions[] = {{.name = "all", .doc = "all workflows, as when none is named"}};
constexpr Example kExamples[] = {
    {"swamp workflow evaluate release --input env=prod", "what a run would find, as far as known"},
    {"swamp workflow evaluate --all --json", "all of them"}};

Map document_of(const app::EvaluatedWorkflow& evaluated) {
  Map document{{"id", evaluated.workflow.workflow->id},
               {"name", evaluated.workflow.workflow->name},
               {"hadExpressions", evaluated.had_expressions}};
  if (evaluated.for_each_expanded) document.set("forEachExpanded", true);
  document.set("outputPath", evaluated.path);
  return document;
}

void warn_of(const app::Session& session, const app::EvaluatedWorkflow& evaluated) {
  for (Error warning : evaluated.warnings) {
    session.warn(std::move(warning).while_doing(
        fmt::format("evaluating workflow '{}'", evaluated.workflow.workflow->name)));
  }
}

std::string text_of(const app::EvaluatedWorkflow& evaluated) {
  return fmt::format("Evaluated {}: {}\n", evaluated.workflow.workflow->name, evaluated.path);
}

Result<ExitCode> evaluate_all(const Invocation& invocation, Io& io, app::Session& session,
                              Map inputs) {
  SWAMP_TRY(auto all, app::evaluate_all_workflows(session, std::move(inputs)));
  List items;
  std::string text;
  for (const app::EvaluatedWorkflow& evaluated : all) {
    warn_of(session, evaluated);
    items.push_back(document_of(evaluated));
    text += text_of(evaluated);
  }
  const auto count = static_cast<std::int64_t>(all.size());
  return answer(invocation, io,
                Map{{"items", std::move(items)}, {"total", count}, {"evaluated", count}},
                text.empty() ? "No workflows.\n" : text);
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto inputs, given_inputs(invocation, io));
  const auto workflow = invocation.find_argument("workflow_id_or_name");
  if (workflow && invocation.has("all"))
    return usage_error("name a workflow or give --all, not both");
  if (!workflow) return evaluate_all(invocation, io, *session, std::move(inputs));
  SWAMP_TRY(auto evaluated, app::evaluate_workflow(*session, *workflow, std::move(inputs)));
  warn_of(*session, evaluated);
  Map document = document_of(evaluated);
  document.set("jobs", evaluated.expanded["jobs"]);
  return answer(invocation, io, document, text_of(evaluated));
}

}  // namespace

extern constexpr Command kWorkflowEvaluateCommand = {
    .path = "workflow evaluate",
    .summary = "Evaluate the expressions of workflows",
    .arguments = kArguments,
    .options = kOptions,
    .shared = Shared::repo | Shared::server | Shared::ca_cert | Shared::inputs,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
