#include "engine/method_record.h"

#include "os/hash.h"
#include "os/process_info.h"
#include "value/json.h"

namespace swamp::engine {
namespace {

store::OutputStatus status_of(const MethodOutcome& outcome) {
  if (outcome.succeeded) return store::OutputStatus::succeeded;
  return outcome.reason == "cancelled" ? store::OutputStatus::cancelled
                                       : store::OutputStatus::failed;
}

}  // namespace

ArtifactInfo info_of(const WrittenArtifact& written) {
  const store::Metadata& metadata = written.artifact.metadata;
  ArtifactInfo info{.data_id = metadata.id,
                    .name = metadata.name,
                    .version = static_cast<int>(metadata.version),
                    .model_name = std::string(metadata.tags.get("modelName")),
                    .spec_name = std::string(metadata.tags.get("specName")),
                    .kind = std::string(metadata.tags.get("type")),
                    .size = metadata.size.value_or(0)};
  if (metadata.is_json() && !written.content.empty()) {
    if (auto attributes = parse_json(written.content)) info.attributes = *std::move(attributes);
  }
  return info;
}

std::string definition_hash(const MethodCall& call) {
  Map document;
  if (call.definition != nullptr && call.definition->document.is_map()) {
    document = call.definition->document.as_map();
    document.erase("type");
    document.erase("typeVersion");
  } else {
    document.set("id", call.instance.id);
    document.set("name", call.instance.name);
    document.set("version", 1);
    document.set("tags", Map{});
    document.set("globalArguments", redacted(call.global_arguments));
    document.set("methods", Map{});
  }
  return os::sha256_hex(write_canonical_json(document));
}

store::OutputRecord record_of_call(const MethodCall& call, Timestamp started_at) {
  store::OutputRecord record{.definition_id = call.instance.id,
                             .method = call.method,
                             .started_at = started_at,
                             .retry_count = call.provenance.attempt - 1,
                             .log_file = call.log_file,
                             .pid = os::process_id()};
  record.provenance = {.definition_hash = definition_hash(call),
                       .model_version = call.type->version,
                       .triggered_by = call.provenance.triggered_by,
                       .workflow_id = call.provenance.workflow_id,
                       .workflow_run_id = call.provenance.run_id,
                       .step_name = call.provenance.step,
                       .initiated_by = call.provenance.initiated_by,
                       .job_name = call.provenance.job,
                       .attempt = static_cast<std::uint32_t>(call.provenance.attempt)};
  return record;
}

Result<> write_output_record(const MethodCall& call, MethodServices& services, Timestamp started_at,
                             const MethodOutcome& outcome) {
  store::OutputRecord record = record_of_call(call, started_at);
  record.id = outcome.output_id;
  record.status = status_of(outcome);
  record.completed_at = started_at + outcome.duration;
  record.duration_ms = outcome.duration.count();
  for (const WrittenArtifact& written : outcome.written) {
    record.artifacts.push_back(written.artifact.ref());
  }
  if (outcome.error) record.error = store::OutputRecord::Failure{.message = outcome.error->message};
  auto path = services.outputs.write(call.instance.type, record);
  if (!path) return fail(std::move(path).error());
  return {};
}

}  // namespace swamp::engine
