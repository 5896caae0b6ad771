#include "store/run_record.h"

#include <algorithm>

#include "store/field_reader.h"
#include "yaml/write.h"

namespace swamp::store {
namespace {

constexpr std::string_view kStatuses[] = {"pending", "running",   "suspended", "succeeded",
                                          "failed",  "cancelled", "skipped",   "waiting_approval"};

// --- writing ---

template <class Item>
Value list_of(const std::vector<Item>& items) {
  List list;
  list.reserve(items.size());
  for (const Item& item : items)
    list.push_back(item.to_value());
  return list;
}

Value list_of(const std::vector<std::string>& texts) {
  return List(texts.begin(), texts.end());
}

Map with_list(Map head, std::string key, List list, const Map& tail) {
  head.set(std::move(key), std::move(list));
  for (const auto& [name, value] : tail)
    head.set(name, value);
  return head;
}

Value to_value(const ApprovalDecision& decision) {
  Map map{{"approved", decision.approved}};
  set_if(map, "reason", decision.reason);
  set_if(map, "decidedBy", decision.decided_by);
  map.set("decidedAt", to_iso8601(decision.decided_at));
  return map;
}

Value to_value(const AssertResult& result) {
  Map map{{"passed", result.passed},
          {"expr", result.expr},
          {"message", result.message},
          {"severity", result.severity}};
  set_if(map, "error", result.error);
  return map;
}

Value to_value(const StepRecord& step) {
  Map map{{"stepName", step.name}, {"status", to_string(step.status)}};
  set_if(map, "startedAt", step.started_at);
  set_if(map, "completedAt", step.completed_at);
  set_if(map, "error", step.error);
  set_if(map, "output", step.output);
  if (!step.artifacts.empty()) map.set("dataArtifacts", list_of(step.artifacts));
  if (step.allowed_failure) map.set("allowedFailure", true);
  if (step.approval) map.set("approvalDecision", to_value(*step.approval));
  set_if(map, "approvalPrompt", step.approval_prompt);
  if (step.assertion) map.set("assertResult", to_value(*step.assertion));
  set_if(map, "reason", step.reason);
  if (step.attempts > 1) map.set("attempts", std::int64_t{step.attempts});
  set_if(map, "swamp", step.extra);
  return map;
}

// Jobs and runs in the order of the file: what stands before their list, and what behind it.

Map head_of(const JobRecord& job) {
  Map map{{"jobName", job.name}, {"status", to_string(job.status)}};
  set_if(map, "startedAt", job.started_at);
  set_if(map, "completedAt", job.completed_at);
  return map;
}

Map tail_of(const JobRecord& job) {
  Map map;
  set_if(map, "reason", job.reason);
  return map;
}

Value to_value(const JobRecord& job) {
  List steps;
  steps.reserve(job.steps.size());
  for (const StepRecord& step : job.steps)
    steps.push_back(to_value(step));
  return with_list(head_of(job), "steps", std::move(steps), tail_of(job));
}

Value to_value(const StepProgress& progress) {
  return Map{{"completed", std::int64_t{progress.completed}},
             {"total", std::int64_t{progress.total}}};
}

Map head_of(const RunRecord& record) {
  Map map{{"id", record.id},
          {"workflowId", record.workflow_id},
          {"workflowName", record.workflow_name},
          {"status", to_string(record.status)}};
  set_if(map, "startedAt", record.started_at);
  set_if(map, "completedAt", record.completed_at);
  return map;
}

Map tail_of(const RunRecord& record) {
  Map map{{"tags", record.tags.to_value()}};
  set_if(map, "pid", record.pid);
  set_if(map, "logFile", record.log_file);
  if (!record.workflow_artifacts.empty())
    map.set("workflowDataArtifacts", list_of(record.workflow_artifacts));
  if (record.inputs.is_map() && !record.inputs.as_map().empty()) map.set("inputs", record.inputs);
  if (!record.resume_inputs.empty()) map.set("resumeInputs", list_of(record.resume_inputs));
  set_if(map, "initiatedBy", record.initiated_by);
  set_if(map, "instanceId", record.instance_id);
  set_if(map, "triggerSource", record.trigger_source);
  set_if(map, "failedStep", record.failed_step);
  set_if(map, "failureReason", record.failure_reason);
  if (record.step_progress) map.set("stepProgress", to_value(*record.step_progress));
  if (record.expressions) map.set("expressions", list_of(*record.expressions));
  set_if(map, "swamp", record.extra);
  return map;
}

void write_job(yaml::DocumentWriter& document, const JobRecord& job) {
  document.begin_map();
  document.members(head_of(job));
  if (job.steps.empty()) {
    document.member("steps", List());
  } else {
    document.begin_list("steps");
    for (const StepRecord& step : job.steps)
      document.item(to_value(step));
    document.end_list();
  }
  document.members(tail_of(job));
  document.end_map();
}

// --- reading ---

RunStatus status_from(FieldReader& fields) {
  const auto text = fields.text("status");
  const auto status = parse_run_status(text);
  if (!status) fields.refuse("'" + text + "' is no status");
  return status.value_or(RunStatus::pending);
}

std::vector<ArtifactRef> artifacts_from(FieldReader& fields, std::string_view key) {
  std::vector<ArtifactRef> artifacts;
  for (const Value& entry : fields.list(key))
    artifacts.push_back(fields.take(ArtifactRef::from_value(entry)));
  return artifacts;
}

std::vector<std::string> texts_from(FieldReader& fields, std::string_view key) {
  std::vector<std::string> texts;
  for (const Value& entry : fields.list(key)) {
    if (!entry.is_string())
      fields.refuse("'" + std::string(key) + "' holds something that is no text");
    texts.push_back(entry.is_string() ? entry.as_string() : std::string());
  }
  return texts;
}

std::uint32_t count_from(FieldReader& fields, std::string_view key) {
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(fields.integer_if(key).value_or(0), 0, UINT32_MAX));
}

Result<ApprovalDecision> decision_from(const Value& value) {
  FieldReader fields(value, "'approvalDecision'");
  ApprovalDecision decision{.approved = fields.flag("approved", false),
                            .reason = fields.text_if("reason"),
                            .decided_by = fields.text_if("decidedBy"),
                            .decided_at = fields.time_if("decidedAt").value_or(Timestamp{})};
  SWAMP_CHECK(fields.finish());
  return decision;
}

Result<AssertResult> assertion_from(const Value& value) {
  FieldReader fields(value, "'assertResult'");
  AssertResult result{.passed = fields.flag("passed", false),
                      .expr = fields.text_if("expr"),
                      .message = fields.text_if("message"),
                      .severity = fields.text_if("severity"),
                      .error = fields.text_if("error")};
  SWAMP_CHECK(fields.finish());
  return result;
}

Result<StepProgress> progress_from(const Value& value) {
  FieldReader fields(value, "'stepProgress'");
  StepProgress progress{.completed = count_from(fields, "completed"),
                        .total = count_from(fields, "total")};
  SWAMP_CHECK(fields.finish());
  return progress;
}

Result<StepRecord> step_from(const Value& value) {
  FieldReader fields(value, "step");
  StepRecord step;
  step.name = fields.text("stepName");
  step.status = status_from(fields);
  step.started_at = fields.time_if("startedAt");
  step.completed_at = fields.time_if("completedAt");
  step.error = fields.text_if("error");
  step.output = fields.member("output");
  step.artifacts = artifacts_from(fields, "dataArtifacts");
  step.allowed_failure = fields.flag("allowedFailure", false);
  if (const Value& decision = fields.member("approvalDecision"); !decision.is_null()) {
    step.approval = fields.take(decision_from(decision));
  }
  step.approval_prompt = fields.text_if("approvalPrompt");
  if (const Value& result = fields.member("assertResult"); !result.is_null()) {
    step.assertion = fields.take(assertion_from(result));
  }
  step.reason = fields.text_if("reason");
  step.attempts = count_from(fields, "attempts");
  step.extra = fields.member("swamp");
  SWAMP_CHECK(fields.finish());
  return step;
}

Result<JobRecord> job_from(const Value& value) {
  FieldReader fields(value, "job");
  JobRecord job;
  job.name = fields.text("jobName");
  job.status = status_from(fields);
  job.started_at = fields.time_if("startedAt");
  job.completed_at = fields.time_if("completedAt");
  for (const Value& step : fields.list("steps"))
    job.steps.push_back(fields.take(step_from(step)));
  job.reason = fields.text_if("reason");
  SWAMP_CHECK(fields.finish());
  return job;
}

}  // namespace

std::string_view to_string(RunStatus status) {
  return kStatuses[static_cast<std::size_t>(status)];
}

std::optional<RunStatus> parse_run_status(std::string_view text) {
  const auto found = std::find(std::begin(kStatuses), std::end(kStatuses), text);
  if (found == std::end(kStatuses)) return std::nullopt;
  return static_cast<RunStatus>(found - std::begin(kStatuses));
}

bool is_terminal(RunStatus status) {
  return status == RunStatus::succeeded || status == RunStatus::failed ||
         status == RunStatus::cancelled || status == RunStatus::skipped;
}

Value RunRecord::to_value() const {
  List listed;
  for (const JobRecord& job : jobs)
    listed.push_back(store::to_value(job));
  return with_list(head_of(*this), "jobs", std::move(listed), tail_of(*this));
}

std::string RunRecord::to_yaml() const {
  yaml::DocumentWriter document;
  document.members(head_of(*this));
  if (jobs.empty()) {
    document.member("jobs", List());
  } else {
    document.begin_list("jobs");
    for (const JobRecord& job : jobs)
      write_job(document, job);
    document.end_list();
  }
  document.members(tail_of(*this));
  return std::move(document).finish();
}

Result<RunRecord> RunRecord::from_value(const Value& value) {
  FieldReader fields(value, "run record");
  RunRecord record;
  record.id = fields.text("id");
  record.workflow_id = fields.text("workflowId");
  record.workflow_name = fields.text("workflowName");
  record.status = status_from(fields);
  record.started_at = fields.time_if("startedAt");
  record.completed_at = fields.time_if("completedAt");
  for (const Value& job : fields.list("jobs"))
    record.jobs.push_back(fields.take(job_from(job)));
  record.tags = fields.take(Tags::from_value(fields.member("tags")));
  record.pid = fields.integer_if("pid");
  record.log_file = fields.text_if("logFile");
  record.workflow_artifacts = artifacts_from(fields, "workflowDataArtifacts");
  record.inputs = fields.member("inputs");
  record.resume_inputs = texts_from(fields, "resumeInputs");
  record.initiated_by = fields.text_if("initiatedBy");
  record.instance_id = fields.text_if("instanceId");
  record.trigger_source = fields.text_if("triggerSource");
  record.failed_step = fields.text_if("failedStep");
  record.failure_reason = fields.text_if("failureReason");
  if (const Value& progress = fields.member("stepProgress"); !progress.is_null()) {
    record.step_progress = fields.take(progress_from(progress));
  }
  if (!fields.member("expressions").is_null())
    record.expressions = texts_from(fields, "expressions");
  record.extra = fields.member("swamp");
  SWAMP_CHECK(fields.finish());
  return record;
}

void summarize(RunRecord& record) {
  record.failed_step.clear();
  record.failure_reason.clear();
  StepProgress progress;
  for (const JobRecord& job : record.jobs) {
    for (const StepRecord& step : job.steps) {
      ++progress.total;
      progress.completed += is_terminal(step.status) ? 1 : 0;
      const bool is_first_failure =
          record.failed_step.empty() && step.status == RunStatus::failed && !step.allowed_failure;
      if (!is_first_failure) continue;
      record.failed_step = step.name;
      record.failure_reason = step.error;
    }
  }
  record.step_progress = progress;
}

RunSummary summary_of(const RunRecord& record) {
  return {.id = record.id,
          .workflow_id = record.workflow_id,
          .workflow_name = record.workflow_name,
          .status = record.status,
          .started_at = record.started_at,
          .completed_at = record.completed_at,
          .tags = record.tags,
          .inputs = record.inputs,
          .instance_id = record.instance_id,
          .trigger_source = record.trigger_source,
          .failed_step = record.failed_step,
          .failure_reason = record.failure_reason,
          .step_progress = record.step_progress};
}

}  // namespace swamp::store
