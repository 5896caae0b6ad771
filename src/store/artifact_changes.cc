// What happens to data after it was written: deleted, renamed, removed, made whole again.
#include <algorithm>

#include <fmt/format.h>

#include "os/directory.h"
#include "os/file.h"
#include "store/artifact_store.h"
#include "store/artifact_store_state.h"
#include "store/artifact_tree.h"
#include "store/catalog.h"
#include "value/json.h"
#include "yaml/write.h"

namespace swamp::store {
namespace {

/// The metadata of a marker that follows `last`: same id, tags, lifetime, policy and owner.
Metadata marker_after(const Metadata& last) {
  Metadata marker = last;
  marker.content_type = "application/json";
  marker.streaming = false;
  marker.lifecycle = Lifecycle::deleted;
  marker.renamed_to.clear();
  marker.size.reset();
  marker.checksum.clear();
  return marker;
}

Map json_object(std::string_view content) {
  auto value = parse_json(content);
  return value && value->is_map() ? value->as_map() : Map();
}

std::string versions_text(const std::vector<std::uint32_t>& versions) {
  return fmt::format("versions there are: {}", fmt::join(versions, ", "));
}

tl::unexpected<Error> no_such_data(const ArtifactKey& key) {
  return fail(ErrorCode::not_found, fmt::format("data '{}' does not exist", key.name));
}

}  // namespace

Result<std::optional<Artifact>> ArtifactStore::write_tombstone(const ArtifactKey& key,
                                                               std::string_view by_method) {
  SWAMP_CHECK(check_key(key));
  const auto newest = state_->newest(key);
  if (!newest) return std::nullopt;
  SWAMP_TRY(const auto last, version(key, *newest));
  if (!last || last->metadata.lifecycle == Lifecycle::deleted) return std::nullopt;
  Map state;
  if (last->metadata.is_json()) {
    SWAMP_TRY(const auto bytes, content(*last));
    state = json_object(bytes);
  }
  state.set("deletedAt", to_iso8601(state_->options.clock->now()));
  state.set("deletedByMethod", by_method);
  SWAMP_TRY(auto written,
            state_->write_version(key, marker_after(last->metadata), write_json(state)));
  return written;
}

Result<ArtifactStore::Renamed> ArtifactStore::rename(const ArtifactKey& key,
                                                     std::string_view new_name) {
  SWAMP_CHECK(check_key(key));
  if (key.name == new_name) return fail(ErrorCode::invalid_input, "old and new name are the same");
  SWAMP_CHECK(check_data_name(new_name));
  const auto newest = state_->newest(key);
  if (!newest) return no_such_data(key);
  SWAMP_TRY(auto last, version(key, *newest));
  if (!last) return no_such_data(key);
  if (last->metadata.lifecycle == Lifecycle::deleted) {
    return fail(ErrorCode::conflict,
                fmt::format("data '{}' is already deleted or renamed", key.name));
  }
  const ArtifactKey target{key.type, key.model_id, std::string(new_name)};
  if (const auto there = state_->newest(target)) {
    SWAMP_TRY(const auto taken, version(target, *there));
    if (taken && taken->metadata.lifecycle == Lifecycle::active) {
      return fail(ErrorCode::conflict, fmt::format("data '{}' already exists", new_name));
    }
  }
  SWAMP_TRY(const auto bytes, content(*last));

  Metadata copied = last->metadata;
  copied.id = state_->options.ids->uuid();
  copied.name = new_name;
  SWAMP_TRY(auto copy, state_->write_version(target, std::move(copied), bytes));

  Metadata forward = marker_after(last->metadata);
  forward.renamed_to = new_name;
  Map told;
  told.set("renamedTo", new_name);
  told.set("renamedAt", to_iso8601(state_->options.clock->now()));
  auto marker = state_->write_version(key, std::move(forward), write_json(told));
  if (!marker) {
    (void)remove_version(
        target,
        copy.metadata.version);  // nothing was renamed then; the first error is the one to tell
    return fail(std::move(marker).error());
  }
  return Renamed{.from = *std::move(last), .to = std::move(copy), .marker = *std::move(marker)};
}

Result<std::uint32_t> ArtifactStore::remove(const ArtifactKey& key) {
  SWAMP_CHECK(check_key(key));
  const auto versions = list_versions(state_->folder(key));
  if (versions.empty()) return no_such_data(key);
  // Lowest first: whenever this ends early, `latest` still names a version that exists.
  for (const auto version : versions) {
    SWAMP_CHECK(os::remove_file(state_->folder(key, version) / "metadata.yaml"));
  }
  SWAMP_CHECK(os::remove_tree(state_->folder(key)));
  state_->forget(key);
  if (state_->options.catalog) state_->options.catalog->remove(key);
  return static_cast<std::uint32_t>(versions.size());
}

Result<> ArtifactStore::remove_version(const ArtifactKey& key, std::uint32_t version) {
  SWAMP_CHECK(check_key(key));
  const auto versions = list_versions(state_->folder(key));
  if (versions.empty()) return no_such_data(key);
  if (std::find(versions.begin(), versions.end(), version) == versions.end()) {
    return fail(ErrorCode::not_found,
                fmt::format("version {} of data '{}' does not exist", version, key.name),
                versions_text(versions));
  }
  if (versions.size() == 1) {
    SWAMP_CHECK(remove(key));
    return {};
  }
  if (version == versions.back()) {
    // The marker moves first: it must never name a version that is gone.
    const auto left = versions[versions.size() - 2];
    SWAMP_CHECK(os::write_file_atomically(state_->folder(key) / "latest", std::to_string(left)));
    state_->set_newest(key, left);
  }
  return state_->remove_version_folder(key, version);
}

Result<> ArtifactStore::remove_instance(const Instance& instance) {
  SWAMP_CHECK(check_key({instance.type, instance.model_id, "any"}));
  for (const auto& name : list_names(root(), instance)) {
    SWAMP_CHECK(remove({instance.type, instance.model_id, name}));
  }
  SWAMP_CHECK(os::remove_tree(root() / instance.type / instance.model_id));
  if (state_->options.catalog) state_->options.catalog->remove_instance(instance);
  return {};
}

Result<bool> ArtifactStore::restore(const Artifact& artifact, std::string_view bytes) {
  SWAMP_CHECK(check_key(artifact.key));
  const auto path = content_path(artifact);
  SWAMP_CHECK(os::make_directories(path.parent_path()));
  SWAMP_TRY(const auto there, os::read_file_if_there(path));
  const bool is_good = there && *there == bytes;
  if (!is_good) SWAMP_CHECK(os::write_file_atomically(path, bytes));
  SWAMP_TRY(const bool changed, restore_metadata(artifact));
  if (!is_good && !changed) state_->published(artifact, bytes);
  return changed || !is_good;
}

Result<bool> ArtifactStore::restore_metadata(const Artifact& artifact) {
  SWAMP_CHECK(check_key(artifact.key));
  const auto folder = state_->folder(artifact.key, artifact.metadata.version);
  auto there = read_metadata(folder);
  const bool is_good = there && *there && **there == artifact.metadata;
  if (!is_good) {
    SWAMP_CHECK(os::write_file_atomically(folder / "metadata.yaml",
                                          yaml::write(artifact.metadata.to_value())));
  }
  std::string bytes;
  if (artifact.metadata.is_json()) bytes = content(artifact).value_or(std::string{});
  state_->published(artifact, bytes);  // the marker may be behind even where the files are good
  return !is_good;
}

}  // namespace swamp::store
