#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/artifact.h"
#include "store/layout.h"
#include "value/value.h"

namespace swamp::store {

/// Of runs, jobs and steps alike; a run is never `skipped`.
enum class RunStatus : std::uint8_t {
  pending,
  running,
  suspended,
  succeeded,
  failed,
  cancelled,
  skipped,
  waiting_approval
};
std::string_view to_string(RunStatus status);
std::optional<RunStatus> parse_run_status(std::string_view text);
/// Succeeded, failed, cancelled or skipped: nothing more will happen.
bool is_terminal(RunStatus status);

struct ApprovalDecision {
  bool approved = false;
  std::string reason;
  std::string decided_by;
  Timestamp decided_at{};
};

struct AssertResult {
  bool passed = false;
  std::string expr;
  std::string message;
  std::string severity;
  std::string error;
};

/// One step as the record tells it. Empty texts, null values and absent times are not written.
struct StepRecord {
  std::string name;
  RunStatus status = RunStatus::pending;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> completed_at;
  std::string error;
  Value output;  // a map, or null
  std::vector<ArtifactRef> artifacts;
  bool allowed_failure = false;
  std::optional<ApprovalDecision> approval;
  std::string approval_prompt;
  std::optional<AssertResult> assertion;
  std::string reason;          // ours: `timeout`, `cancelled`, `host lost`, or why it was skipped
  std::uint32_t attempts = 0;  // ours: written when above 1
  Value extra;  // ours: what the engine wants to find again, a map under `swamp`; null: nothing
};

struct JobRecord {
  std::string name;
  RunStatus status = RunStatus::pending;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> completed_at;
  std::vector<StepRecord> steps;
  std::string reason;  // ours
};

struct StepProgress {
  std::uint32_t completed = 0;
  std::uint32_t total = 0;
};

/// The YAML record of one workflow run.
struct RunRecord {
  std::string id;
  std::string workflow_id;
  std::string workflow_name;
  RunStatus status = RunStatus::pending;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> completed_at;
  std::vector<JobRecord> jobs;
  Tags tags;
  std::optional<std::int64_t> pid;
  std::string log_file;  // relative to the repository
  std::vector<ArtifactRef> workflow_artifacts;
  Value inputs;  // a map, or null when the record has none
  std::vector<std::string> resume_inputs;
  std::string initiated_by;
  std::string instance_id;
  std::string trigger_source;  // manual, schedule, webhook, api
  // What the original computes when it saves; RunStore::save() does so too.
  std::string failed_step;
  std::string failure_reason;
  std::optional<StepProgress> step_progress;
  /// Ours: paths of the strings in this record that are expressions; every other string is data.
  /// Absent in files of the original.
  std::optional<std::vector<std::string>> expressions;
  Value extra;  // ours: a map under `swamp`; null: nothing

  /// Secrets must be redacted before.
  Value to_value() const;
  /// The text of the file: what yaml::write() makes of to_value(), step by step, since a record of
  /// thousands of them is large as a value. Secrets are written as their expressions.
  std::string to_yaml() const;
  static Result<RunRecord> from_value(const Value& value);
};

/// First un-allowed failed step, its reason, and the progress, from the jobs.
void summarize(RunRecord& record);

/// A run as the index knows it: enough for lists.
struct RunSummary {
  std::string id;
  std::string workflow_id;
  std::string workflow_name;
  RunStatus status = RunStatus::pending;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> completed_at;
  Tags tags;
  Value inputs;
  std::string instance_id;
  std::string trigger_source;
  std::string failed_step;
  std::string failure_reason;
  std::optional<StepProgress> step_progress;
};
RunSummary summary_of(const RunRecord& record);

/// The run records of a repository and their indexes. One broken record never hides the others.
/// Safe from any thread; two processes that rewrite an index of one workflow at once lose nothing
/// that a listing would not notice and mend.
class RunStore {
 public:
  explicit RunStore(Layout layout);

  enum class Index : std::uint8_t { keep, update };
  /// Summarizes the record, and writes it whole or not at all. The index is for the end of a run,
  /// and for one that goes on after that: what has not ended is read from its record.
  Result<> save(RunRecord& record, Index index);

  /// Fails with not_found, or with invalid_input when the file is broken.
  Result<RunRecord> load(std::string_view workflow_id, std::string_view run_id) const;

  /// By whole id or a prefix of at least 3 hex digits, over all workflows. Fails with not_found, or
  /// with invalid_input when several match (the hint lists them).
  Result<RunSummary> find(std::string_view id_or_prefix) const;

  /// The run of a workflow that started last.
  Result<std::optional<RunSummary>> latest(std::string_view workflow_id) const;

  struct Listing {
    std::vector<RunSummary> runs;  // newest start first
    std::vector<Error> warnings;
  };
  Listing list(std::string_view workflow_id) const;
  Listing list() const;

  /// Removes the record, its log, its index entry, and folders that are then empty. Fails with
  /// not_found.
  Result<> remove(std::string_view workflow_id, std::string_view run_id);

  const Layout& layout() const { return layout_; }

 private:
  Layout layout_;
};

}  // namespace swamp::store
