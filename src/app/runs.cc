#include "app/runs.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "app/mending.h"
#include "base/ascii.h"
#include "engine/method_journal.h"
#include "engine/recovery.h"
#include "os/file.h"
#include "store/journal.h"
#include "store/journal_folder.h"
#include "store/record_file.h"
#include "value/json.h"

namespace swamp::app {
namespace {

/// As somebody would type it: texts without quotes, all else as JSON.
std::string typed_text(const Value& input) {
  if (input.is_null()) return {};
  return input.is_string() ? input.as_string() : write_json(input);
}

bool matches(const SearchRuns& wanted, const store::RunSummary& run) {
  if (!wanted.workflow.empty() && run.workflow_name != wanted.workflow &&
      run.workflow_id != wanted.workflow)
    return false;
  if (!wanted.status.empty() && store::to_string(run.status) != wanted.status) return false;
  if (wanted.since && run.started_at.value_or(Timestamp()) < *wanted.since) return false;
  for (const auto& [name, text] : wanted.tags) {
    const std::string* tag = run.tags.find(name);
    if (tag == nullptr || *tag != text) return false;
  }
  for (const auto& [name, text] : wanted.inputs) {
    if (typed_text(run.inputs[name]) != text) return false;
  }
  return contains_in_any_case(run.workflow_name, wanted.query) ||
         contains_in_any_case(run.id, wanted.query) ||
         contains_in_any_case(store::to_string(run.status), wanted.query);
}

std::uint64_t size_of(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  return ignored ? 0 : size;
}

/// A single call that has not come to its end, from its journal.
std::optional<TrackedRun> tracked_call(const store::JournalFile& file) {
  const auto content = store::read_journal(file.path);
  const auto call = content ? engine::call_of(*content) : std::nullopt;
  // Sealed without an end: it could not be made, or was looked after and has its output record.
  if (!call || call->ended || content->sealed) return std::nullopt;
  return TrackedRun{.id = file.run_id,
                    .kind = "model_method",
                    .model_name = call->model,
                    .model_type = call->type,
                    .method = call->record.method,
                    .status = "running",
                    .started_at = call->record.started_at,
                    .pid = call->record.pid,
                    .initiated_by = call->record.provenance.initiated_by};
}

Result<std::vector<TrackedRun>> methods_without_end(Session& session) {
  std::vector<TrackedRun> methods;
  SWAMP_TRY(auto journals, store::list_journals(session.layout().journals));
  for (const store::JournalFile& journal : journals) {
    if (journal.state == store::JournalState::ended) continue;
    // Asked first: a process that ends meanwhile has written its end before it lets go.
    SWAMP_TRY(const bool alive, store::is_alive(journal.path));
    auto run = tracked_call(journal);
    if (!run) continue;
    if (!alive) run->status = "interrupted";
    methods.push_back(*std::move(run));
  }
  return methods;
}

TrackedRun tracked_output(const Output& output) {
  const store::OutputRecord& record = output.found.record;
  return {.id = record.id,
          .kind = "model_method",
          .model_name = output.model_name,
          .model_type = output.found.type,
          .method = record.method,
          .status = std::string(store::to_string(record.status)),
          .started_at = record.started_at,
          .ended_at = record.completed_at,
          .initiated_by = record.provenance.initiated_by};
}

}  // namespace

Result<FoundRun> load_run(Session& session, const store::RunSummary& summary) {
  FoundRun found{.path = session.layout().run_record(summary.workflow_id, summary.id).string()};
  // The record is rewritten at most once a second: what the journal has is newer.
  std::optional<store::RunRecord> by_journal;
  if (!store::is_terminal(summary.status))
    by_journal = engine::record_by_journal(session.layout(), summary.id);
  if (by_journal) {
    found.record = *std::move(by_journal);
  } else {
    SWAMP_TRY(found.record, session.runs().load(summary.workflow_id, summary.id));
    if (store::is_terminal(found.record.status)) return found;
    found.record = engine::current_record(session.layout(), std::move(found.record));
  }
  SWAMP_TRY(found.alive, store::is_alive(session.layout().journal(summary.id)));
  found.interrupted = !found.alive && found.record.status == store::RunStatus::running;
  return found;
}

Result<FoundRun> find_run(Session& session, std::string_view run_or_workflow) {
  SWAMP_TRY(auto* documents, session.documents());
  auto workflow = documents->index().find_workflow(run_or_workflow);
  if (workflow) {
    SWAMP_TRY(auto latest, session.runs().latest((*workflow)->id));
    if (latest) return load_run(session, *latest);
    if (!store::may_be_id(run_or_workflow)) {
      return fail(ErrorCode::not_found,
                  fmt::format("workflow '{}' has not run yet", run_or_workflow),
                  fmt::format("run it with 'swamp workflow run {}'", run_or_workflow));
    }
  } else if (!store::may_be_id(run_or_workflow)) {
    return fail(Error{.code = ErrorCode::not_found,
                      .message = fmt::format("no run or workflow '{}'", run_or_workflow),
                      .hint = workflow.error().hint,
                      .name = workflow.error().name});
  }
  SWAMP_TRY(auto summary, session.runs().find(run_or_workflow));
  return load_run(session, summary);
}

Result<RunList> search_runs(Session& session, const SearchRuns& request) {
  if (!request.status.empty() && !store::parse_run_status(request.status)) {
    return fail(ErrorCode::invalid_input, fmt::format("'{}' is no status of a run", request.status),
                "pending, running, suspended, succeeded, failed or cancelled");
  }
  auto listing = session.runs().list();
  RunList list{.warnings = std::move(listing.warnings)};
  for (store::RunSummary& run : listing.runs) {
    if (!matches(request, run)) continue;
    list.runs.push_back(std::move(run));
    if (request.limit > 0 && list.runs.size() == request.limit) break;
  }
  return list;
}

Result<RunLogText> read_run_log(Session& session, std::string_view run_or_workflow) {
  RunLogText log;
  SWAMP_TRY(log.run, find_run(session, run_or_workflow));
  log.path = log.run.record.log_file;
  if (log.path.empty()) return log;
  if (auto text = os::read_file(session.layout().repository / log.path))
    log.text = *std::move(text);
  return log;
}

namespace {

Result<TrackedRun> tracked_workflow(Session& session, const store::RunSummary& summary) {
  TrackedRun run{.id = summary.id,
                 .kind = "workflow",
                 .workflow_name = summary.workflow_name,
                 .status = std::string(store::to_string(summary.status)),
                 .started_at = summary.started_at,
                 .ended_at = summary.completed_at};
  if (summary.status != store::RunStatus::running) return run;
  SWAMP_TRY(auto found, load_run(session, summary));
  run.pid = found.record.pid;
  run.initiated_by = found.record.initiated_by;
  run.status = std::string(store::to_string(found.record.status));
  if (found.interrupted) run.status = "interrupted";
  return run;
}

}  // namespace

Result<std::vector<TrackedRun>> list_tracked(Session& session, Tracked which) {
  std::optional<Timestamp> since;
  if (which == Tracked::recent) since = session.clock().now() - std::chrono::hours(24);
  const auto wanted = [&](const TrackedRun& run) {
    if (run.status == "running") return true;
    return which != Tracked::active && (!since || run.started_at.value_or(Timestamp()) >= *since);
  };
  std::vector<TrackedRun> tracked;
  const auto add = [&](TrackedRun run) {
    if (run.status == "succeeded") run.status = "completed";
    if (wanted(run)) tracked.push_back(std::move(run));
  };
  for (const store::RunSummary& summary : session.runs().list().runs) {
    SWAMP_TRY(auto run, tracked_workflow(session, summary));
    add(std::move(run));
  }
  SWAMP_TRY(auto methods, methods_without_end(session));
  for (TrackedRun& run : methods)
    add(std::move(run));
  if (which != Tracked::active) {
    for (const Output& output : search_outputs(session, {}).outputs) {
      if (output.found.record.provenance.triggered_by == "manual") add(tracked_output(output));
    }
  }
  std::stable_sort(tracked.begin(), tracked.end(), [](const TrackedRun& a, const TrackedRun& b) {
    return a.started_at > b.started_at;
  });
  return tracked;
}

Result<CollectedRuns> collect_runs(Session& session, std::chrono::milliseconds age, bool dry_run) {
  if (!dry_run) SWAMP_CHECK(mend_left_runs(session));
  const Timestamp limit = session.clock().now() - age;
  CollectedRuns collected;
  for (const store::RunSummary& run : session.runs().list().runs) {
    const auto ended = run.completed_at ? run.completed_at : run.started_at;
    if (!store::is_terminal(run.status) || ended.value_or(limit) >= limit) continue;
    collected.run_bytes += size_of(session.layout().run_record(run.workflow_id, run.id)) +
                           size_of(session.layout().run_log(run.workflow_id, run.id));
    ++collected.runs;
    if (!dry_run) SWAMP_CHECK(session.runs().remove(run.workflow_id, run.id));
  }
  for (const store::FoundOutput& output : session.outputs().list().outputs) {
    const auto status = output.record.status;
    const bool ended =
        status != store::OutputStatus::pending && status != store::OutputStatus::running;
    if (!ended || output.record.started_at >= limit) continue;
    collected.output_bytes += size_of(output.path);
    if (!output.record.log_file.empty())
      collected.output_bytes += size_of(session.layout().repository / output.record.log_file);
    ++collected.outputs;
    if (!dry_run) SWAMP_CHECK(session.outputs().remove(output));
  }
  if (!dry_run) {
    auto retired = store::retire_journals(session.layout().journals, session.artifacts());
    if (!retired) return fail(std::move(retired).error());
  }
  return collected;
}

}  // namespace swamp::app
