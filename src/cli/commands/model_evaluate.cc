#include "app/evaluate.h"
#include "cli/evaluated_documents.h"
#include "cli/open_session.h"
#include "cli/run_inputs.h"
#include "cli/usage_error.h"

namespace swamp::cli {
namespace {

constexpr Argument kArguments[] = {
    {"model_id_or_name", "name or id of the model; none: all of them", Argument::Need::optional}};
constexpr Option kOptions[] = {{.name = "all", .doc = "all models, as when none is named"}};
constexpr Example kExamples[] = {
    {"swamp model evaluate web", "the definition as its methods will see it"},
    {"swamp model evaluate web --input region=eu", "with an input"},
    {"swamp model evaluate --all --json", "all of them"}};

EvaluatedDocument document_of(app::EvaluatedModel evaluated) {
  const spec::Definition& definition = *evaluated.definition;
  Map document{{"id", definition.id},
               {"name", definition.name},
               {"type", definition.type.normalized},
               {"hadExpressions", evaluated.had_expressions},
               {"outputPath", evaluated.path}};
  return {.name = definition.name,
          .path = std::move(evaluated.path),
          .warnings = std::move(evaluated.warnings),
          .document = std::move(document)};
}

Result<ExitCode> evaluate_all(const Invocation& invocation, Io& io, app::Session& session,
                              Map inputs) {
  SWAMP_TRY(auto all, app::evaluate_all_models(session, std::move(inputs)));
  std::vector<EvaluatedDocument> documents;
  for (app::EvaluatedModel& one : all)
    documents.push_back(document_of(std::move(one)));
  return answer_evaluated(invocation, io, session, "model", std::move(documents));
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto inputs, given_inputs(invocation, io));
  const auto model = invocation.find_argument("model_id_or_name");
  if (model && invocation.has("all")) return usage_error("name a model or give --all, not both");
  if (!model) return evaluate_all(invocation, io, *session, std::move(inputs));
  SWAMP_TRY(auto evaluated, app::evaluate_model(*session, *model, std::move(inputs)));
  const Value global_arguments = evaluated.global_arguments;
  EvaluatedDocument one = document_of(std::move(evaluated));
  if (global_arguments.is_map()) one.document.set("globalArguments", global_arguments);
  return answer_evaluated(invocation, io, *session, "model", one);
}

}  // namespace

extern constexpr Command kModelEvaluateCommand = {
    .path = "model evaluate",
    .summary = "Evaluate the expressions of definitions",
    .arguments = kArguments,
    .options = kOptions,
    .shared = Shared::repo | Shared::server | Shared::ca_cert | Shared::inputs,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
