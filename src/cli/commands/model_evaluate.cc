#include <fmt/format.h>

#include "app/evaluate.h"
#include "cli/answer.h"
#include "cli/open_session.h"
#include "cli/run_inputs.h"
#include "cli/usage_error.h"
#include "render/text.h"

namespace swamp::cli {
namespace {

constexpr Argument kArguments[] = {
    {"model_id_or_name", "name or id of the model; none: all of them", Argument::Need::optional}};
constexpr Option kOptions[] = {{.name = "all", .doc = "all models, as when none is named"}};
constexpr Example kExamples[] = {
    {"swamp model evaluate web", "the definition as its methods will see it"},
    {"swamp model evaluate web --input region=eu", "with an input"},
    {"swamp model evaluate --all --json", "all of them"}};

Map document_of(const app::EvaluatedModel& evaluated) {
  return Map{{"id", evaluated.definition->id},
             {"name", evaluated.definition->name},
             {"type", evaluated.definition->type.normalized},
             {"hadExpressions", evaluated.had_expressions},
             {"outputPath", evaluated.path}};
}

void warn_of(const app::Session& session, const app::EvaluatedModel& evaluated) {
  for (Error warning : evaluated.warnings) {
    session.warn(std::move(warning).while_doing(
        fmt::format("evaluating model '{}'", evaluated.definition->name)));
  }
}

std::string text_of(const app::EvaluatedModel& evaluated) {
  return fmt::format("Evaluated {}: {}\n", evaluated.definition->name, evaluated.path);
}

Result<ExitCode> evaluate_all(const Invocation& invocation, Io& io, app::Session& session,
                              Map inputs) {
  SWAMP_TRY(auto all, app::evaluate_all_models(session, std::move(inputs)));
  List items;
  std::string text;
  for (const app::EvaluatedModel& evaluated : all) {
    warn_of(session, evaluated);
    items.push_back(document_of(evaluated));
    text += text_of(evaluated);
  }
  const auto count = static_cast<std::int64_t>(all.size());
  return answer(invocation, io,
                Map{{"items", std::move(items)}, {"total", count}, {"evaluated", count}},
                text.empty() ? "No models.\n" : text);
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto inputs, given_inputs(invocation, io));
  const auto model = invocation.find_argument("model_id_or_name");
  if (model && invocation.has("all")) return usage_error("name a model or give --all, not both");
  if (!model) return evaluate_all(invocation, io, *session, std::move(inputs));
  SWAMP_TRY(auto evaluated, app::evaluate_model(*session, *model, std::move(inputs)));
  warn_of(*session, evaluated);
  Map document = document_of(evaluated);
  if (evaluated.global_arguments.is_map())
    document.set("globalArguments", evaluated.global_arguments);
  return answer(invocation, io, document, text_of(evaluated));
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
