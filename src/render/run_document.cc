#include "render/run_document.h"

#include <algorithm>

#include "render/error_text.h"
#include "render/json_document.h"

namespace swamp::render {
namespace {

Value text_or_null(const std::string& text) {
  return text.empty() ? Value() : Value(text);
}

/// A clock that somebody set back meanwhile tells nothing.
Value duration_or_null(const std::optional<Timestamp>& from, const std::optional<Timestamp>& to) {
  return from && to ? Value(std::max(std::int64_t{(*to - *from).count()}, std::int64_t{0}))
                    : Value();
}

Value artifacts_document(const std::vector<store::ArtifactRef>& artifacts) {
  List list;
  for (const store::ArtifactRef& artifact : artifacts)
    list.push_back(artifact.to_value());
  return list;
}

Value assertion_or_null(const std::optional<store::AssertResult>& assertion) {
  if (!assertion) return {};
  return without_nulls(Map{{"passed", assertion->passed},
                           {"expr", assertion->expr},
                           {"message", text_or_null(assertion->message)},
                           {"severity", assertion->severity},
                           {"error", text_or_null(assertion->error)}});
}

Value approval_or_null(const std::optional<store::ApprovalDecision>& decision) {
  if (!decision) return {};
  return without_nulls(Map{{"approved", decision->approved},
                           {"decidedBy", decision->decided_by},
                           {"decidedAt", to_iso8601(decision->decided_at)},
                           {"reason", text_or_null(decision->reason)}});
}

Value step_document(const store::StepRecord& step, bool bodies) {
  return without_nulls(
      Map{{"name", step.name},
          {"status", store::to_string(step.status)},
          {"error", text_or_null(step.error)},
          {"duration", duration_or_null(step.started_at, step.completed_at)},
          {"reason", text_or_null(step.reason)},
          {"attempts", step.attempts > 1 ? Value(std::int64_t{step.attempts}) : Value()},
          {"output", bodies ? step.output : Value()},
          {"dataArtifacts", step.artifacts.empty() ? Value() : artifacts_document(step.artifacts)},
          {"allowedFailure", step.allowed_failure ? Value(true) : Value()},
          {"assertResult", assertion_or_null(step.assertion)},
          {"approval", approval_or_null(step.approval)}});
}

Value job_document(const store::JobRecord& job, bool bodies) {
  List steps;
  for (const store::StepRecord& step : job.steps)
    steps.push_back(step_document(step, bodies));
  return without_nulls(Map{{"name", job.name},
                           {"status", store::to_string(job.status)},
                           {"reason", text_or_null(job.reason)},
                           {"steps", std::move(steps)},
                           {"duration", duration_or_null(job.started_at, job.completed_at)}});
}

const std::string* find_tag(const store::ArtifactRef& artifact, std::string_view key) {
  for (const auto& [name, value] : artifact.tags) {
    if (name == key) return &value;
  }
  return nullptr;
}

/// The reports among artifacts, by name and data name. Each report is two artifacts; the one with
/// the text stands for both.
void add_stored_reports(List& list, const std::vector<store::ArtifactRef>& artifacts,
                        std::string_view job, std::string_view step) {
  for (const store::ArtifactRef& artifact : artifacts) {
    const std::string* name = find_tag(artifact, "reportName");
    if (name == nullptr || artifact.name.ends_with("-json")) continue;
    const std::string* scope = find_tag(artifact, "reportScope");
    list.push_back(without_nulls(Map{{"name", *name},
                                     {"scope", scope != nullptr ? Value(*scope) : Value()},
                                     {"success", true},
                                     {"dataName", artifact.name},
                                     {"version", std::int64_t{artifact.version}},
                                     {"job", job.empty() ? Value() : Value(job)},
                                     {"step", step.empty() ? Value() : Value(step)}}));
  }
}

Value told_report(const engine::ReportEnded& report, bool bodies) {
  return without_nulls(Map{{"name", report.name},
                           {"scope", report.scope},
                           {"success", report.success},
                           {"markdown", bodies ? text_or_null(report.markdown) : Value()},
                           {"json", bodies ? report.json : Value()},
                           {"error", text_or_null(report.error)},
                           {"job", report.path ? Value(report.path->job) : Value()},
                           {"step", report.path ? Value(report.path->step) : Value()}});
}

Value reports_document(const store::RunRecord& record, const RunDocumentExtras& extras) {
  List list;
  if (!extras.bodies) {
    for (const store::JobRecord& job : record.jobs) {
      for (const store::StepRecord& step : job.steps)
        add_stored_reports(list, step.artifacts, job.name, step.name);
    }
    add_stored_reports(list, record.workflow_artifacts, {}, {});
  }
  for (const engine::ReportEnded& report : extras.reports) {
    if (extras.bodies || !report.success) list.push_back(told_report(report, extras.bodies));
  }
  return list;
}

/// The first gate that waits for a decision.
Value approval_required(const store::RunRecord& record) {
  if (record.status != store::RunStatus::suspended) return {};
  for (const store::JobRecord& job : record.jobs) {
    for (const store::StepRecord& step : job.steps) {
      if (step.status != store::RunStatus::waiting_approval) continue;
      const bool is_nested = step.output["type"] == Value("workflow");  // the gate is in that run
      return without_nulls(Map{{"stepId", step.name},
                               {"jobId", job.name},
                               {"prompt", text_or_null(step.approval_prompt)},
                               {"nestedWorkflow", is_nested ? step.output["workflow"] : Value()},
                               {"nestedRunId", is_nested ? step.output["runId"] : Value()}});
    }
  }
  return {};
}

}  // namespace

Value run_document(const store::RunRecord& record, const RunDocumentExtras& extras) {
  List jobs;
  for (const store::JobRecord& job : record.jobs)
    jobs.push_back(job_document(job, extras.bodies));
  List warnings(extras.warnings.begin(), extras.warnings.end());
  return without_nulls(Map{
      {"id", record.id},
      {"workflowId", record.workflow_id},
      {"workflowName", record.workflow_name},
      {"inputs", record.inputs},
      {"status", store::to_string(record.status)},
      {"jobs", std::move(jobs)},
      {"duration", duration_or_null(record.started_at, record.completed_at)},
      {"path", text_or_null(extras.path)},
      {"workflowDataArtifacts",
       record.workflow_artifacts.empty() ? Value() : artifacts_document(record.workflow_artifacts)},
      {"initiatedBy", text_or_null(record.initiated_by)},
      {"reports", reports_document(record, extras)},
      {"approvalRequired", approval_required(record)},
      {"warnings", warnings.empty() ? Value() : Value(std::move(warnings))}});
}

}  // namespace swamp::render
