#include "app/evaluate.h"
#include "cli/evaluated_documents.h"
#include "cli/open_session.h"
#include "cli/run_inputs.h"
#include "cli/usage_error.h"

namespace swamp::cli {
namespace {

constexpr Argument kArguments[] = {{"workflow_id_or_name",
                                    "name or id of the workflow; none: all of them",
                                    Argument::Need::optional}};
constexpr Option kOptions[] = {{.name = "all", .doc = "all workflows, as when none is named"}};
constexpr Example kExamples[] = {
    {"swamp workflow evaluate release --input env=prod", "what a run would find, as far as known"},
    {"swamp workflow evaluate --all --json", "all of them"}};

EvaluatedDocument document_of(app::EvaluatedWorkflow evaluated) {
  const spec::Workflow& workflow = *evaluated.workflow.workflow;
  Map document{
      {"id", workflow.id}, {"name", workflow.name}, {"hadExpressions", evaluated.had_expressions}};
  if (evaluated.for_each_expanded) document.set("forEachExpanded", true);
  document.set("outputPath", evaluated.path);
  return {.name = workflow.name,
          .path = std::move(evaluated.path),
          .warnings = std::move(evaluated.warnings),
          .document = std::move(document)};
}

Result<ExitCode> evaluate_all(const Invocation& invocation, Io& io, app::Session& session,
                              Map inputs) {
  SWAMP_TRY(auto all, app::evaluate_all_workflows(session, std::move(inputs)));
  std::vector<EvaluatedDocument> documents;
  for (app::EvaluatedWorkflow& one : all)
    documents.push_back(document_of(std::move(one)));
  return answer_evaluated(invocation, io, session, "workflow", std::move(documents));
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto inputs, given_inputs(invocation, io));
  const auto workflow = invocation.find_argument("workflow_id_or_name");
  if (workflow && invocation.has("all"))
    return usage_error("name a workflow or give --all, not both");
  if (!workflow) return evaluate_all(invocation, io, *session, std::move(inputs));
  SWAMP_TRY(auto evaluated, app::evaluate_workflow(*session, *workflow, std::move(inputs)));
  const Value jobs = evaluated.expanded["jobs"];
  EvaluatedDocument one = document_of(std::move(evaluated));
  one.document.set("jobs", jobs);
  return answer_evaluated(invocation, io, *session, "workflow", one);
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
