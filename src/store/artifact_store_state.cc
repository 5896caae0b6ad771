#include "store/artifact_store_state.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>

#include <fmt/format.h>

#include "os/directory.h"
#include "os/file.h"
#include "os/hash.h"
#include "os/system_error.h"
#include "store/artifact_tree.h"
#include "store/catalog.h"
#include "yaml/write.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

constexpr int kMostCollisions = 1000;
constexpr std::size_t kCatalogued = 64 * 1024;

std::string path_of(const ArtifactKey& key) {
  return fmt::format("{}/{}/{}", key.type, key.model_id, key.name);
}

bool is_folder_name(std::string_view part) {
  return !part.empty() && part != "." && part != ".." &&
         part.find_first_of(std::string_view("/\\\0", 3)) == part.npos;
}

}  // namespace

bool is_safe(const ArtifactKey& key) {
  if (!is_folder_name(key.model_id) || !check_data_name(key.name)) return false;
  std::string_view rest = key.type;
  for (;;) {
    const auto slash = rest.find('/');
    if (!is_folder_name(rest.substr(0, slash))) return false;
    if (slash == rest.npos) return true;
    rest.remove_prefix(slash + 1);
  }
}

Result<> check_key(const ArtifactKey& key) {
  SWAMP_CHECK(check_data_name(key.name));
  if (is_safe(key)) return {};
  return fail(ErrorCode::invalid_input,
              fmt::format("'{}/{}' is no model instance", key.type, key.model_id));
}

std::string catalogued_content(const Metadata& metadata, std::string_view content) {
  const bool wanted = metadata.is_json() && content.size() <= kCatalogued;
  return wanted ? std::string(content) : std::string();
}

fs::path ArtifactStore::State::folder(const ArtifactKey& key) const {
  return options.root / key.type / key.model_id / key.name;
}

fs::path ArtifactStore::State::folder(const ArtifactKey& key, std::uint32_t version) const {
  return folder(key) / std::to_string(version);
}

// --- numbers ---

void ArtifactStore::State::look(const ArtifactKey& key, Name& name) const {
  const auto here = folder(key);
  const auto numbers = list_numbers(here);
  name.has_folder = !numbers.empty();
  name.next = numbers.empty() ? 1 : numbers.back() + 1;
  const auto newest_here = newest_version(here);
  if (!newest_here) return;
  name.newest = std::max(name.newest, *newest_here);
  // Broken metadata owns nothing: the next version heals the name.
  if (auto metadata = read_metadata(here / std::to_string(*newest_here)); metadata && *metadata) {
    name.owner_type = (*metadata)->owner.type;
    name.owner_ref = (*metadata)->owner.ref;
  }
}

Result<std::uint32_t> ArtifactStore::State::next_number(const ArtifactKey& key,
                                                        const Owner& owner) {
  return known_.with([&](Known& known) -> Result<std::uint32_t> {
    Name& name = known.names[path_of(key)];
    if (name.next == 0) look(key, name);
    const bool has_owner = !name.owner_type.empty();
    if (has_owner && (name.owner_type != owner.type || name.owner_ref != owner.ref)) {
      return fail(ErrorCode::conflict,
                  fmt::format("data '{}' belongs to {}:{}, not to {}:{}", key.name, name.owner_type,
                              name.owner_ref, owner.type, owner.ref));
    }
    return name.next++;
  });
}

void ArtifactStore::State::skip_taken(const ArtifactKey& key) {
  const auto numbers = list_numbers(folder(key));
  if (numbers.empty()) return;
  known_.with([&](Known& known) {
    Name& name = known.names[path_of(key)];
    name.next = std::max(name.next, numbers.back() + 1);
  });
}

Result<> ArtifactStore::State::make_name_folder(const ArtifactKey& key) {
  const auto instance = fmt::format("{}/{}", key.type, key.model_id);
  const auto [has_instance, has_name] = known_.with([&](Known& known) {
    return std::pair(known.instances.contains(instance), known.names[path_of(key)].has_folder);
  });
  if (has_name) return {};
  if (!has_instance) SWAMP_CHECK(os::make_directories(options.root / instance));
  SWAMP_CHECK(os::make_directories(folder(key)));
  known_.with([&](Known& known) {
    known.instances[instance] = true;
    known.names[path_of(key)].has_folder = true;
  });
  return {};
}

Result<ArtifactStore::State::Claim> ArtifactStore::State::claim(const ArtifactKey& key,
                                                                const Owner& owner) {
  for (int collisions = 0; collisions < kMostCollisions; ++collisions) {
    SWAMP_TRY(const auto version, next_number(key, owner));
    SWAMP_CHECK(make_name_folder(key));
    Claim claim{.version = version, .folder = folder(key, version)};
    if (::mkdir(claim.folder.c_str(), 0755) == 0) return claim;
    switch (errno) {
      case EEXIST:  // another process was first
        skip_taken(key);
        break;
      case ENOENT:  // somebody removed the name, or the instance, since we looked
        forget(key);
        break;
      default:
        return fail(os::system_error(errno, "make", claim.folder));
    }
  }
  return fail(ErrorCode::conflict,
              fmt::format("no version number of data '{}' was free in {} tries", key.name,
                          kMostCollisions));
}

void ArtifactStore::State::abandon(const ArtifactKey& key, const Claim& claim) {
  (void)os::remove_file(claim.folder / "raw");
  known_.with([&](Known& known) {
    Name& name = known.names[path_of(key)];
    // A number between others keeps its empty folder: readers take a missing number for the end.
    const bool is_last =
        name.next == claim.version + 1 && !os::exists(folder(key, claim.version + 1));
    if (!is_last) return;
    (void)os::remove_tree(claim.folder);
    name.next = claim.version;
  });
}

// --- writing ---

Result<Artifact> ArtifactStore::State::write_version(const ArtifactKey& key, Metadata metadata,
                                                     std::string_view content) {
  SWAMP_TRY(const auto claimed, claim(key, metadata.owner));
  metadata.version = claimed.version;
  metadata.created_at = options.clock->now();
  if (metadata.renamed_to.empty()) {
    metadata.size = content.size();
    metadata.checksum = os::sha256_hex(content);
  }
  auto written = [&]() -> Result<Artifact> {
    SWAMP_CHECK(os::make_file(claimed.folder / "raw", content));
    return publish(key, claimed.folder, std::move(metadata), content);
  }();
  if (!written) abandon(key, claimed);
  return written;
}

Result<Artifact> ArtifactStore::State::publish(const ArtifactKey& key,
                                               const fs::path& version_folder, Metadata metadata,
                                               std::string_view content) {
  const auto text = yaml::write(metadata.to_value());
  SWAMP_CHECK(os::write_file_atomically(version_folder / "metadata.yaml", text));
  Artifact artifact{.key = key, .metadata = std::move(metadata)};
  published(artifact, content);
  // What cannot be removed now stays for garbage collection; the version itself is written.
  if (options.prune_on_write) (void)prune(artifact);
  return artifact;
}

void ArtifactStore::State::published(const Artifact& artifact, std::string_view content) {
  known_.with([&](Known& known) {
    Name& name = known.names[path_of(artifact.key)];
    if (name.next == 0) look(artifact.key, name);
    name.next = std::max(name.next, artifact.metadata.version + 1);
    name.newest = std::max(name.newest, artifact.metadata.version);
    name.has_marker_due = true;
    name.owner_type = artifact.metadata.owner.type;
    name.owner_ref = artifact.metadata.owner.ref;
  });
  if (options.catalog)
    options.catalog->add(artifact, catalogued_content(artifact.metadata, content));
}

std::optional<std::uint32_t> ArtifactStore::State::newest(const ArtifactKey& key) const {
  const auto here = folder(key);
  const auto written = known_.with([&](const Known& known) {
    const auto found = known.names.find(path_of(key));
    return found == known.names.end() ? 0u : found->second.newest;
  });
  // What this process wrote last is newest unless somebody took the next number.
  if (written != 0 && !os::exists(folder(key, written + 1)) &&
      os::exists(folder(key, written) / "metadata.yaml")) {
    return written;
  }
  return newest_version(here);
}

Result<> ArtifactStore::State::write_marker(const fs::path& name_folder,
                                            std::uint32_t version) const {
  // Another process may be ahead of us; its marker must not go back.
  if (os::exists(name_folder / std::to_string(version + 1))) {
    const auto versions = list_versions(name_folder);
    if (!versions.empty()) version = std::max(version, versions.back());
  }
  auto written = os::write_file_atomically(name_folder / "latest", std::to_string(version));
  const bool name_is_gone = !written && written.error().code == ErrorCode::not_found;
  if (!written && !name_is_gone) return fail(std::move(written).error());
  return {};
}

Result<> ArtifactStore::State::flush() {
  const auto due = known_.with([](Known& known) {
    std::vector<std::pair<std::string, std::uint32_t>> found;
    for (auto& [path, name] : known.names) {
      if (std::exchange(name.has_marker_due, false)) found.emplace_back(path, name.newest);
    }
    return found;
  });
  Result<> outcome;
  for (const auto& [path, version] : due) {
    auto written = write_marker(options.root / path, version);
    if (written) continue;
    known_.with([&, &where = path](Known& known) { known.names[where].has_marker_due = true; });
    if (outcome) outcome = std::move(written);
  }
  return outcome;
}

// --- removing ---

Result<> ArtifactStore::State::remove_version_folder(const ArtifactKey& key,
                                                     std::uint32_t version) {
  const auto here = folder(key, version);
  // A gap opens at this number: no marker may be left before it.
  const auto last = newest(key);
  if (last && *last != version && marked_version(folder(key)) != last) {
    SWAMP_CHECK(write_marker(folder(key), *last));
  }
  SWAMP_CHECK(os::remove_file(here / "metadata.yaml"));
  SWAMP_CHECK(os::remove_tree(here));
  if (options.catalog) options.catalog->remove_version(key, version);
  return {};
}

void ArtifactStore::State::set_newest(const ArtifactKey& key, std::uint32_t version) {
  known_.with([&](Known& known) {
    const auto found = known.names.find(path_of(key));
    if (found == known.names.end()) return;
    found->second.newest = version;
    found->second.next = version + 1;  // no gap may open beyond the newest
  });
}

void ArtifactStore::State::forget(const ArtifactKey& key) {
  known_.with([&](Known& known) {
    known.names.erase(path_of(key));
    known.instances.erase(fmt::format("{}/{}", key.type, key.model_id));
  });
}

Result<> ArtifactStore::State::prune(const Artifact& written) {
  const auto* count = std::get_if<std::int64_t>(&written.metadata.retention);
  if (!count) return {};
  auto versions = list_versions(folder(written.key));
  const auto keep = static_cast<std::size_t>(*count);
  if (versions.size() <= keep) return {};
  versions.resize(versions.size() - keep);
  for (const auto version : versions) {
    const auto metadata = read_metadata(folder(written.key, version));
    const bool is_spared = metadata && *metadata && options.spare_run &&
                           options.spare_run((*metadata)->owner.workflow_run_id);
    if (!is_spared) SWAMP_CHECK(remove_version_folder(written.key, version));
  }
  return {};
}

}  // namespace swamp::store
