#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "spec/condition.h"
#include "spec/field.h"
#include "spec/inputs.h"
#include "spec/settings.h"

// A workflow as its file says it, checked: every list has its minimum, every number its range,
// every choice exactly one alternative. Documents are immutable and shared (`std::shared_ptr<const
// Workflow>`).
namespace swamp::spec {

/// `type: model_method`. Exactly one of `model` and `model_type` is set.
struct ModelMethodTask {
  Field model = {};        // modelIdOrName
  Field model_type = {};   // modelType
  Field model_name = {};   // modelName, only with a type; absent: an ephemeral instance
  Field method = {};       // methodName
  Field inputs = {};       // a map, or one whole expression
  Field global_args = {};  // as inputs; only with a type
};

/// `type: workflow`
struct WorkflowTask {
  Field workflow = {};  // workflowIdOrName
  Field inputs = {};    // a map, or one whole expression
};

/// `type: manual_approval`
struct ApprovalTask {
  Field prompt = {};
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
};

enum class Severity : std::uint8_t { low, medium, high };
inline constexpr std::array<std::string_view, 3> kSeverityWords{"low", "medium", "high"};

std::string_view to_string(Severity severity);
std::optional<Severity> parse_severity(std::string_view word);

/// `type: assert`
struct AssertTask {
  Expression expr = {};  // bare CEL
  Field message = {};
  Severity severity = Severity::high;
};

using StepTask = std::variant<ModelMethodTask, WorkflowTask, ApprovalTask, AssertTask>;

/// `model_method`, `workflow`, `manual_approval`, `assert`
std::string_view type_name(const StepTask& task);

/// `forEach`: the step runs once for every element of `in`, known in its expressions as
/// `self.<item>`.
struct ForEach {
  std::string item;
  Field in = {};  // one whole expression
};

/// `retry`
struct Retry {
  int attempts = 1;  // all tries, the first included
  std::chrono::milliseconds delay{0};
  double backoff = 2;
  std::chrono::milliseconds max_delay = std::chrono::minutes(5);
  bool on_failed = true;
  bool on_timeout = true;
};

/// An element of `dataOutputOverrides`.
struct DataOutputOverride {
  std::string spec_name;
  OutputPolicy policy = {};
  Field tags = {};                     // a map
  std::vector<std::string> vary = {};  // input names whose values become part of the data name
  SourceSpan where = {};
};

/// An element of `outputs`: a path that other steps get before they start.
struct StepOutput {
  Field path = {};
  bool for_all_dependents = true;                   // `makeAvailableTo` was not written
  std::vector<std::string> make_available_to = {};  // a step of this job, a job, or `job/step`
  SourceSpan where = {};
};

/// An element of `caches`.
struct Cache {
  Field path = {};
  Field key = {};
  Field restore_keys = {};  // a list
  SourceSpan where = {};
};

/// A step as written; a forEach step is the template of its iterations.
struct Step {
  Field name = {};  // `name.text()` is what dependents call it
  Field description = {};
  StepTask task = {};
  std::optional<ForEach> for_each = std::nullopt;
  std::vector<Dependency> depends_on = {};  // steps of the same job
  double weight = 0;
  std::optional<int> concurrency = std::nullopt;  // of its own iterations; absent: unbounded
  bool allow_failure = false;
  Field guard = {};  // one whole expression; true: the step is skipped
  std::vector<DataOutputOverride> data_output_overrides = {};
  Retry retry = {};
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;  // of each attempt
  DriverChoice driver = {};
  std::vector<StepOutput> outputs = {};
  std::vector<Cache> caches = {};
  Placement placement = {};
  SourceSpan where = {};
};

struct Job {
  std::string name;
  SourceSpan name_where = {};
  Field description = {};
  std::vector<Step> steps = {};  // at least one
  std::vector<Dependency> depends_on = {};
  double weight = 0;
  std::optional<int> concurrency = std::nullopt;  // of its steps
  bool fail_fast = false;
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
  DriverChoice driver = {};
  Placement placement = {};
  bool affinity = false;
  SourceSpan affinity_where = {};
};

/// `workspace`: a directory for the run. Absent in a workflow: a nested run uses its parent's, if
/// that has one.
struct Workspace {
  bool enabled = true;
  bool persistent = false;
  Field name = {};  // with `persistent`; absent: the name of the workflow
  SourceSpan where = {};
};

/// `trigger`
struct Trigger {
  std::optional<std::string> schedule = std::nullopt;  // cron, 5 fields or 6 with seconds first
  Field inputs = {};                                   // a map of values
};

struct Workflow {
  std::string id;
  std::string name;
  SourceSpan name_where = {};
  Field description = {};
  int version = 1;
  Field tags = {};  // a map of texts
  InputSchema inputs = {};
  std::optional<Trigger> trigger = std::nullopt;
  std::vector<Job> jobs = {};  // at least one
  std::optional<int> concurrency =
      std::nullopt;  // of its jobs, and of steps where neither they nor their job say more
  bool fail_fast = false;
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
  ReportSelection reports = {};
  DriverChoice driver = {};
  std::optional<Workspace> workspace = std::nullopt;
  Placement placement = {};
  bool affinity = false;
  SourceSpan affinity_where = {};

  Value document = {};  // everything as written, in the order of the file
  Source source = {};   // the file; null when it was made in memory
};

/// The job or step of this name as written, or null.
const Job* find_job(const Workflow& workflow, std::string_view name);
const Step* find_step(const Job& job, std::string_view name);

}  // namespace swamp::spec
