#include "store/torn.h"

#include <algorithm>
#include <chrono>
#include <system_error>

#include <fmt/format.h>

#include "os/directory.h"
#include "os/file.h"
#include "os/hash.h"
#include "store/artifact_tree.h"
#include "store/output_record.h"
#include "store/record_file.h"
#include "store/run_record.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

/// A file system writes within half a minute or so what nobody asked it to write.
constexpr std::int64_t kWrittenByThenNs = std::chrono::nanoseconds(std::chrono::hours(1)).count();

std::int64_t changed_at(const fs::path& path) {
  const auto status = os::find_identity(path);
  return status ? status->mtime_ns : 0;
}

struct Place {
  fs::path path;
  std::int64_t changed = 0;
};

template <class Found>
std::int64_t horizon_of(const std::vector<Found>& all) {
  std::int64_t youngest = 0;
  for (const Found& one : all)
    youngest = std::max(youngest, one.changed);
  return youngest - kWrittenByThenNs;
}

// --- versions ---

struct NameFolder : Place {
  ArtifactKey key;
};

/// The folder of a data name holds folders of versions and no others; data may be named by a number
/// too, but then there is one more level.
bool is_name_folder(const fs::path& folder, const std::vector<std::string>& below) {
  const auto numbers = list_numbers(folder);
  return numbers.size() == below.size() &&
         (numbers.empty() || list_folders(folder / std::to_string(numbers.back())).empty());
}

/// `levels` lead from the root to `folder`: a type of one or more, an id, a name.
void find_names(const fs::path& folder, std::vector<std::string>& levels,
                std::vector<NameFolder>& found) {
  constexpr std::size_t kLeast = 3;
  constexpr std::size_t kMost = 34;
  const auto below = list_folders(folder);
  if (levels.size() >= kLeast && is_name_folder(folder, below)) {
    const auto type = fmt::format("{}", fmt::join(levels.begin(), levels.end() - 2, "/"));
    found.push_back({{.path = folder, .changed = changed_at(folder)},
                     {.type = type, .model_id = levels[levels.size() - 2], .name = levels.back()}});
    return;
  }
  if (levels.size() == kMost) return;
  for (const std::string& name : below) {
    levels.push_back(name);
    find_names(folder / name, levels, found);
    levels.pop_back();
  }
}

/// Whether the metadata is there and the content is what it says.
bool is_torn(const fs::path& folder) {
  const auto metadata = read_metadata(folder);
  if (!metadata) return metadata.error().code == ErrorCode::invalid_input;
  if (!*metadata) return true;
  const Metadata& told = **metadata;
  const auto raw = os::find_identity(folder / "raw");
  if (!raw) return true;
  if (!told.renamed_to.empty()) return false;  // its metadata says all
  if (!told.size) return true;                 // comes near the end
  // What is appended to is longer until its metadata follows.
  if (told.streaming && raw->size > *told.size) return false;
  if (raw->size != *told.size) return true;
  if (told.checksum.empty()) return !told.streaming;
  const auto checksum = os::sha256_hex_of_file(folder / "raw");
  return checksum && *checksum != told.checksum;
}

/// Removes what makes up a version, and nothing else that somebody may have put there.
Result<> remove_version_files(const fs::path& folder) {
  SWAMP_CHECK(os::remove_file(folder / "metadata.yaml"));
  SWAMP_CHECK(os::remove_file(folder / "raw"));
  SWAMP_CHECK(os::remove_temporary_files(folder));
  std::error_code not_empty;
  fs::remove(folder, not_empty);
  return {};
}

Result<> set_marker(const fs::path& name_folder) {
  const auto versions = list_versions(name_folder);
  if (versions.empty()) {
    SWAMP_CHECK(os::remove_file(name_folder / "latest"));
    return {};
  }
  if (marked_version(name_folder) == versions.back()) return {};
  return os::write_file_atomically(name_folder / "latest", std::to_string(versions.back()));
}

}  // namespace

Result<std::vector<Instance>> remove_torn_versions(const fs::path& root,
                                                   const std::set<VersionName>& named) {
  std::vector<NameFolder> names;
  std::vector<std::string> levels;
  find_names(root, levels, names);
  const auto horizon = horizon_of(names);
  std::set<Instance> instances;
  for (const NameFolder& name : names) {
    if (name.changed < horizon) continue;
    instances.insert(name.key.instance());
    for (const std::uint32_t version : list_numbers(name.path)) {
      const auto folder = name.path / std::to_string(version);
      if (changed_at(folder) < horizon || named.contains({name.key, version})) continue;
      if (is_torn(folder)) SWAMP_CHECK(remove_version_files(folder));
    }
    SWAMP_CHECK(set_marker(name.path));
  }
  return std::vector<Instance>(instances.begin(), instances.end());
}

// --- records ---

namespace {

void find_files(const fs::path& folder, int depth, std::vector<Place>& found) {
  for (const os::DirectoryEntry& entry : os::find_entries(folder)) {
    const auto path = folder / entry.name;
    if (entry.kind == os::EntryKind::directory && depth > 0) {
      find_files(path, depth - 1, found);
    } else if (entry.kind == os::EntryKind::file && path.extension() == ".yaml") {
      found.push_back({.path = path, .changed = changed_at(path)});
    }
  }
}

/// The files below a folder that the machine may have left half written.
std::vector<fs::path> young_files(const fs::path& folder, int depth) {
  std::vector<Place> all;
  find_files(folder, depth, all);
  const auto horizon = horizon_of(all);
  std::vector<fs::path> young;
  for (Place& one : all) {
    if (one.changed >= horizon) young.push_back(std::move(one.path));
  }
  return young;
}

template <class Record>
bool is_torn_record(const fs::path& path) {
  const auto record = read_record<Record>(path);
  return !record && record.error().code == ErrorCode::invalid_input;
}

}  // namespace

Result<> remove_torn_records(const Layout& layout, const std::set<std::string>& named) {
  constexpr std::string_view kRun = "workflow-run-";
  constexpr int kDeepest = 34;
  for (const fs::path& path : young_files(layout.workflow_runs, 1)) {
    const std::string stem = path.stem().string();
    if (!stem.starts_with(kRun) || named.contains(stem.substr(kRun.size()))) continue;
    if (is_torn_record<RunRecord>(path)) SWAMP_CHECK(os::remove_file(path));
  }
  for (const fs::path& path : young_files(layout.outputs, kDeepest)) {
    if (is_torn_record<OutputRecord>(path)) SWAMP_CHECK(os::remove_file(path));
  }
  return {};
}

}  // namespace swamp::store
