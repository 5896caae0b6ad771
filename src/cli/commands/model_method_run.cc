#include <fmt/format.h>

#include "app/method_run.h"
#include "base/duration.h"
#include "cli/answer.h"
#include "cli/data_documents.h"
#include "cli/open_session.h"
#include "cli/run_documents.h"
#include "cli/run_inputs.h"
#include "cli/run_views.h"
#include "cli/usage_error.h"
#include "render/json_stream.h"
#include "render/method_view.h"
#include "value/json.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Argument kArguments[] = {
    {"model_or_type", "name or id of a model, or @type: a type"},
    {"method_name", "name of the method"},
    {"definition_name", "with @type: the definition to use or make; none: an ephemeral instance",
     Argument::Need::optional},
};
constexpr Option kOptions[] = {
    {.name = "global-arg",
     .type = Type::text,
     .value = "key=value",
     .doc = "with @type: a global argument, written as --input is",
     .repeatable = true},
    {.name = "timeout",
     .type = Type::time_limit,
     .value = "duration",
     .doc = "end the method after 30s, 5m, …; a number is seconds"},
    {.name = "last-evaluated", .doc = "use the definition as it was evaluated last"},
    kStreamOption,
};
constexpr Example kExamples[] = {
    {"swamp model method run hello execute --input run='echo hi'", "run a method of a model"},
    {"swamp model method run command/shell execute --input run=date",
     "of a type: nothing is created by hand"},
    {"swamp model method run @acme/pod list --global-arg namespace=prod --json",
     "with a global argument, as a document"},
};

/// A type is written with an `@` or has a slash without one; a scoped definition is looked for
/// first.
bool names_type(app::Session& session, std::string_view name) {
  if (name.find('/') == std::string_view::npos) return false;
  return !app::find_model(session, name);
}

Result<app::RunMethod> request_of(const Invocation& invocation, Io& io, app::Session& session) {
  app::RunMethod request{.method = std::string(invocation.argument("method_name"))};
  const auto model = invocation.argument("model_or_type");
  if (names_type(session, model)) {
    request.type = model;
    request.definition = invocation.find_argument("definition_name").value_or("");
    if (invocation.has("global-arg")) {
      SWAMP_TRY(request.global_args, parse_key_values(invocation.texts("global-arg"),
                                                      input_context(io), "--global-arg"));
    }
  } else {
    request.model = model;
    const auto definition = invocation.find_argument("definition_name");
    if (definition && definition->find('=') != std::string_view::npos) {
      return usage_error(fmt::format("'{}' is no name of a definition", *definition),
                         fmt::format("did you mean '--input {}'?", *definition));
    }
    if (definition || invocation.has("global-arg")) {
      return usage_error(
          fmt::format("'{}' is a model, which has its own definition and global arguments", model),
          "leave them out, or name a type");
    }
  }
  SWAMP_TRY(request.tags, parse_tags(invocation.texts("tag"), "--tag"));
  request.selection = selection_of(invocation);
  request.timeout = invocation.duration("timeout");
  request.last_evaluated = invocation.has("last-evaluated");
  request.trace = trace_of(invocation);
  request.command_line = fmt::format("swamp model method run {} {}", model, request.method);
  return request;
}

Value reports_document(const engine::MethodOutcome& outcome, bool with_bodies) {
  Map reports;
  for (const engine::ReportEnded& report : outcome.reports) {
    Map one{{"name", report.name}, {"scope", report.scope}, {"success", report.success}};
    if (with_bodies && report.success) {
      one.set("markdown", report.markdown);
      one.set("json", report.json);
    }
    if (!report.success) one.set("error", report.error);
    reports.set(report.name, std::move(one));
  }
  return reports;
}

Value document_of(const app::MethodRun& run, app::Session& session, bool with_bodies) {
  List artifacts;
  for (std::size_t i = 0; i < run.outcome.written.size(); ++i) {
    const store::Artifact& artifact = run.outcome.written[i].artifact;
    Map one{{"id", artifact.metadata.id},
            {"name", artifact.metadata.name},
            {"version", std::int64_t{artifact.metadata.version}},
            {"path", session.artifacts().content_path(artifact).parent_path().string()}};
    if (!run.outcome.infos[i].attributes.is_null())
      one.set("attributes", run.outcome.infos[i].attributes);
    artifacts.push_back(std::move(one));
  }
  Map document{{"modelId", run.instance.id},
               {"modelName", run.instance.name},
               {"modelType", run.instance.type},
               {"methodName", run.method},
               {"status", run.outcome.succeeded               ? "succeeded"
                          : run.outcome.reason == "cancelled" ? "cancelled"
                                                              : "failed"},
               {"duration", std::int64_t{run.outcome.duration.count()}},
               {"outputId", run.outcome.output_id},
               {"logFile", run.log_file},
               {"dataArtifacts", std::move(artifacts)},
               {"reports", reports_document(run.outcome, with_bodies)},
               {"globalArguments", run.outcome.global_arguments},
               {"methodArguments", run.outcome.arguments},
               {"initiatedBy", run.initiated_by}};
  if (run.outcome.error) document.set("error", run.outcome.error->message);
  return document;
}

class Silence final : public render::RunView {
 public:
  void on_event(const engine::RunEvent&) override {}
};

/// What a run left, for people.
void tell_result(const app::MethodRun& run, render::MethodView& view) {
  const std::string took = fmt::format("in {}", to_human(run.outcome.duration));
  if (!run.outcome.succeeded) view.replay();
  for (const engine::ArtifactInfo& info : run.outcome.infos) {
    view.status(
        "Stored", render::Ink::green,
        fmt::format("{} v{} ({}, {})", info.name, info.version, info.kind, size_text(info.size)));
  }
  if (run.outcome.succeeded) {
    view.status("Completed", render::Ink::green, took);
  } else if (run.outcome.reason == "cancelled") {
    view.status("Cancelled", render::Ink::yellow, took);
  } else {
    view.status("Failed", render::Ink::red, took);
  }
}

Result<app::MethodRun> run_silently(const Invocation& invocation, Io& io, app::Session& session,
                                    app::RunMethod request) {
  if (!invocation.has("stream")) {
    Silence silence;
    return app::run_method(session, std::move(request), silence);
  }
  render::JsonStream stream(io.out(), session.clock());
  return app::run_method(session, std::move(request), stream);
}

Result<app::MethodRun> run_one(const Invocation& invocation, Io& io, app::Session& session,
                               Map inputs) {
  SWAMP_TRY(auto request, request_of(invocation, io, session));
  request.inputs = std::move(inputs);
  if (invocation.json()) return run_silently(invocation, io, session, std::move(request));
  render::MethodView view(io.out(), style_of(invocation, io, Io::Stream::out),
                          log_detail(invocation, io));
  auto run = app::run_method(session, std::move(request), view);
  if (!run) return run;
  tell_result(*run, view);
  if (run->outcome.error) show_error(invocation, io, *run->outcome.error);
  return run;
}

/// Who gave wrong arguments wants to see the right ones.
Error with_arguments_hint(Error error, const Invocation& invocation) {
  if (error.name != "validation_failed" || !error.hint.empty()) return error;
  const auto model = invocation.argument("model_or_type");
  error.hint = model.find('/') == std::string_view::npos
                   ? fmt::format("'swamp model method describe {} {}' shows them", model,
                                 invocation.argument("method_name"))
                   : fmt::format("'swamp model type describe {}' shows them", model);
  return error;
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto records, input_records(invocation, io));
  RunDocuments documents(invocation, io, records.size());
  for (Map& inputs : records) {
    auto done = run_one(invocation, io, *session, std::move(inputs));
    if (!done) {
      return documents.finish(ExitCode::failure,
                              with_arguments_hint(std::move(done).error(), invocation));
    }
    documents.add(document_of(*done, *session, invocation.globals().verbose));
    if (!done->outcome.succeeded) return documents.finish(ExitCode::failure);
  }
  return documents.finish(ExitCode::success);
}

}  // namespace

extern constexpr Command kModelMethodRunCommand = {
    .path = "model method run",
    .summary = "Run a method of a model or of a type",
    .arguments = kArguments,
    .options = kOptions,
    .shared = Shared::repo | Shared::server | Shared::inputs | Shared::records | Shared::selection |
              Shared::trace,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
