#include <fmt/format.h>

#include "app/workflow_dry_run.h"
#include "base/duration.h"
#include "cli/answer.h"
#include "cli/graph_view.h"
#include "cli/open_session.h"
#include "cli/run_documents.h"
#include "cli/run_inputs.h"
#include "cli/run_views.h"
#include "cli/usage_error.h"
#include "render/dry_run.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Argument kArguments[] = {{"workflow_id_or_name", "name or id of the workflow"}};
constexpr Option kOptions[] = {
    {.name = "timeout",
     .type = Type::time_limit,
     .value = "duration",
     .doc = "stop the run after 30s, 5m, …; a number is seconds"},
    {.name = "fail-on",
     .type = Type::text,
     .value = "severity",
     .doc = "failed asserts below this severity do not fail the run",
     .choices = "low|medium|high"},
    {.name = "dry-run",
     .doc = "check everything and show what would run with which inputs; nothing is run or written",
     .conflicts = "junit out stream"},
    {.name = "last-evaluated",
     .doc = "use the workflow and definitions as they were evaluated last"},
};
constexpr Example kExamples[] = {
    {"swamp workflow run release --input env=prod", "run a workflow with an input"},
    {"swamp workflow run release --input env=prod --dry-run", "what that would do"},
    {"swamp workflow run release --json --stream", "watch it as NDJSON"},
    {"swamp workflow run checks --junit --out checks.xml", "asserts for a CI server"},
};

Result<app::RunWorkflow> request_of(const Invocation& invocation) {
  app::RunWorkflow request{.workflow = std::string(invocation.argument("workflow_id_or_name"))};
  request.options.initiated_by = "ghost";
  SWAMP_TRY(request.options.runtime_tags, parse_tags(invocation.texts("tag"), "--tag"));
  request.options.selection = selection_of(invocation);
  request.options.timeout = invocation.duration("timeout");
  if (auto severity = invocation.text("fail-on"))
    request.options.fail_on = spec::parse_severity(*severity);
  request.options.last_evaluated = invocation.has("last-evaluated");
  request.trace = trace_of(invocation);
  request.command_line = fmt::format("swamp workflow run {}", request.workflow);
  return request;
}

/// Shows what a run for each of the records would do.
Result<ExitCode> foresee(const Invocation& invocation, Io& io, app::Session& session,
                         std::vector<Map> records) {
  RunDocuments documents(invocation, io, records.size());
  const auto options = graph_options(invocation, io);
  bool is_first = true;
  for (Map& inputs : records) {
    SWAMP_TRY(auto request, request_of(invocation));
    request.options.inputs = std::move(inputs);
    auto run = app::foresee_workflow(session, request);
    if (!run) return documents.finish(ExitCode::success, std::move(run).error());
    documents.add(render::dry_run_document(*run));
    if (!invocation.json()) {
      if (!is_first) io.out().write("\n");
      io.out().write(render::dry_run_text(*run, options.width, options.style));
    }
    is_first = false;
  }
  return documents.finish(ExitCode::success);
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  const bool is_dry = invocation.has("dry-run");
  SWAMP_TRY(auto session,
            open_session(invocation, io, is_dry ? Access::read_only : Access::normal));
  SWAMP_TRY(auto records, input_records(invocation, io));
  if (invocation.has("junit") && records.size() > 1)
    return usage_error("--junit shows one run; standard input has several sets of inputs");
  if (is_dry) return foresee(invocation, io, *session, std::move(records));
  RunDocuments documents(invocation, io, records.size());
  ExitCode code = ExitCode::success;
  for (Map& inputs : records) {
    SWAMP_TRY(auto request, request_of(invocation));
    request.options.inputs = std::move(inputs);
    RunViews views(invocation, io, session->clock());
    request.on_tick = views.tick();
    auto done = app::run_workflow(*session, std::move(request), views.listener());
    views.finish();
    if (!done) return documents.finish(code, std::move(done).error());
    documents.add(views.document(*done));
    SWAMP_CHECK(views.write_junit());
    code = code_of(done->outcome, *session);
    if (code != ExitCode::success) break;
  }
  return documents.finish(code);
}

}  // namespace

extern constexpr Command kWorkflowRunCommand = {
    .path = "workflow run",
    .summary = "Run a workflow",
    .arguments = kArguments,
    .options = kOptions,
    .shared = Shared::repo | Shared::server | Shared::inputs | Shared::records | Shared::selection |
              Shared::views | Shared::trace,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
