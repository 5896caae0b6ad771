#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/outputs.h"
#include "app/session.h"
#include "store/run_record.h"

// What people ask of past and present runs.
namespace swamp::app {

/// A run's record, with what its journal knows beyond it when the run is going on or its process
/// died.
struct FoundRun {
  store::RunRecord record;
  std::string path;          // of the record, absolute
  bool alive = false;        // a process holds its journal
  bool interrupted = false;  // it says running, but its process is gone
};

/// By id or the beginning of one, else the latest of the workflow of that name or id.
Result<FoundRun> find_run(Session& session, std::string_view run_or_workflow);
Result<FoundRun> load_run(Session& session, const store::RunSummary& summary);

struct SearchRuns {
  std::string query = {};     // part of a workflow name, run id or status
  std::string workflow = {};  // name or id
  std::string status = {};
  std::optional<Timestamp> since = std::nullopt;
  std::vector<std::pair<std::string, std::string>> tags = {};
  std::vector<std::pair<std::string, std::string>> inputs = {};
  std::size_t limit = 0;  // 0: all
};
struct RunList {
  std::vector<store::RunSummary> runs;  // newest first
  std::vector<Error> warnings;
};
Result<RunList> search_runs(Session& session, const SearchRuns& request);

/// The log of a run.
struct RunLogText {
  FoundRun run;
  std::string path;  // relative to the repository; empty when there is none
  std::optional<std::string> text = std::nullopt;  // absent when the file is gone
};
Result<RunLogText> read_run_log(Session& session, std::string_view run_or_workflow);

/// What somebody started: a run of a workflow, or a method run by itself (steps are part of their
/// workflow's run).
struct TrackedRun {
  std::string id;
  std::string kind;  // `workflow` or `model_method`
  std::string workflow_name = {};
  std::string model_name = {};
  std::string model_type = {};
  std::string method = {};
  std::string status;  // running, interrupted, or how it ended
  std::optional<Timestamp> started_at = std::nullopt;
  std::optional<Timestamp> ended_at = std::nullopt;
  std::optional<std::int64_t> pid = std::nullopt;  // while it lasts
  std::string initiated_by = {};
};
enum class Tracked : std::uint8_t {
  active,
  recent,
  all
};  // recent: active, or started in the last 24 hours
Result<std::vector<TrackedRun>> list_tracked(Session& session, Tracked which);

struct CollectedRuns {
  std::size_t runs = 0;
  std::uint64_t run_bytes = 0;
  std::size_t outputs = 0;
  std::uint64_t output_bytes = 0;
};
/// Removes records and logs of runs and method calls that ended longer ago than `age`, and journals
/// that are not needed any more. Running, suspended and interrupted runs stay.
Result<CollectedRuns> collect_runs(Session& session, std::chrono::milliseconds age, bool dry_run);

}  // namespace swamp::app
