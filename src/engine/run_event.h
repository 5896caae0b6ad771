#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "driver/environment.h"
#include "value/value.h"

namespace swamp::engine {

/// The states of a job or step, with the words of the run record.
enum class NodeStatus : std::uint8_t {
  pending,
  running,
  waiting_approval,
  succeeded,
  failed,
  skipped
};
enum class RunStatus : std::uint8_t { pending, running, suspended, succeeded, failed, cancelled };

std::string_view to_string(NodeStatus status);
std::string_view to_string(RunStatus status);

/// Where an event happened. `step` is the expanded name; events of nested runs carry the parents'
/// steps in front.
struct StepPath {
  std::vector<std::string> parents = {};  // `job/step` of each enclosing run, outermost first
  std::string job;
  std::string step;
  std::string for_each_template = {};  // empty when the step is no iteration
  int for_each_index = 0;
};

// One struct an event. A visitor that forgets one does not compile. All text is redacted before it
// is told.

struct RunStarted {
  std::string run_id;
  std::string workflow_id;
  std::string workflow_name;
  std::string log_path;
  struct Job {
    std::string name;
    std::size_t step_count = 0;
    std::vector<std::string> depends_on = {};
  };
  std::vector<Job> jobs = {};
  bool resumed = false;
  std::vector<std::string> parents = {};  // of a nested run: as in StepPath
};
struct JobStarted {
  std::string job;
  std::vector<std::string> parents = {};  // as in StepPath
};
struct JobEnded {
  std::string job;
  NodeStatus status = NodeStatus::succeeded;
  std::chrono::milliseconds duration{0};
  std::vector<std::string> parents = {};  // as in StepPath
};
struct StepStarted {
  StepPath path;
  int attempt = 1;
};
/// The step knows which instance and method it is about to run.
struct MethodResolved {
  StepPath path;
  std::string model_name;
  std::string model_type;
  std::string model_id;
  std::string method;
  bool ephemeral = false;
  Value global_arguments = {};  // masked
};
struct MethodOutput {
  StepPath path;
  driver::Chunk::Stream stream = driver::Chunk::Stream::out;
  std::string line;
};
/// Anything else worth telling about a step: a lock being waited for, a schema warning, a stored
/// secret.
struct StepNotice {
  StepPath path;
  std::string kind;  // `lock_wait`, `schema_validation_warning`, `vault_secret_stored`, `retry`, …
  std::string message;
  Value details = {};
};
struct ArtifactInfo {
  std::string data_id;
  std::string name;
  int version = 0;
  std::string model_name;
  std::string spec_name;
  std::string kind;  // `resource`, `file`, `report`
  std::uint64_t size = 0;
  Value attributes = {};  // of resources up to 64 KiB, redacted
};
struct StepEnded {
  StepPath path;
  NodeStatus status = NodeStatus::succeeded;  // succeeded, failed or skipped
  std::chrono::milliseconds duration{0};
  std::optional<Error> error = std::nullopt;
  std::string reason =
      {};  // skipped: `guarded` or `dependency`; failed: empty, `timeout`, `cancelled`, `host lost`
  bool allowed_failure = false;
  std::string guard_expression = {};
  Value guard_result = {};
  std::string model_name = {};
  std::string method = {};
  std::vector<ArtifactInfo> artifacts = {};
};
struct AssertChecked {
  StepPath path;
  bool passed = false;
  std::string expression;
  std::string message;
  std::string severity;
  std::optional<Error> error = std::nullopt;
};
struct ApprovalRequested {
  StepPath path;
  std::string run_id;
  std::string prompt;
  std::optional<std::chrono::seconds> timeout = std::nullopt;
};
struct ReportEnded {
  std::string name;
  std::string scope;  // `method`, `model`, `workflow`
  bool success = false;
  bool built_in = false;
  std::string markdown = {};
  Value json = {};
  std::string error = {};
  std::optional<StepPath> path = std::nullopt;
};
/// Something that concerns the run as a whole and does not end it.
struct RunNotice {
  std::string kind;
  std::string message;
};
struct RunSuspended {
  std::string job;
  std::string step;
  std::string prompt;
  std::optional<std::chrono::seconds> timeout = std::nullopt;
  std::vector<std::string> parents = {};  // as in StepPath
};
/// The last event of a run, also of a suspended, failed or cancelled one; that of the outermost run
/// is the last of all.
struct RunEnded {
  std::string run_id;
  std::string workflow_name;
  RunStatus status = RunStatus::succeeded;
  std::chrono::milliseconds duration{0};
  std::optional<Error> error = std::nullopt;
  std::string reason = {};                // of a cancel
  std::vector<std::string> parents = {};  // of a nested run: as in StepPath
};

using RunEvent = std::variant<RunStarted, JobStarted, JobEnded, StepStarted, MethodResolved,
                              MethodOutput, StepNotice, StepEnded, AssertChecked, ApprovalRequested,
                              ReportEnded, RunNotice, RunSuspended, RunEnded>;

/// Hears what happens in a run, as it happens, from the thread of the run. Handed in from above;
/// never asked back. A listener that is slow slows the run: one that may be slow (a browser) queues
/// and drops by itself.
class RunListener {
 public:
  virtual ~RunListener() = default;
  virtual void on_event(const RunEvent& event) = 0;
};

}  // namespace swamp::engine
