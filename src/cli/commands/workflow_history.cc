#include <fmt/format.h>

#include "app/runs.h"
#include "base/duration.h"
#include "cli/answer.h"
#include "cli/input.h"
#include "cli/open_session.h"
#include "render/run_document.h"
#include "render/table.h"
#include "render/time_text.h"
#include "value/json.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Argument kWorkflow[] = {
    {"workflow_id_or_name", "a workflow, whose latest run is shown, or the id of a run"}};
constexpr Argument kWhich[] = {
    {"run_id_or_workflow",
     "id of a run (3 digits or more are enough), or a workflow: its latest run"}};
constexpr Argument kQuery[] = {
    {"query", "part of a workflow's name, a run's id or a status", Argument::Need::optional}};
constexpr Option kTail[] = {{.name = "tail",
                             .type = Type::number,
                             .value = "n",
                             .doc = "only the last n lines",
                             .least = 1}};
constexpr Option kInput[] = {{.name = "input",
                              .type = Type::text,
                              .value = "key=value",
                              .doc = "with this input",
                              .repeatable = true}};
constexpr Option kSearch[] = {
    {.name = "since",
     .type = Type::age,
     .value = "age",
     .doc = "started not longer ago than 1h, 7d, 1mo, …"},
    {.name = "status",
     .type = Type::text,
     .value = "status",
     .doc = "only runs of this status",
     .choices = "pending|running|suspended|succeeded|failed|cancelled"},
    {.name = "workflow", .type = Type::text, .value = "name", .doc = "only runs of this workflow"},
    {.name = "tag",
     .type = Type::text,
     .value = "key=value",
     .doc = "with this tag",
     .repeatable = true},
    {.name = "input",
     .type = Type::text,
     .value = "key=value",
     .doc = "with this input",
     .repeatable = true},
    {.name = "limit",
     .type = Type::number,
     .value = "n",
     .doc = "at most so many",
     .default_value = "50",
     .least = 1},
};
constexpr Example kGetExamples[] = {
    {"swamp workflow history get release", "the latest run of a workflow"},
    {"swamp workflow history get 3f9a --json", "a run by the beginning of its id"}};
constexpr Example kHistoryExamples[] = {
    {"swamp workflow history release", "the latest run of a workflow"}};
constexpr Example kHistorySearchExamples[] = {
    {"swamp workflow history search release", "its runs, newest first"}};
constexpr Example kSearchExamples[] = {
    {"swamp workflow run search --status failed --since 1d", "what failed today"}};
constexpr Example kLogsExamples[] = {
    {"swamp workflow history logs release --tail 50", "the end of what the last run told"}};

std::string duration_of(const std::optional<Timestamp>& from, const std::optional<Timestamp>& to) {
  return from && to ? fmt::format(" ({})", to_human(*to - *from)) : "";
}

std::string mark_of(store::RunStatus status, render::Style style) {
  switch (status) {
    case store::RunStatus::succeeded:
      return style.paint(render::Ink::green, "✓");
    case store::RunStatus::failed:
      return style.paint(render::Ink::red, "✗");
    case store::RunStatus::waiting_approval:
      return style.paint(render::Ink::yellow, "…");
    case store::RunStatus::running:
      return style.paint(render::Ink::cyan, "▶");
    default:
      return style.paint(render::Ink::dim, "○");
  }
}

std::string upper(std::string_view text) {
  std::string shouted(text);
  for (char& c : shouted) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return shouted;
}

/// How long it took, or for how long it has been running by now.
std::string time_of(const app::FoundRun& run, const std::optional<Timestamp>& from,
                    const std::optional<Timestamp>& to, store::RunStatus status, Timestamp now) {
  if (run.alive && status == store::RunStatus::running && from && !to)
    return fmt::format(" ({} so far)", to_human(now - *from));
  return duration_of(from, to);
}

std::string run_text(const app::FoundRun& run, render::Style style, Timestamp now) {
  const store::RunRecord& record = run.record;
  std::string text = fmt::format("Workflow: {} (Run ID: {})\n",
                                 style.paint(render::Ink::bold, record.workflow_name), record.id);
  for (const store::JobRecord& job : record.jobs) {
    text += fmt::format("{} {}{}\n", mark_of(job.status, style), job.name,
                        time_of(run, job.started_at, job.completed_at, job.status, now));
    for (const store::StepRecord& step : job.steps) {
      text += fmt::format("  {} {}{}", mark_of(step.status, style), step.name,
                          time_of(run, step.started_at, step.completed_at, step.status, now));
      if (step.status == store::RunStatus::skipped && !step.reason.empty())
        text += fmt::format(" skipped: {}", step.reason);
      if (step.allowed_failure) text += " (allowed)";
      text += '\n';
      if (!step.error.empty()) text += fmt::format("      -> {}\n", step.error);
      if (step.status == store::RunStatus::waiting_approval) {
        text += fmt::format("      waits for approval: {}\n", step.approval_prompt);
      }
    }
  }
  const std::string status =
      run.interrupted ? "INTERRUPTED" : upper(store::to_string(record.status));
  text += fmt::format("Result: {}{}\n", status,
                      time_of(run, record.started_at, record.completed_at, record.status, now));
  if (run.interrupted) {
    text += fmt::format("Its process is gone. Go on with: swamp workflow resume {} --run {}\n",
                        record.workflow_name, record.id);
  }
  return text + fmt::format("Saved to: {}\n", run.path);
}

Result<ExitCode> show_run(const Invocation& invocation, Io& io, std::string_view run_or_workflow) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto run, app::find_run(*session, run_or_workflow));
  Value document =
      render::run_document(run.record, {.path = run.path, .bodies = invocation.globals().verbose});
  if (run.interrupted) document.mutable_map().set("interrupted", true);
  return answer(invocation, io, document,
                run_text(run, style_of(invocation, io, Io::Stream::out), session->clock().now()));
}

Result<ExitCode> run_get(const Invocation& invocation, Io& io) {
  return show_run(invocation, io, invocation.argument("run_id_or_workflow"));
}

Result<ExitCode> run_latest(const Invocation& invocation, Io& io) {
  return show_run(invocation, io, invocation.argument("workflow_id_or_name"));
}

Value summary_document(const store::RunSummary& run) {
  Map document{{"runId", run.id},
               {"workflowId", run.workflow_id},
               {"workflowName", run.workflow_name},
               {"status", std::string(store::to_string(run.status))}};
  if (run.started_at) document.set("startedAt", to_iso8601(*run.started_at));
  if (run.completed_at) document.set("completedAt", to_iso8601(*run.completed_at));
  if (run.started_at && run.completed_at)
    document.set("duration", std::int64_t{(*run.completed_at - *run.started_at).count()});
  if (!run.tags.empty()) document.set("tags", run.tags.to_value());
  if (!run.inputs.is_null()) document.set("inputs", run.inputs);
  const auto add = [&](std::string key, const std::string& text) {
    if (!text.empty()) document.set(std::move(key), text);
  };
  add("instanceId", run.instance_id);
  add("triggerSource", run.trigger_source);
  add("failedStep", run.failed_step);
  add("failureReason", run.failure_reason);
  if (run.step_progress) {
    document.set("stepProgress", Map{{"completed", std::int64_t{run.step_progress->completed}},
                                     {"total", std::int64_t{run.step_progress->total}}});
  }
  return document;
}

Result<app::SearchRuns> request_of(const Invocation& invocation, app::Session& session, bool full) {
  app::SearchRuns request{.query = std::string(invocation.find_argument("query").value_or(""))};
  SWAMP_TRY(request.inputs, parse_tags(invocation.texts("input"), "--input"));
  if (!full) return request;
  request.workflow = invocation.text("workflow").value_or("");
  request.status = invocation.text("status").value_or("");
  SWAMP_TRY(request.tags, parse_tags(invocation.texts("tag"), "--tag"));
  request.limit = static_cast<std::size_t>(*invocation.number("limit"));
  if (auto age = invocation.duration("since")) request.since = session.clock().now() - *age;
  return request;
}

Result<ExitCode> search(const Invocation& invocation, Io& io, bool full) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto request, request_of(invocation, *session, full));
  SWAMP_TRY(auto list, app::search_runs(*session, request));
  List results;
  render::Table table({{"RUN"},
                       {"WORKFLOW"},
                       {"STATUS"},
                       {"STARTED"},
                       {"TOOK", render::Table::Align::right},
                       {"FAILED STEP"}});
  for (const store::RunSummary& run : list.runs) {
    results.push_back(summary_document(run));
    table.add(
        {run.id.substr(0, 8), run.workflow_name, std::string(store::to_string(run.status)),
         run.started_at ? render::when_text(*run.started_at, session->clock().now()) : "",
         run.started_at && run.completed_at ? to_human(*run.completed_at - *run.started_at) : "",
         run.failed_step});
  }
  return answer_with(list.warnings, invocation, io,
                     Map{{"query", request.query}, {"results", std::move(results)}},
                     table.empty() ? "No runs found.\n" : table_text(invocation, io, table));
}

Result<ExitCode> run_search(const Invocation& invocation, Io& io) {
  return search(invocation, io, true);
}
Result<ExitCode> run_history_search(const Invocation& invocation, Io& io) {
  return search(invocation, io, false);
}

Result<ExitCode> run_logs(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto log, app::read_run_log(*session, invocation.argument("run_id_or_workflow")));
  const store::RunRecord& record = log.run.record;
  if (log.path.empty() || !log.text) {
    const std::string what = log.path.empty() ? "this run has no log file"
                             : log.run.alive ? "the run is going on and has not written its log yet"
                                             : fmt::format("the log file '{}' is gone", log.path);
    return answer(
        invocation, io,
        Map{{"runId", record.id}, {"workflowName", record.workflow_name}, {"error", what}},
        what + "\n");
  }
  auto tail = invocation.number("tail");
  const auto lines = app::last_lines(
      *log.text, tail ? std::optional(static_cast<std::size_t>(*tail)) : std::nullopt);
  List list;
  std::string text;
  for (const std::string& line : lines.lines) {
    list.push_back(to_valid_utf8(line));
    text += to_valid_utf8(line) + "\n";
  }
  Map document;
  if (list.empty()) document = Map{{"runId", record.id}, {"workflowName", record.workflow_name}};
  document.set("path", log.path);
  document.set("lines", std::move(list));
  document.set("lineCount", static_cast<std::int64_t>(lines.lines.size()));
  return answer(invocation, io, document, text.empty() ? "The log is empty.\n" : text);
}

}  // namespace

extern constexpr Command kWorkflowHistoryCommand = {.path = "workflow history",
                                                    .summary = "Show the latest run of a workflow",
                                                    .arguments = kWorkflow,
                                                    .shared = kInRepository,
                                                    .examples = kHistoryExamples,
                                                    .same_help_as = "workflow history get",
                                                    .run = run_latest};
extern constexpr Command kWorkflowHistoryGetCommand = {.path = "workflow history get",
                                                       .summary = "Show one run of a workflow",
                                                       .arguments = kWhich,
                                                       .shared = kInRepository,
                                                       .examples = kGetExamples,
                                                       .run = run_get};
extern constexpr Command kWorkflowHistorySearchCommand = {.path = "workflow history search",
                                                          .summary = "List runs of workflows",
                                                          .arguments = kQuery,
                                                          .options = kInput,
                                                          .shared = kInRepository,
                                                          .examples = kHistorySearchExamples,
                                                          .hidden_aliases = "list",
                                                          .same_help_as = "workflow run search",
                                                          .json_to_programs = true,
                                                          .run = run_history_search};
extern constexpr Command kWorkflowHistoryLogsCommand = {.path = "workflow history logs",
                                                        .summary = "Show the log of a run",
                                                        .arguments = kWhich,
                                                        .options = kTail,
                                                        .shared = kInRepository,
                                                        .examples = kLogsExamples,
                                                        .run = run_logs};
extern constexpr Command kWorkflowRunSearchCommand = {.path = "workflow run search",
                                                      .summary = "Find runs of workflows",
                                                      .arguments = kQuery,
                                                      .options = kSearch,
                                                      .shared = kInRepository,
                                                      .examples = kSearchExamples,
                                                      .hidden_aliases = "list",
                                                      .json_to_programs = true,
                                                      .run = run_search};

}  // namespace swamp::cli
