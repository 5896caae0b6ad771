// What a journal says about artifacts, and how they are made whole again from it.
#include <set>

#include <fmt/format.h>

#include "base/base64.h"
#include "os/directory.h"
#include "os/file.h"
#include "store/artifact_store.h"
#include "store/field_reader.h"
#include "store/journal.h"
#include "value/json.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

/// Nothing but the whole content may ever take the place of a file.
bool is_whole(const Artifact& artifact, std::string_view content) {
  return artifact.metadata.size.value_or(content.size()) == content.size();
}

}  // namespace

Value to_journal(const Artifact& artifact, std::string_view content) {
  Map entry;
  entry.set("type", artifact.key.type);
  entry.set("modelId", artifact.key.model_id);
  entry.set("metadata", artifact.metadata.to_value());
  if (content.size() <= kWholeContentLimit && is_whole(artifact, content)) {
    if (is_valid_utf8(content)) {
      entry.set("text", content);
    } else {
      entry.set("base64", base64_encode(content));
    }
  }
  return entry;
}

namespace {

constexpr std::string_view kWhat = "artifact of a journal";

Artifact journaled_artifact(FieldReader& fields) {
  Artifact artifact{.key = {.type = fields.text("type"), .model_id = fields.text("modelId")}};
  artifact.metadata = fields.take(Metadata::from_value(fields.member("metadata")));
  artifact.key.name = artifact.metadata.name;
  return artifact;
}

/// Without its content.
Result<Artifact> version_from_journal(const Value& entry) {
  FieldReader fields(entry, kWhat);
  Artifact artifact = journaled_artifact(fields);
  SWAMP_CHECK(fields.finish());
  return artifact;
}

}  // namespace

Result<JournaledArtifact> from_journal(const Value& entry) {
  FieldReader fields(entry, kWhat);
  JournaledArtifact found{.artifact = journaled_artifact(fields)};
  if (const Value& text = entry["text"]; text.is_string()) found.content = text.as_string();
  if (const Value& base64 = entry["base64"]; base64.is_string()) {
    found.content = base64_decode_canonical(base64.as_string());
    if (!found.content) fields.refuse("content in a journal is no base64");
  }
  SWAMP_CHECK(fields.finish());
  if (found.content && !is_whole(found.artifact, *found.content)) found.content.reset();
  return found;
}

Result<ArtifactRef> ref_from_journal(const Value& entry) {
  SWAMP_TRY(const auto artifact, version_from_journal(entry));
  return artifact.ref();
}

namespace {

/// What `read` makes of each entry of the lists of versions.
template <class T, class Read>
Result<std::vector<T>> read_entries(const List& records, Read read) {
  std::vector<T> all;
  for (const Value& record : records) {
    for (const std::string_view key : {"artifacts", "reports"}) {
      const Value& artifacts = record[key];
      if (!artifacts.is_list()) continue;
      for (const Value& entry : artifacts.as_list()) {
        SWAMP_TRY(auto one, read(entry));
        all.push_back(std::move(one));
      }
    }
  }
  return all;
}

}  // namespace

Result<std::vector<JournaledArtifact>> journaled_artifacts(const List& records) {
  return read_entries<JournaledArtifact>(records, from_journal);
}

Result<std::vector<Artifact>> journaled_versions(const List& records) {
  return read_entries<Artifact>(records, version_from_journal);
}

namespace {

Result<> recover_one(const JournaledArtifact& item, ArtifactStore& artifacts, Missing missing,
                     Recovery& recovery) {
  const bool is_there = os::exists(artifacts.content_path(item.artifact).parent_path());
  if (!is_there && missing == Missing::removed) return {};
  if (item.content) {
    SWAMP_TRY(const bool changed, artifacts.restore(item.artifact, *item.content));
    if (changed) recovery.restored.push_back(item.artifact);
    return {};
  }
  SWAMP_TRY(const auto check, artifacts.verify(item.artifact));
  if (check != ArtifactStore::Check::good && check != ArtifactStore::Check::no_checksum) {
    recovery.lost.push_back(item.artifact);
    return {};
  }
  SWAMP_TRY(const bool changed, artifacts.restore_metadata(item.artifact));
  if (changed) recovery.restored.push_back(item.artifact);
  return {};
}

}  // namespace

Result<Recovery> recover(const List& records, ArtifactStore& artifacts, Missing missing) {
  SWAMP_TRY(const auto items, journaled_artifacts(records));
  Recovery recovery;
  std::set<Instance> instances;
  for (const JournaledArtifact& item : items) {
    // What ends with its run lies in the run's own folder, never in the repository's data.
    if (item.artifact.metadata.lifetime == "ephemeral") continue;
    SWAMP_CHECK(recover_one(item, artifacts, missing, recovery));
    instances.insert(item.artifact.key.instance());
  }
  recovery.instances.assign(instances.begin(), instances.end());
  SWAMP_CHECK(artifacts.flush());
  return recovery;
}

}  // namespace swamp::store
