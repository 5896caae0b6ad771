#include "engine/method_context.h"

#include <fmt/format.h>

#include "engine/method_sensitive.h"
#include "store/journal.h"
#include "value/json.h"

namespace swamp::engine {
namespace {

void set_all(store::Tags& tags, const std::vector<std::pair<std::string, std::string>>& more) {
  for (const auto& [name, text] : more) {
    tags.set(name, text);
  }
}

/// The override of a list that is for `spec`, or null.
const spec::DataOutputOverride* find_override(const MethodCall& call, std::string_view spec) {
  for (const auto& one : call.overrides) {
    if (one.spec_name == spec) return &one;
  }
  return nullptr;
}

/// What the step says about an output, else what the definition says: the step's word replaces it
/// whole.
const spec::OutputPolicy* find_policy(const MethodCall& call, std::string_view spec) {
  if (const auto* override_of_step = find_override(call, spec)) return &override_of_step->policy;
  if (call.definition == nullptr) return nullptr;
  for (const auto& resource : call.definition->resources) {
    if (resource.spec_name == spec) return &resource.policy;
  }
  return nullptr;
}

class RedactorFilter final : public model::StreamFilter {
 public:
  explicit RedactorFilter(const vault::Redactor& redactor) : redactor_(redactor) {}
  std::string feed(std::string_view bytes) override { return redactor_.feed(bytes); }
  std::string finish() override { return redactor_.finish(); }

 private:
  vault::StreamRedactor redactor_;
};

}  // namespace

store::Tags provenance_tags(const Provenance& provenance) {
  store::Tags tags;
  set_all(tags, provenance.workflow_tags);
  if (!provenance.run_id.empty()) {
    tags.set("source", "step-output");
    tags.set("workflow", provenance.workflow_name);
    tags.set("workflowId", provenance.workflow_id);
    tags.set("workflowRunId", provenance.run_id);
    tags.set("job", provenance.job);
    tags.set("step", provenance.step);
  }
  if (!provenance.initiated_by.empty()) tags.set("initiatedBy", provenance.initiated_by);
  set_all(tags, provenance.runtime_tags);
  return tags;
}

/// A file of the store seen as the method's writer; remembers what was written, for the journal.
class CallContext::ContextFile final : public model::FileWriter {
 public:
  ContextFile(CallContext& context, std::string spec, std::unique_ptr<store::StreamWriter> file)
      : context_(context), spec_(std::move(spec)), file_(std::move(file)) {}

  Result<> append(std::string_view bytes) override {
    if (small_ && content_.size() + bytes.size() <= store::kWholeContentLimit) {
      content_ += bytes;
    } else {
      small_ = false;
      content_.clear();
    }
    return file_->append(bytes);
  }

  Result<model::Handle> finalize() override {
    SWAMP_TRY(auto artifact, file_->finalize());
    model::Handle handle{.name = artifact.metadata.name,
                         .spec_name = spec_,
                         .kind = model::Handle::Kind::file,
                         .data_id = artifact.metadata.id,
                         .version = static_cast<int>(artifact.metadata.version),
                         .size = artifact.metadata.size.value_or(0)};
    context_.written_.push_back({std::move(artifact), std::move(content_)});
    return handle;
  }

 private:
  CallContext& context_;
  std::string spec_;
  std::unique_ptr<store::StreamWriter> file_;
  std::string content_;
  bool small_ = true;
};

CallContext::CallContext(const MethodCall& call, MethodServices& services, TypeSchemas& schemas,
                         MethodListener& listener)
    : call_(call), services_(services), schemas_(schemas), listener_(listener) {}

Task<model::Handle> CallContext::write_resource(std::string spec, std::string name, Value data,
                                                model::WriteOptions options) {
  const model::ResourceSpec* declared = call_.type->find_resource(spec);
  if (declared == nullptr) {
    co_return fail(ErrorCode::invalid_input,
                   fmt::format("undeclared resource spec '{}' in model type '{}'", spec,
                               call_.type->normalized));
  }
  const KnownSchema& known = schemas_.of(call_.type, declared->schema);
  report_schema_mismatch(*declared, known, name, data, listener_);
  SWAMP_CO_TRY(auto policy, policy_of(spec, "resource", declared->lifetime,
                                      declared->garbage_collection, declared->tags, options));
  store::Draft draft{.key = {call_.instance.type, call_.instance.id, data_name(spec, name)},
                     .lifetime = std::move(policy.lifetime),
                     .retention = std::move(policy.retention),
                     .tags = std::move(policy.tags),
                     .owner = owner()};
  // The number of the version is part of the keys of its secrets, so it is claimed before the
  // content is known.
  const auto sensitive = sensitive_fields(*declared, known, data);
  std::unique_ptr<store::StreamWriter> file;
  if (!sensitive.empty()) {
    SWAMP_CO_TRY(file, services_.artifacts.begin_stream(draft));
    SWAMP_CO_TRY(data, co_await keep_sensitive_fields(*declared, name, policy.vault,
                                                      file->version(), std::move(data)));
  }
  std::string content = write_json(services_.redactor.mask_leaves(data));
  store::Artifact artifact;
  if (file != nullptr) {
    SWAMP_CO_CHECK(file->append(content));
    SWAMP_CO_TRY(artifact, file->finalize());
  } else {
    draft.content = content;
    SWAMP_CO_TRY(artifact, services_.artifacts.write(draft));
  }
  model::Handle handle{.name = artifact.metadata.name,
                       .spec_name = std::move(spec),
                       .data_id = artifact.metadata.id,
                       .version = static_cast<int>(artifact.metadata.version),
                       .size = content.size()};
  if (content.size() > store::kWholeContentLimit) content.clear();
  written_.push_back({std::move(artifact), std::move(content)});
  co_return handle;
}

Result<std::unique_ptr<model::FileWriter>> CallContext::open_file(std::string_view spec,
                                                                  std::string_view name,
                                                                  model::WriteOptions options) {
  const model::FileSpec* declared = call_.type->find_file(spec);
  if (declared == nullptr) {
    return fail(
        ErrorCode::invalid_input,
        fmt::format("undeclared file spec '{}' in model type '{}'", spec, call_.type->normalized));
  }
  SWAMP_TRY(auto policy, policy_of(spec, "file", declared->lifetime, declared->garbage_collection,
                                   declared->tags, options));
  const store::Draft draft{.key = {call_.instance.type, call_.instance.id, data_name(spec, name)},
                           .content_type = declared->content_type,
                           .lifetime = std::move(policy.lifetime),
                           .retention = std::move(policy.retention),
                           .streaming = declared->streaming,
                           .tags = std::move(policy.tags),
                           .owner = owner()};
  SWAMP_TRY(auto file, services_.artifacts.begin_stream(draft));
  return std::make_unique<ContextFile>(*this, std::string(spec), std::move(file));
}

Result<std::optional<Value>> CallContext::read_resource(std::string_view name) {
  const store::ArtifactKey key{call_.instance.type, call_.instance.id, std::string(name)};
  SWAMP_TRY(auto artifact, services_.artifacts.latest(key));
  if (!artifact || !artifact->metadata.is_json()) return std::optional<Value>();
  SWAMP_TRY(auto content, services_.artifacts.content(*artifact));
  SWAMP_TRY(auto value, parse_json(content, name));
  return std::optional<Value>(std::move(value));
}

void CallContext::output(driver::Chunk::Stream stream, std::string_view line) {
  listener_.on_output(stream, line);
}

std::unique_ptr<model::StreamFilter> CallContext::redactor() const {
  return std::make_unique<RedactorFilter>(services_.redactor);
}

Task<Value> CallContext::run_model(model::ModelCall call) {
  if (services_.callers == nullptr) {
    co_return fail(ErrorCode::invalid_input, fmt::format("cannot run '{}' from here", call.model));
  }
  co_return co_await services_.callers->call(std::move(call), call_, listener_);
}

Timestamp CallContext::now() const {
  return services_.clock.now();
}

Result<> CallContext::write_report(std::string name, std::string content_type, std::string content,
                                   store::Tags tags, std::vector<WrittenArtifact>& into) {
  const store::Draft draft{.key = {call_.instance.type, call_.instance.id, std::move(name)},
                           .content = content,
                           .content_type = std::move(content_type),
                           .lifetime = "30d",
                           .retention = std::int64_t{5},
                           .tags = std::move(tags),
                           .owner = {.ref = call_.instance.id}};
  SWAMP_TRY(auto artifact, services_.artifacts.write(draft));
  if (content.size() > store::kWholeContentLimit) content.clear();
  into.push_back({std::move(artifact), std::move(content)});
  return {};
}

Result<CallContext::Policy> CallContext::policy_of(
    std::string_view spec, std::string_view kind, std::string lifetime, Value retention,
    const std::vector<std::pair<std::string, std::string>>& spec_tags,
    const model::WriteOptions& options) const {
  Policy policy;
  if (options.lifetime) lifetime = *options.lifetime;
  if (options.garbage_collection) retention = *options.garbage_collection;
  if (const auto* said = find_policy(call_, spec)) {
    if (said->lifetime) lifetime = *said->lifetime;
    if (!said->garbage_collection.is_null()) retention = said->garbage_collection;
    policy.vault = said->vault_name.value_or("");
  }
  SWAMP_TRY(policy.lifetime, store::check_lifetime(lifetime));
  SWAMP_TRY(policy.retention, store::parse_retention(retention));
  policy.tags = tags_of(kind, spec, spec_tags, options);
  return policy;
}

store::Tags CallContext::tags_of(std::string_view kind, std::string_view spec,
                                 const std::vector<std::pair<std::string, std::string>>& spec_tags,
                                 const model::WriteOptions& options) const {
  store::Tags tags;
  tags.set("type", std::string(kind));
  if (call_.definition != nullptr && call_.definition->tags.value().is_map()) {
    for (const auto& [name, text] : call_.definition->tags.value().as_map()) {
      if (text.is_string()) tags.set(name, text.as_string());
    }
  }
  set_all(tags, spec_tags);
  set_all(tags, options.tags);
  tags.set("specName", std::string(spec));
  tags.set("modelName", call_.instance.name);
  tags.merge(provenance_tags(call_.provenance));
  if (const auto* said = find_override(call_, spec);
      said != nullptr && said->tags.value().is_map()) {
    for (const auto& [name, text] : said->tags.value().as_map()) {
      if (text.is_string()) tags.set(name, text.as_string());
    }
  }
  return tags;
}

store::Owner CallContext::owner() const {
  const Provenance& from = call_.provenance;
  store::Owner owner{.ref = call_.instance.id};
  if (from.run_id.empty()) return owner;
  owner.workflow_id = from.workflow_id;
  owner.workflow_run_id = from.run_id;
  owner.workflow_name = from.workflow_name;
  owner.job_name = from.job;
  owner.step_name = from.step;
  owner.source = "step-output";
  owner.attempt = static_cast<std::uint32_t>(from.attempt);
  return owner;
}

/// What the values that an output varies by become in its names.
std::string CallContext::vary_suffix(std::string_view spec) const {
  const auto* said = find_override(call_, spec);
  return said == nullptr || said->vary.empty() ? std::string() : said->vary.front();
}

std::string CallContext::data_name(std::string_view spec, std::string_view name) const {
  const std::string suffix = vary_suffix(spec);
  return suffix.empty() ? std::string(name) : fmt::format("{}-{}", name, suffix);
}

Task<Value> CallContext::keep_sensitive_fields(const model::ResourceSpec& spec, std::string name,
                                               std::string vault, std::uint32_t version,
                                               Value data) {
  for (const SensitiveSpot& spot : sensitive_fields(spec, data)) {
    const Value* value = spec::find_at(data, spot.pointer);
    vault::SensitiveField field{.type = call_.instance.type,
                                .model_id = call_.instance.id,
                                .method = call_.method,
                                .spec = spec.name,
                                .instance = name,
                                .vary = vary_suffix(spec.name),
                                .version = version,
                                .path = spot.path,
                                .fixed_key = spot.vault_key};
    const std::string& wanted =
        spot.vault_name ? *spot.vault_name : (!vault.empty() ? vault : spec.vault_name);
    if (!wanted.empty()) field.vault = wanted;
    services_.redactor.add_leaves(*value);
    SWAMP_CO_TRY(auto reference, co_await services_.vaults.put_sensitive(field, *value));
    listener_.on_notice(
        "vault_secret_stored",
        fmt::format("'{}' of '{}' is kept in vault '{}'", spot.path, name, reference.vault),
        Map{{"fieldPath", spot.path}, {"vaultName", reference.vault}, {"vaultKey", reference.key}});
    spec::set_at(data, spot.pointer, reference.to_string());
  }
  co_return data;
}

}  // namespace swamp::engine
