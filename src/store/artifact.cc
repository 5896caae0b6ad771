#include "store/artifact.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/duration.h"
#include "store/field_reader.h"
#include "value/json.h"

namespace swamp::store {
namespace {

bool is_latest_word(std::string_view name) {
  constexpr std::string_view kWord = "latest";
  return std::equal(name.begin(), name.end(), kWord.begin(), kWord.end(),
                    [](char a, char b) { return (a | 0x20) == b; });
}

Value to_value(const Owner& owner) {
  Map map;
  set_if(map, "definitionHash", owner.definition_hash);
  map.set("ownerType", owner.type);
  map.set("ownerRef", owner.ref);
  set_if(map, "workflowId", owner.workflow_id);
  set_if(map, "workflowRunId", owner.workflow_run_id);
  set_if(map, "workflowName", owner.workflow_name);
  set_if(map, "jobName", owner.job_name);
  set_if(map, "stepName", owner.step_name);
  set_if(map, "source", owner.source);
  if (owner.attempt > 1) map.set("attempt", std::int64_t{owner.attempt});
  return map;
}

Result<Owner> owner_from(const Value& value) {
  FieldReader fields(value, "'ownerDefinition'");
  Owner owner;
  owner.definition_hash = fields.text_if("definitionHash");
  owner.type = fields.text("ownerType");
  owner.ref = fields.text("ownerRef");
  owner.workflow_id = fields.text_if("workflowId");
  owner.workflow_run_id = fields.text_if("workflowRunId");
  owner.workflow_name = fields.text_if("workflowName");
  owner.job_name = fields.text_if("jobName");
  owner.step_name = fields.text_if("stepName");
  owner.source = fields.text_if("source");
  const auto attempt = fields.integer_if("attempt").value_or(1);
  if (attempt < 1 || attempt > std::numeric_limits<std::int32_t>::max()) {
    fields.refuse("'attempt' of 'ownerDefinition' is out of range");
  }
  SWAMP_CHECK(fields.finish());
  owner.attempt = static_cast<std::uint32_t>(attempt);
  return owner;
}

std::uint32_t version_from(FieldReader& fields) {
  const auto version = fields.integer("version");
  if (version >= 1 && version <= std::numeric_limits<std::int32_t>::max()) {
    return static_cast<std::uint32_t>(version);
  }
  fields.refuse("'version' is out of range");
  return 0;
}

std::optional<std::uint64_t> size_from(FieldReader& fields) {
  const auto size = fields.integer_if("size");
  if (!size) return std::nullopt;
  if (*size < 0) fields.refuse("'size' is negative");
  return static_cast<std::uint64_t>(*size);
}

}  // namespace

// --- Tags ---

Tags::Tags(std::initializer_list<Entry> entries) {
  for (const auto& [name, text] : entries)
    set(name, text);
}

const std::string* Tags::find(std::string_view name) const {
  auto found = std::find_if(entries_.begin(), entries_.end(),
                            [&](const Entry& entry) { return entry.first == name; });
  return found == entries_.end() ? nullptr : &found->second;
}

std::string_view Tags::get(std::string_view name) const {
  const auto* text = find(name);
  return text ? std::string_view(*text) : std::string_view();
}

void Tags::set(std::string name, std::string text) {
  auto found = std::find_if(entries_.begin(), entries_.end(),
                            [&](const Entry& entry) { return entry.first == name; });
  if (found != entries_.end()) {
    found->second = std::move(text);
  } else {
    entries_.emplace_back(std::move(name), std::move(text));
  }
}

void Tags::merge(const Tags& other) {
  for (const auto& [name, text] : other)
    set(name, text);
}

bool Tags::erase(std::string_view name) {
  return std::erase_if(entries_, [&](const Entry& entry) { return entry.first == name; }) != 0;
}

Value Tags::to_value() const {
  Map map;
  map.reserve(entries_.size());
  for (const auto& [name, text] : entries_)
    map.set(name, text);
  return map;
}

Result<Tags> Tags::from_value(const Value& value) {
  if (value.is_null()) return Tags();
  FieldReader fields(value, "'tags'");
  SWAMP_CHECK(fields.finish());
  Tags tags;
  for (const auto& entry : value.as_map())
    tags.entries_.emplace_back(entry.first, fields.text_if(entry.first));
  SWAMP_CHECK(fields.finish());
  return tags;
}

// --- Metadata ---

std::string_view to_string(Lifecycle lifecycle) {
  return lifecycle == Lifecycle::deleted ? "deleted" : "active";
}

bool Metadata::is_text() const {
  return content_type.starts_with("text/") || is_json() || content_type == "application/yaml" ||
         content_type == "application/x-yaml";
}

Value Metadata::to_value() const {
  Map map;
  map.set("id", id);
  map.set("name", name);
  map.set("version", std::int64_t{version});
  map.set("contentType", content_type);
  map.set("lifetime", lifetime);
  map.set("garbageCollection",
          std::visit([](const auto& policy) { return Value(policy); }, retention));
  map.set("streaming", streaming);
  map.set("tags", tags.to_value());
  map.set("ownerDefinition", store::to_value(owner));
  map.set("createdAt", to_iso8601(created_at));
  if (size) map.set("size", static_cast<std::int64_t>(*size));
  set_if(map, "checksum", checksum);
  if (lifecycle == Lifecycle::deleted) map.set("lifecycle", "deleted");
  set_if(map, "renamedTo", renamed_to);
  return map;
}

Result<Metadata> Metadata::from_value(const Value& value) {
  FieldReader fields(value, "metadata");
  Metadata metadata;
  metadata.id = fields.text("id");
  metadata.name = fields.text("name");
  metadata.version = version_from(fields);
  metadata.content_type = fields.text("contentType");
  metadata.lifetime = fields.take(check_lifetime(fields.text("lifetime")));
  metadata.retention = fields.take(parse_retention(fields.member("garbageCollection")));
  metadata.streaming = fields.flag("streaming", false);
  metadata.tags = fields.take(Tags::from_value(fields.member("tags")));
  if (!metadata.tags.find("type")) fields.refuse("metadata has no tag 'type'");
  metadata.owner = fields.take(owner_from(fields.member("ownerDefinition")));
  metadata.created_at = fields.time("createdAt");
  metadata.size = size_from(fields);
  metadata.checksum = fields.text_if("checksum");
  if (fields.text_if("lifecycle") == "deleted") metadata.lifecycle = Lifecycle::deleted;
  metadata.renamed_to = fields.text_if("renamedTo");
  SWAMP_CHECK(fields.finish());
  return metadata;
}

// --- references ---

Value ArtifactRef::to_value() const {
  Map map;
  map.set("dataId", data_id);
  map.set("name", name);
  map.set("version", std::int64_t{version});
  map.set("tags", tags.to_value());
  return map;
}

Result<ArtifactRef> ArtifactRef::from_value(const Value& value) {
  FieldReader fields(value, "data artifact");
  ArtifactRef ref;
  ref.data_id = fields.text("dataId");
  ref.name = fields.text("name");
  ref.version = version_from(fields);
  ref.tags = fields.take(Tags::from_value(fields.member("tags")));
  SWAMP_CHECK(fields.finish());
  return ref;
}

ArtifactRef Artifact::ref() const {
  return {.data_id = metadata.id,
          .name = key.name,
          .version = metadata.version,
          .tags = metadata.tags,
          .type = key.type,
          .model_id = key.model_id,
          .size = metadata.size.value_or(0),
          .checksum = metadata.checksum};
}

// --- rules ---

Result<> check_data_name(std::string_view name) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::invalid_input,
                fmt::format("data name '{}' {}", to_valid_utf8(name), why));
  };
  if (name.empty()) return refuse("is empty");
  if (name == "." || name.find("..") != std::string_view::npos) return refuse("holds '..'");
  if (name.find_first_of(std::string_view("/\\\0", 3)) != std::string_view::npos) {
    return refuse("holds a slash, a backslash or a NUL");
  }
  if (is_latest_word(name)) return refuse("is reserved");
  return {};
}

Result<std::string> check_lifetime(std::string_view lifetime) {
  constexpr std::string_view kWords[] = {"ephemeral", "infinite", "job", "workflow"};
  if (std::find(std::begin(kWords), std::end(kWords), lifetime) != std::end(kWords)) {
    return std::string(lifetime);
  }
  auto age = parse_age(lifetime);
  if (!age) {
    return fail(ErrorCode::invalid_input, fmt::format("'{}' is no lifetime", lifetime),
                "write ephemeral, job, workflow, infinite, or an age such as 30d");
  }
  // The original keeps data of age zero with its run.
  return age->count() == 0 ? std::string("workflow") : std::string(lifetime);
}

Result<> check_retention(const Retention& retention) {
  if (const auto* count = std::get_if<std::int64_t>(&retention)) {
    if (*count >= 1) return {};
    return fail(ErrorCode::invalid_input, fmt::format("{} versions cannot be kept", *count),
                "keep at least 1 version, or give an age such as 30d");
  }
  const auto& text = std::get<std::string>(retention);
  if (auto age = parse_age(text); age && age->count() > 0) return {};
  return fail(ErrorCode::invalid_input, fmt::format("'{}' is no age above zero", text),
              "give a number of versions, or an age such as 30d");
}

Result<Retention> parse_retention(const Value& value) {
  Retention retention;
  if (value.kind() == Value::Kind::int64) {
    retention = value.as_int();
  } else if (value.is_string()) {
    retention = value.as_string();
  } else {
    return fail(
        ErrorCode::invalid_input,
        fmt::format("'garbageCollection' is a {}, not a number or an age", kind_name(value)));
  }
  SWAMP_CHECK(check_retention(retention));
  return retention;
}

}  // namespace swamp::store
