#include <fmt/format.h>

#include "app/mending.h"
#include "app/runs.h"
#include "cli/answer.h"
#include "cli/data_documents.h"
#include "cli/open_session.h"
#include "os/process_info.h"
#include "render/table.h"
#include "render/text.h"
#include "render/time_text.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr std::chrono::milliseconds kOldRun = std::chrono::hours(30 * 24);

constexpr Option kHistoryOptions[] = {
    {.name = "active", .doc = "only what is running", .conflicts = "all"},
    {.name = "all", .doc = "everything that is on record, not only the last 24 hours"},
};
constexpr Option kDoctorOptions[] = {
    {.name = "fix", .doc = "put right what processes that died left behind"}};
constexpr Option kGcOptions[] = {
    {.name = "dry-run", .doc = "only say what would go"},
    {.name = "older-than",
     .type = Type::age,
     .value = "age",
     .doc = "what ended longer ago than this; 30d when left out"},
};
constexpr Example kHistoryExamples[] = {{"swamp run history --active", "what is running now"}};
constexpr Example kDoctorExamples[] = {{"swamp run doctor", "runs whose processes are gone"},
                                       {"swamp run doctor --fix", "mend them"}};
constexpr Example kGcExamples[] = {
    {"swamp run gc --older-than 7d --dry-run", "what would be deleted"}};

Value or_null(const std::string& text) {
  return text.empty() ? Value() : Value(text);
}

Value time_or_null(const std::optional<Timestamp>& time) {
  return time ? Value(to_iso8601(*time)) : Value();
}

/// When a run was last known to go on. Nothing beats: while it lasts its lock says so, at any time.
std::optional<Timestamp> last_sign_of(const app::TrackedRun& run, Timestamp now) {
  if (run.status == "running") return now;
  return run.ended_at ? run.ended_at : run.started_at;
}

Value tracked_document(const app::TrackedRun& run, Timestamp now) {
  Map document{{"id", run.id},
               {"runKind", run.kind},
               {"modelType", or_null(run.model_type)},
               {"methodName", or_null(run.method)},
               {"workflowName", or_null(run.workflow_name)},
               {"pid", run.pid ? Value(*run.pid) : Value()},
               {"hostname", os::host_name()},
               {"status", run.status},
               {"startedAt", time_or_null(run.started_at)},
               {"heartbeatAt", time_or_null(last_sign_of(run, now))},
               {"stale", run.status == "interrupted"}};
  if (!run.initiated_by.empty()) document.set("initiatedBy", run.initiated_by);
  return document;
}

std::string name_of(const app::TrackedRun& run) {
  return run.kind == "workflow" ? run.workflow_name
                                : fmt::format("{}.{}", run.model_name, run.method);
}

std::string tracked_text(const Invocation& invocation, const Io& io,
                         const std::vector<app::TrackedRun>& runs, Timestamp now) {
  render::Table table({{"STATUS"}, {"KIND"}, {"NAME"}, {"ID"}, {"STARTED"}, {"PID"}});
  for (const app::TrackedRun& run : runs) {
    table.add({run.status, run.kind, name_of(run), run.id.substr(0, 8),
               run.started_at ? render::when_text(*run.started_at, now) : "",
               run.pid ? std::to_string(*run.pid) : ""});
  }
  return table_text(invocation, io, table);
}

Result<ExitCode> run_history(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const auto which = invocation.has("all")      ? app::Tracked::all
                     : invocation.has("active") ? app::Tracked::active
                                                : app::Tracked::recent;
  SWAMP_TRY(auto runs, app::list_tracked(*session, which));
  List list;
  for (const app::TrackedRun& run : runs) {
    list.push_back(tracked_document(run, session->clock().now()));
  }
  return answer_line(invocation, io, Map{{"runs", std::move(list)}},
                     runs.empty() ? "No tracked runs.\n"
                                  : tracked_text(invocation, io, runs, session->clock().now()));
}

Result<ExitCode> run_doctor(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  std::size_t reaped = 0;
  if (invocation.has("fix")) {
    SWAMP_TRY(reaped, app::mend_left_runs(*session));
  }
  SWAMP_TRY(auto runs, app::list_tracked(*session, app::Tracked::all));
  List active;
  List stale;
  std::string text;
  for (const app::TrackedRun& run : runs) {
    if (run.status == "running") active.push_back(tracked_document(run, session->clock().now()));
    if (run.status != "interrupted") continue;
    stale.push_back(tracked_document(run, session->clock().now()));
    text +=
        fmt::format("{} {} ({}): its process is gone", run.kind, name_of(run), run.id.substr(0, 8));
    text += run.kind == "workflow"
                ? fmt::format("; go on with: swamp workflow resume {} --run {}\n",
                              run.workflow_name, run.id)
                : "\n";
  }
  const std::string sums = fmt::format("{} running, {} interrupted", active.size(), stale.size());
  text = active.empty() && stale.empty() ? "No active or stale runs.\n" : text + sums + ".\n";
  if (reaped > 0)
    text += fmt::format("Looked after what {} left behind.\n", render::count_of(reaped, "run"));
  const auto total = static_cast<std::int64_t>(runs.size());
  const auto active_count = static_cast<std::int64_t>(active.size());
  const auto stale_count = static_cast<std::int64_t>(stale.size());
  return answer_line(invocation, io,
                     Map{{"totalTracked", total},
                         {"active", active_count},
                         {"stale", stale_count},
                         {"reaped", static_cast<std::int64_t>(reaped)},
                         {"activeRuns", std::move(active)},
                         {"staleRuns", std::move(stale)}},
                     text);
}

Value collected_document(const app::CollectedRuns& collected, bool dry_run) {
  return Map{{"workflowRunsDeleted", static_cast<std::int64_t>(collected.runs)},
             {"workflowRunBytesReclaimed", collected.run_bytes},
             {"outputsDeleted", static_cast<std::int64_t>(collected.outputs)},
             {"outputBytesReclaimed", collected.output_bytes},
             {"totalBytesReclaimed", collected.run_bytes + collected.output_bytes},
             {"dryRun", dry_run}};
}

Result<ExitCode> run_gc(const Invocation& invocation, Io& io) {
  const bool dry_run = invocation.has("dry-run");
  SWAMP_TRY(auto session,
            open_session(invocation, io, dry_run ? Access::read_only : Access::normal));
  const auto age = invocation.duration("older-than").value_or(kOldRun);
  SWAMP_TRY(auto collected, app::collect_runs(*session, age, true));
  const std::string what =
      fmt::format("{} and {} ({})", render::count_of(collected.runs, "workflow run"),
                  render::count_of(collected.outputs, "output record"),
                  size_text(collected.run_bytes + collected.output_bytes));
  const bool nothing = collected.runs == 0 && collected.outputs == 0;
  if (!dry_run) {
    if (!nothing) {
      SWAMP_TRY(const bool yes, confirm(invocation, io, fmt::format("Delete {}?", what)));
      if (!yes) return answer_cancelled(invocation, io);
    }
    SWAMP_TRY(collected, app::collect_runs(*session, age, false));
  }
  return answer(invocation, io, collected_document(collected, dry_run),
                nothing ? "Nothing to collect.\n"
                        : fmt::format("{} {}.\n", dry_run ? "Would delete" : "Deleted", what));
}

}  // namespace

extern constexpr Command kRunHistoryCommand = {
    .path = "run history",
    .summary = "List runs that are going on or were lately",
    .options = kHistoryOptions,
    .shared = kInRepository,
    .examples = kHistoryExamples,
    .run = run_history};
extern constexpr Command kRunDoctorCommand = {
    .path = "run doctor",
    .summary = "Find runs whose processes died, and mend what they left",
    .options = kDoctorOptions,
    .shared = kInRepository,
    .examples = kDoctorExamples,
    .run = run_doctor};
extern constexpr Command kRunGcCommand = {.path = "run gc",
                                          .summary = "Delete old records of runs and outputs",
                                          .options = kGcOptions,
                                          .shared = kInRepository | Shared::yes,
                                          .examples = kGcExamples,
                                          .run = run_gc};

}  // namespace swamp::cli
