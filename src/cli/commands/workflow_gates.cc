#include <fmt/format.h>

#include "app/run_gates.h"
#include "cli/answer.h"
#include "cli/open_session.h"
#include "cli/run_documents.h"
#include "cli/run_inputs.h"
#include "cli/run_views.h"
#include "cli/usage_error.h"
#include "render/run_text.h"
#include "render/table.h"
#include "render/time_text.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Argument kWorkflow[] = {{"workflow_id_or_name", "name or id of the workflow"}};
constexpr Argument kMaybeWorkflow[] = {
    {"workflow_id_or_name", "name or id of the workflow", Argument::Need::optional}};
constexpr Argument kGate[] = {{"workflow_id_or_name", "name or id of the workflow"},
                              {"step_name", "the gate: the name of its step, or job/step"}};
constexpr Option kRun = {
    .name = "run", .type = Type::text, .value = "id", .doc = "this run; an id or its beginning"};
constexpr Option kDecideOptions[] = {
    kRun,
    {.name = "reason", .type = Type::text, .value = "text", .doc = "why, kept with the decision"},
};
constexpr Option kResumeOptions[] = {
    kRun,
    {.name = "from",
     .type = Type::text,
     .value = "step",
     .doc = "run this step of a failed run again, with all that depends on it"},
    {.name = "timeout",
     .type = Type::time_limit,
     .value = "duration",
     .doc = "stop the run 30s, 5m, … from now, whatever limit it was started with"},
};
constexpr Option kCancelOptions[] = {
    kRun,
    {.name = "all", .doc = "every run that has not ended", .conflicts = "run"},
    {.name = "reason", .type = Type::text, .value = "text", .doc = "why, kept with the run"},
};
constexpr Example kApproveExamples[] = {
    {"swamp workflow approve release go-live --reason 'looks good'", "let the gate pass"}};
constexpr Example kRejectExamples[] = {
    {"swamp workflow reject release go-live", "refuse it: its step has failed"}};
constexpr Example kApprovalsExamples[] = {{"swamp workflow approvals", "what waits for somebody"}};
constexpr Example kResumeExamples[] = {
    {"swamp workflow resume release", "after a gate, or after its process died"},
    {"swamp workflow resume release --from deploy", "run a failed step again"},
};
constexpr Example kCancelExamples[] = {
    {"swamp workflow cancel release", "end the latest run that has not ended"}};

Value or_null(std::string_view text) {
  return text.empty() ? Value() : Value(text);
}

Result<ExitCode> decide(const Invocation& invocation, Io& io, bool approved) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const app::DecideGate request{.workflow = std::string(invocation.argument("workflow_id_or_name")),
                                .step = std::string(invocation.argument("step_name")),
                                .run = std::string(invocation.text("run").value_or("")),
                                .approved = approved,
                                .reason = std::string(invocation.text("reason").value_or(""))};
  SWAMP_TRY(auto done, app::decide_gate(*session, request));
  const store::RunRecord& record = done.decided.record;
  Map document{{"runId", record.id},
               {"workflowName", record.workflow_name},
               {"stepName", done.decided.step},
               {"approved", approved},
               {"decidedBy", done.decided_by},
               {"reason", or_null(request.reason)}};
  if (!approved) document.set("runStatus", std::string(store::to_string(record.status)));
  std::string text = fmt::format("{} {} of {} (run {}).\n", approved ? "Approved" : "Rejected",
                                 done.decided.step, record.workflow_name, record.id);
  if (done.decided.can_resume) {
    text +=
        fmt::format("Go on with: {}\n", render::resume_command(record.workflow_name, record.id));
  } else {
    text += fmt::format("The run {}.\n", store::to_string(record.status));
  }
  return answer_line(invocation, io, document, text);
}

Result<ExitCode> run_approve(const Invocation& invocation, Io& io) {
  return decide(invocation, io, true);
}
Result<ExitCode> run_reject(const Invocation& invocation, Io& io) {
  return decide(invocation, io, false);
}

Result<ExitCode> run_approvals(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto approvals, app::list_approvals(*session));
  List list;
  render::Table table({{"WORKFLOW"}, {"STEP"}, {"RUN"}, {"SINCE"}, {"PROMPT"}});
  for (const app::PendingApproval& one : approvals) {
    Map document{
        {"workflowName", one.workflow_name}, {"runId", one.run_id}, {"stepName", one.step}};
    if (one.since) document.set("suspendedAt", to_iso8601(*one.since));
    if (!one.prompt.empty()) document.set("prompt", one.prompt);
    document.set("inputs", one.inputs.is_null() ? Value(Map{}) : one.inputs);
    list.push_back(std::move(document));
    table.add({one.workflow_name, one.step, one.run_id.substr(0, 8),
               one.since ? render::when_text(*one.since, session->clock().now()) : "", one.prompt});
  }
  return answer(
      invocation, io, Map{{"approvals", std::move(list)}},
      table.empty() ? "Nothing waits for an approval.\n" : table_text(invocation, io, table));
}

Result<ExitCode> run_resume(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto records, input_records(invocation, io));
  if (records.size() > 1) return usage_error("a run is resumed with a single run's inputs");
  app::RunWorkflow request{.workflow = std::string(invocation.argument("workflow_id_or_name"))};
  request.options.inputs = std::move(records.front());
  request.options.timeout = invocation.duration("timeout");
  request.resume = app::ResumeRun{.run = std::string(invocation.text("run").value_or("")),
                                  .from = std::string(invocation.text("from").value_or(""))};
  request.trace = trace_of(invocation);
  request.command_line = fmt::format("swamp workflow resume {}", request.workflow);
  RunViews views(invocation, io, session->clock());
  request.on_tick = views.tick();
  RunDocuments documents(invocation, io, 1);
  auto done = app::run_workflow(*session, std::move(request), views.listener());
  views.finish();
  if (!done) return documents.finish(ExitCode::failure, std::move(done).error());
  documents.add(views.document(*done));
  SWAMP_CHECK(views.write_junit());
  return documents.finish(code_of(done->outcome, *session));
}

Result<ExitCode> cancel_all(const Invocation& invocation, Io& io, app::Session& session) {
  SWAMP_TRY(auto tracked, app::search_runs(session, {}));
  List list;
  const std::string reason(invocation.text("reason").value_or("Cancelled by user"));
  for (const store::RunSummary& run : tracked.runs) {
    if (store::is_terminal(run.status)) continue;
    SWAMP_TRY(auto done, app::cancel_run(session, run.workflow_name, run.id, reason));
    list.push_back(Map{{"runId", done.run_id},
                       {"workflowName", done.workflow_name},
                       {"previousStatus", done.previous_status}});
  }
  const auto count = static_cast<std::int64_t>(list.size());
  Map document{{"cancelled", std::move(list)}};
  if (count > 0) {
    document.set("count", count);
    document.set("reason", reason);
  }
  return answer_line(invocation, io, document, fmt::format("Cancelled {} runs.\n", count));
}

Result<ExitCode> run_cancel(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  if (invocation.has("all")) return cancel_all(invocation, io, *session);
  auto workflow = invocation.find_argument("workflow_id_or_name");
  auto run = invocation.text("run");
  if (!workflow && !run) {
    return usage_error("which run?", "name a workflow, or a run with --run, or all with --all");
  }
  const std::string reason(invocation.text("reason").value_or("Cancelled by user"));
  SWAMP_TRY(auto done, app::cancel_run(*session, workflow.value_or(""), run.value_or(""), reason));
  return answer_line(invocation, io,
                     Map{{"runId", done.run_id},
                         {"workflowName", done.workflow_name},
                         {"previousStatus", done.previous_status},
                         {"status", "cancelled"},
                         {"reason", reason}},
                     fmt::format("Cancelled run {} of {}.\n", done.run_id, done.workflow_name));
}

}  // namespace

extern constexpr Command kWorkflowApprovalsCommand = {
    .path = "workflow approvals",
    .summary = "List the gates that wait for a decision",
    .shared = kInRepository,
    .examples = kApprovalsExamples,
    .run = run_approvals};
extern constexpr Command kWorkflowApproveCommand = {.path = "workflow approve",
                                                    .summary = "Let a gate pass",
                                                    .arguments = kGate,
                                                    .options = kDecideOptions,
                                                    .shared = kInRepository,
                                                    .examples = kApproveExamples,
                                                    .run = run_approve};
extern constexpr Command kWorkflowRejectCommand = {.path = "workflow reject",
                                                   .summary = "Refuse a gate",
                                                   .arguments = kGate,
                                                   .options = kDecideOptions,
                                                   .shared = kInRepository,
                                                   .examples = kRejectExamples,
                                                   .run = run_reject};
extern constexpr Command kWorkflowResumeCommand = {
    .path = "workflow resume",
    .summary = "Go on with a suspended, failed or interrupted run",
    .arguments = kWorkflow,
    .options = kResumeOptions,
    .shared = kInRepository | Shared::inputs | Shared::records | Shared::views | Shared::trace,
    .examples = kResumeExamples,
    .run = run_resume};
extern constexpr Command kWorkflowCancelCommand = {.path = "workflow cancel",
                                                   .summary = "End a run",
                                                   .arguments = kMaybeWorkflow,
                                                   .options = kCancelOptions,
                                                   .shared = kInRepository,
                                                   .examples = kCancelExamples,
                                                   .run = run_cancel};

}  // namespace swamp::cli
