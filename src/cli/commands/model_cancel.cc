#include "app/model_cancel.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"
#include "render/json_document.h"

namespace swamp::cli {
namespace {

constexpr Argument kArguments[] = {
    {"model_id_or_name", "name or id of the model", Argument::Need::optional}};
constexpr Option kOptions[] = {
    {.name = "all", .doc = "every method that runs, of all models"},
    {.name = "reason",
     .type = Option::Type::text,
     .value = "text",
     .doc = "why; kept with the steps that end"},
};
constexpr Example kExamples[] = {
    {"swamp model cancel web", "end what runs of this model"},
    {"swamp model cancel --all --reason 'out of disk'", "end everything that runs"}};

Result<ExitCode> answer_line(const Invocation& invocation, Io& io, const Value& document,
                             const std::string& text) {
  if (!invocation.json()) return answer(invocation, io, document, text);
  io.out().write(render::json_line(document));
  return ExitCode::success;
}

Map document_of(const app::RunningCall& call) {
  Map document{{"id", call.run_id}, {"type", call.type}, {"method", call.method}};
  if (!call.step.empty()) {
    document.set("workflowName", call.workflow);
    document.set("step", call.step);
  }
  return document;
}

std::string text_of(const app::RunningCall& call) {
  const std::string where = call.step.empty()
                                ? std::string()
                                : fmt::format(", step {} of workflow {}", call.step, call.workflow);
  return fmt::format("Cancelled {}.{}{}.\n", call.model_name, call.method, where);
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const auto model = invocation.find_argument("model_id_or_name");
  if (model && invocation.has("all")) return usage_error("name a model or give --all, not both");
  if (!model && !invocation.has("all"))
    return usage_error("which model?", "name one, or give --all for everything that runs");
  const auto given = invocation.text("reason");
  const std::string reason(given.value_or("Cancelled by user"));
  SWAMP_TRY(const auto calls, app::cancel_calls(*session, model, reason));
  std::string text;
  List cancelled;
  for (const app::RunningCall& call : calls) {
    text += text_of(call);
    cancelled.push_back(document_of(call));
  }
  const Value told = given ? Value(*given) : Value();
  if (!model) {
    Map document{{"cancelled", std::move(cancelled)}};
    if (!calls.empty()) document.set("reason", told);
    return answer_line(invocation, io, document, text.empty() ? "Nothing runs.\n" : text);
  }
  const app::RunningCall& last = calls.back();
  Map document{{"id", last.run_id},     {"modelName", last.model_name}, {"type", last.type},
               {"method", last.method}, {"status", "cancelled"},        {"reason", told}};
  if (calls.size() > 1) document.set("cancelled", std::move(cancelled));
  return answer_line(invocation, io, document, text);
}

}  // namespace

extern constexpr Command kModelCancelCommand = {
    .path = "model cancel",
    .summary = "End a running method",
    .arguments = kArguments,
    .options = kOptions,
    .shared = Shared::repo,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
