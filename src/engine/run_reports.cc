#include "engine/run_reports.h"

#include <fmt/format.h>

#include "engine/report_choice.h"
#include "report/report.h"
#include "report/stored_report.h"
#include "store/journal.h"
#include "value/text_of.h"

namespace swamp::engine {
namespace {

/// What kind of task a step had, as its record tells it.
std::string kind_of(const store::StepRecord& step) {
  if (step.assertion) return "assert";
  if (step.approval || !step.approval_prompt.empty()) return "manual_approval";
  const std::string kind = text_of(step.output["type"]);
  return kind.empty() ? "step" : kind;
}

report::StepRun step_of(const store::JobRecord& job, const store::StepRecord& step) {
  report::StepRun run{.job = job.name,
                      .step = step.name,
                      .model_name = text_of(step.output["model"]),
                      .model_type = text_of(step.output["modelType"]),
                      .method = text_of(step.output["method"]),
                      .kind = kind_of(step)};
  run.ending = step.status == store::RunStatus::succeeded ? report::Ending::succeeded
               : step.status == store::RunStatus::failed  ? report::Ending::failed
                                                          : report::Ending::skipped;
  for (const store::ArtifactRef& artifact : step.artifacts) {
    if (artifact.tags.get("type") != "report") run.data.push_back(artifact.name);
  }
  return run;
}

report::WorkflowRun run_of(const store::RunRecord& record, RunStatus status) {
  report::WorkflowRun run{.status = std::string(to_string(status)),
                          .workflow_id = record.workflow_id,
                          .run_id = record.id,
                          .workflow_name = record.workflow_name,
                          .inputs = record.inputs.is_null() ? Value(Map()) : record.inputs};
  for (const store::JobRecord& job : record.jobs) {
    for (const store::StepRecord& step : job.steps) {
      run.steps.push_back(step_of(job, step));
    }
  }
  return run;
}

Result<> keep(const std::string& name, const store::RunRecord& record, const report::Report& made,
              store::Artifacts& artifacts, RunReports& reports) {
  for (report::StoredReport& half :
       report::stored_report(name, report::Scope::workflow, "", made)) {
    store::Draft draft{.key = {"workflow", record.workflow_id, half.metadata.name},
                       .content = std::move(half.content),
                       .content_type = half.metadata.content_type,
                       .lifetime = half.metadata.lifetime,
                       .retention = half.metadata.retention,
                       .tags = half.metadata.tags,
                       .owner = {.ref = record.workflow_id}};
    SWAMP_TRY(auto artifact, artifacts.write(draft));
    if (draft.content.size() > store::kWholeContentLimit) draft.content.clear();
    reports.written.push_back({std::move(artifact), std::move(draft.content)});
  }
  reports.ended.push_back({.name = name,
                           .scope = "workflow",
                           .success = true,
                           .built_in = true,
                           .markdown = made.markdown,
                           .json = made.json});
  return {};
}

}  // namespace

Result<RunReports> make_run_reports(const spec::Workflow& workflow, const store::RunRecord& record,
                                    RunStatus status, const Selection& selection,
                                    store::Artifacts& artifacts) {
  const auto known = report::builtin_reports();
  const auto selected =
      report::select_reports(known, {}, report::Scope::workflow, "", report_rules(workflow.reports),
                             report_flags(selection));
  RunReports reports;
  for (const std::string& name : selected.missing) {
    reports.required_failed = true;
    reports.ended.push_back({.name = name,
                             .scope = "workflow",
                             .error = fmt::format("required report '{}' is not known", name)});
  }
  const report::WorkflowRun run = run_of(record, status);
  for (const report::Choice& choice : selected.run) {
    const bool is_summary = choice.name == "@swamp/workflow-summary";
    const report::Report made =
        is_summary ? report::workflow_summary(run) : report::verification_attestation(run);
    SWAMP_CHECK(keep(choice.name, record, made, artifacts, reports));
  }
  return reports;
}

}  // namespace swamp::engine
