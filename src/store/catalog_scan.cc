#include "store/catalog_scan.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include <fmt/format.h>

#include "os/file.h"
#include "store/artifact_tree.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kStoredContent = 64 * 1024;

/// Changes within one tick of the file system's clock have one time; what is younger than a few
/// ticks is not known yet.
constexpr std::int64_t kTicksNs = 30'000'000;

/// When a folder last changed, or 0 when that was only just now; -1 when it is gone.
std::int64_t age_of(const fs::path& folder) {
  const auto status = os::find_identity(folder);
  if (!status) return -1;
  const auto changed = status->mtime_ns;
  const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return now.count() - changed < kTicksNs ? 0 : changed;
}

std::string stamp_of(const fs::path& file) {
  const auto status = os::find_identity(file);
  return status ? fmt::format("{}:{}", status->mtime_ns, status->size) : std::string("-");
}

}  // namespace

template <class Work>
Result<> CatalogScan::in_transaction(Work work) {
  SWAMP_CHECK(writer_.begin());
  Result<> done = work();
  if (done) done = writer_.commit();
  if (!done) writer_.roll_back();
  return done;
}

std::string CatalogScan::original_stamp() const {
  if (original_.empty()) return "-";
  return stamp_of(original_) + " " + stamp_of(original_.string() + "-wal");
}

Result<> CatalogScan::bring_up_to_date() {
  SWAMP_TRY(const auto built, writer_.meta("built"));
  if (built.empty()) return rebuild();
  SWAMP_CHECK(follow_original());
  return in_transaction([&]() -> Result<> {
    SWAMP_TRY(const auto instances, writer_.instances());
    for (const auto& [instance, noted] : instances) {
      const auto age = age_of(root_ / instance.type / instance.model_id);
      if (age < 0) {
        SWAMP_CHECK(writer_.remove_instance(instance));
      } else if (noted == 0 || age != noted) {
        SWAMP_CHECK(scan_instance(instance, Trust::ages));
      }
    }
    return {};
  });
}

Result<> CatalogScan::follow_original() {
  const auto now = original_stamp();
  SWAMP_TRY(const auto noted, writer_.meta("original"));
  if (now == noted) return {};
  return in_transaction([&]() -> Result<> {
    SWAMP_CHECK(scan_everything(Trust::ages));
    return writer_.set_meta("original", now);
  });
}

Result<> CatalogScan::rebuild() {
  // Taken before the walk: what the original writes meanwhile is found the next time.
  const auto stamp = original_stamp();
  return in_transaction([&]() -> Result<> {
    SWAMP_CHECK(writer_.clear());
    SWAMP_CHECK(scan_everything(Trust::nothing));
    SWAMP_CHECK(writer_.set_meta("original", stamp));
    return writer_.set_meta("built", "true");
  });
}

Result<> CatalogScan::rescan(const std::vector<Instance>& instances) {
  return in_transaction([&]() -> Result<> {
    for (const Instance& instance : instances)
      SWAMP_CHECK(scan_instance(instance, Trust::nothing));
    return {};
  });
}

Result<> CatalogScan::scan_everything(Trust trust) {
  std::set<Instance> instances;
  for (Instance& instance : list_instances(root_))
    instances.insert(std::move(instance));
  SWAMP_TRY(const auto known, writer_.instances());
  for (const auto& entry : known)
    instances.insert(entry.instance);
  for (const Instance& instance : instances)
    SWAMP_CHECK(scan_instance(instance, trust));
  return {};
}

Result<> CatalogScan::scan_instance(const Instance& instance, Trust trust) {
  // The age comes before the look: a change in between makes the folder younger than noted.
  const auto age = age_of(root_ / instance.type / instance.model_id);
  if (age < 0) return writer_.remove_instance(instance);
  SWAMP_TRY(const auto noted, writer_.names(instance));
  std::map<std::string, std::int64_t> known;
  for (const auto& entry : noted)
    known.emplace(entry.name, entry.mtime);
  for (const std::string& name : list_name_folders(root_, instance)) {
    const auto found = known.find(name);
    const auto noted_age = found == known.end() ? 0 : found->second;
    SWAMP_TRY(const bool is_there,
              scan_name({instance.type, instance.model_id, name}, noted_age, trust));
    if (is_there && found != known.end()) known.erase(found);
  }
  for (const auto& [name, mtime] : known) {
    SWAMP_CHECK(writer_.remove({instance.type, instance.model_id, name}));
  }
  return writer_.set_instance_age(instance, age);
}

Result<bool> CatalogScan::scan_name(const ArtifactKey& key, std::int64_t noted, Trust trust) {
  const auto folder = root_ / key.type / key.model_id / key.name;
  const auto age = age_of(folder);
  if (trust == Trust::ages && noted != 0 && age == noted) return true;
  SWAMP_TRY(const bool is_there,
            trust == Trust::nothing ? reread_name(key) : compare_name(key, list_versions(folder)));
  if (is_there) SWAMP_CHECK(writer_.set_name_age(key, std::max<std::int64_t>(age, 0)));
  return is_there;
}

Result<bool> CatalogScan::reread_name(const ArtifactKey& key) {
  auto found = list_artifacts(root_, key);
  const bool is_there = !found.items.empty() || !found.warnings.empty();
  std::move(found.warnings.begin(), found.warnings.end(), std::back_inserter(warnings_));
  std::vector<CatalogWriter::Entry> entries;
  for (Artifact& artifact : found.items) {
    auto content = content_for(artifact);
    entries.push_back({std::move(artifact), std::move(content)});
  }
  SWAMP_CHECK(writer_.replace_name(key, entries));
  return is_there;
}

Result<bool> CatalogScan::compare_name(const ArtifactKey& key,
                                       const std::vector<std::uint32_t>& on_disk) {
  SWAMP_TRY(const auto rows, writer_.versions(key));
  for (const auto version : rows) {
    if (!std::binary_search(on_disk.begin(), on_disk.end(), version)) {
      SWAMP_CHECK(writer_.remove_version(key, version));
    }
  }
  for (const auto version : on_disk) {
    if (std::binary_search(rows.begin(), rows.end(), version)) continue;
    auto metadata =
        read_metadata(root_ / key.type / key.model_id / key.name / std::to_string(version));
    if (!metadata) {
      warnings_.push_back(std::move(metadata).error());
    } else if (*metadata) {
      (*metadata)->version = version;
      const Artifact artifact{.key = key, .metadata = **std::move(metadata)};
      SWAMP_CHECK(writer_.add(artifact, content_for(artifact)));
    }
  }
  return !on_disk.empty();
}

std::string CatalogScan::content_for(const Artifact& artifact) const {
  const Metadata& metadata = artifact.metadata;
  if (!metadata.is_json() || metadata.size.value_or(0) > kStoredContent) return {};
  const ArtifactKey& key = artifact.key;
  const auto path =
      root_ / key.type / key.model_id / key.name / std::to_string(metadata.version) / "raw";
  const auto status = os::find_identity(path);
  if (!status || status->size > kStoredContent) return {};
  auto bytes = os::read_file_if_there(path);
  return bytes && *bytes ? **std::move(bytes) : std::string();
}

}  // namespace swamp::store
