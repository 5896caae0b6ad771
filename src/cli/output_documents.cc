#include "cli/output_documents.h"

#include <fmt/format.h>

#include "app/outputs.h"
#include "base/duration.h"
#include "cli/answer.h"
#include "cli/open_session.h"
#include "render/table.h"
#include "render/time_text.h"

namespace swamp::cli {
namespace {

Value provenance_document(const store::Provenance& provenance) {
  Map document{{"definitionHash", provenance.definition_hash},
               {"modelVersion", provenance.model_version},
               {"triggeredBy", provenance.triggered_by}};
  const auto add = [&](std::string key, const std::string& text) {
    if (!text.empty()) document.set(std::move(key), text);
  };
  add("workflowId", provenance.workflow_id);
  add("workflowRunId", provenance.workflow_run_id);
  add("jobName", provenance.job_name);
  add("stepName", provenance.step_name);
  add("parentOutputId", provenance.parent_output_id);
  add("bundleFingerprint", provenance.bundle_fingerprint);
  add("initiatedBy", provenance.initiated_by);
  return document;
}

Value output_document(const app::Output& output) {
  const store::OutputRecord& record = output.found.record;
  Map document{{"id", record.id}, {"definitionId", record.definition_id}};
  if (!output.model_name.empty()) document.set("modelName", output.model_name);
  document.set("type", output.found.type);
  document.set("methodName", record.method);
  document.set("status", std::string(store::to_string(record.status)));
  document.set("startedAt", to_iso8601(record.started_at));
  if (record.completed_at) document.set("completedAt", to_iso8601(*record.completed_at));
  if (record.duration_ms) document.set("durationMs", *record.duration_ms);
  document.set("retryCount", record.retry_count);
  document.set("provenance", provenance_document(record.provenance));
  List artifacts;
  for (const store::ArtifactRef& artifact : record.artifacts) {
    artifacts.push_back(artifact.to_value());
  }
  document.set("artifacts", Map{{"dataArtifacts", std::move(artifacts)}});
  if (record.error) {
    Map error{{"message", record.error->message}};
    if (!record.error->stack.empty()) error.set("stack", record.error->stack);
    document.set("error", std::move(error));
  }
  if (!record.log_file.empty()) document.set("logFile", record.log_file);
  return document;
}

Map outputs_document(std::string_view query, const app::OutputList& list) {
  List rows;
  for (const app::Output& output : list.outputs) {
    const store::OutputRecord& record = output.found.record;
    Map row{{"id", record.id}, {"definitionId", record.definition_id}};
    if (!output.model_name.empty()) row.set("modelName", output.model_name);
    row.set("type", output.found.type);
    row.set("methodName", record.method);
    row.set("status", std::string(store::to_string(record.status)));
    row.set("startedAt", to_iso8601(record.started_at));
    if (record.duration_ms) row.set("durationMs", *record.duration_ms);
    rows.push_back(std::move(row));
  }
  return Map{{"query", query}, {"results", std::move(rows)}};
}

std::string outputs_text(const Invocation& invocation, const Io& io, const app::OutputList& list,
                         Timestamp now) {
  if (list.outputs.empty()) return "No runs found.\n";
  render::Table table({{"ID"},
                       {"MODEL"},
                       {"METHOD"},
                       {"STATUS"},
                       {"STARTED"},
                       {"TOOK", render::Table::Align::right}});
  for (const app::Output& output : list.outputs) {
    const store::OutputRecord& record = output.found.record;
    table.add({record.id.substr(0, 8),
               output.model_name.empty() ? output.found.type : output.model_name, record.method,
               std::string(store::to_string(record.status)),
               render::when_text(record.started_at, now),
               record.duration_ms ? to_human(std::chrono::milliseconds(*record.duration_ms)) : ""});
  }
  return table_text(invocation, io, table);
}

}  // namespace

Result<ExitCode> run_output_get(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto output,
            app::find_output(*session, invocation.argument("output_id_or_model_name")));
  return answer(invocation, io, output_document(output), "");
}

Result<ExitCode> run_output_search(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const auto query = invocation.find_argument("query").value_or("");
  const auto list = app::search_outputs(*session, query);
  return answer_with(list.warnings, invocation, io, outputs_document(query, list),
                     outputs_text(invocation, io, list, session->clock().now()));
}

}  // namespace swamp::cli
