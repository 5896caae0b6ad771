#include "store/output_record.h"

#include <algorithm>

#include "store/field_reader.h"

namespace swamp::store {
namespace {

constexpr std::string_view kStatuses[] = {"pending", "running", "succeeded", "failed", "cancelled"};

Value to_value(const Provenance& from) {
  Map map;
  set_if(map, "definitionHash", from.definition_hash);
  set_if(map, "modelVersion", from.model_version);
  map.set("triggeredBy", from.triggered_by);
  set_if(map, "workflowId", from.workflow_id);
  set_if(map, "workflowRunId", from.workflow_run_id);
  set_if(map, "stepName", from.step_name);
  set_if(map, "parentOutputId", from.parent_output_id);
  set_if(map, "callerExtension", from.caller_extension);
  set_if(map, "initiatedBy", from.initiated_by);
  set_if(map, "bundleFingerprint", from.bundle_fingerprint);
  set_if(map, "jobName", from.job_name);
  if (from.attempt > 1) map.set("attempt", std::int64_t{from.attempt});
  return map;
}

Result<Provenance> provenance_from(const Value& value) {
  FieldReader fields(value, "'provenance'");
  Provenance from{.definition_hash = fields.text_if("definitionHash"),
                  .model_version = fields.text_if("modelVersion"),
                  .triggered_by = fields.text_if("triggeredBy"),
                  .workflow_id = fields.text_if("workflowId"),
                  .workflow_run_id = fields.text_if("workflowRunId"),
                  .step_name = fields.text_if("stepName"),
                  .parent_output_id = fields.text_if("parentOutputId"),
                  .caller_extension = fields.text_if("callerExtension"),
                  .initiated_by = fields.text_if("initiatedBy"),
                  .bundle_fingerprint = fields.text_if("bundleFingerprint"),
                  .job_name = fields.text_if("jobName")};
  from.attempt = static_cast<std::uint32_t>(
      std::max<std::int64_t>(1, fields.integer_if("attempt").value_or(1)));
  SWAMP_CHECK(fields.finish());
  return from;
}

Result<std::vector<ArtifactRef>> artifacts_from(const Value& value) {
  if (value.is_null()) return std::vector<ArtifactRef>{};
  FieldReader fields(value, "'artifacts'");
  std::vector<ArtifactRef> artifacts;
  for (const Value& entry : fields.list("dataArtifacts")) {
    artifacts.push_back(fields.take(ArtifactRef::from_value(entry)));
  }
  SWAMP_CHECK(fields.finish());
  return artifacts;
}

Result<OutputRecord::Failure> failure_from(const Value& value) {
  FieldReader fields(value, "'error'");
  OutputRecord::Failure failure{.message = fields.text_if("message"),
                                .stack = fields.text_if("stack")};
  SWAMP_CHECK(fields.finish());
  return failure;
}

}  // namespace

std::string_view to_string(OutputStatus status) {
  return kStatuses[static_cast<std::size_t>(status)];
}

std::optional<OutputStatus> parse_output_status(std::string_view text) {
  const auto found = std::find(std::begin(kStatuses), std::end(kStatuses), text);
  if (found == std::end(kStatuses)) return std::nullopt;
  return static_cast<OutputStatus>(found - std::begin(kStatuses));
}

Value OutputRecord::to_value() const {
  Map map;
  map.set("id", id);
  map.set("definitionId", definition_id);
  map.set("methodName", method);
  map.set("status", to_string(status));
  map.set("startedAt", to_iso8601(started_at));
  map.set("retryCount", retry_count);
  map.set("provenance", store::to_value(provenance));
  List listed;
  for (const ArtifactRef& artifact : artifacts)
    listed.push_back(artifact.to_value());
  map.set("artifacts", Map{{"dataArtifacts", std::move(listed)}});
  set_if(map, "completedAt", completed_at);
  set_if(map, "durationMs", duration_ms);
  if (error) {
    Map told{{"message", error->message}};
    set_if(told, "stack", error->stack);
    map.set("error", std::move(told));
  }
  set_if(map, "logFile", log_file);
  set_if(map, "pid", pid);
  return map;
}

Result<OutputRecord> OutputRecord::from_value(const Value& value) {
  FieldReader fields(value, "output record");
  OutputRecord record;
  record.id = fields.text("id");
  record.definition_id = fields.text("definitionId");
  record.method = fields.text("methodName");
  const auto status = parse_output_status(fields.text("status"));
  if (!status) fields.refuse("'status' of output record is none that there is");
  record.status = status.value_or(OutputStatus::failed);
  record.started_at = fields.time("startedAt");
  record.retry_count = fields.integer_if("retryCount").value_or(0);
  if (!fields.member("provenance").is_null())
    record.provenance = fields.take(provenance_from(fields.member("provenance")));
  record.artifacts = fields.take(artifacts_from(fields.member("artifacts")));
  record.completed_at = fields.time_if("completedAt");
  record.duration_ms = fields.integer_if("durationMs");
  if (!fields.member("error").is_null())
    record.error = fields.take(failure_from(fields.member("error")));
  record.log_file = fields.text_if("logFile");
  record.pid = fields.integer_if("pid");
  SWAMP_CHECK(fields.finish());
  return record;
}

}  // namespace swamp::store
