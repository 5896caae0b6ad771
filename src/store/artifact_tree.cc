#include "store/artifact_tree.h"

#include <algorithm>
#include <charconv>
#include <climits>
#include <fcntl.h>
#include <unistd.h>

#include "os/directory.h"
#include "os/file.h"
#include "yaml/parse.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

constexpr int kDeepestType = 32;

/// A version number as folders are named: digits, no leading zero, within int32.
std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.front() == '0' || number > INT32_MAX) return std::nullopt;
  return number;
}

/// Whether the version in this folder exists: its metadata comes last.
bool is_whole(const fs::path& version_folder) {
  return os::exists(version_folder / "metadata.yaml");
}

fs::path version_folder(const fs::path& name_folder, std::uint32_t version) {
  return name_folder / std::to_string(version);
}

bool has_version(const fs::path& name_folder) {
  for (const os::DirectoryEntry& entry : os::find_entries(name_folder)) {
    if (entry.kind == os::EntryKind::directory && parse_number(entry.name) &&
        is_whole(name_folder / entry.name))
      return true;
  }
  return false;
}

void find_instances(const fs::path& folder, std::string_view type, int depth,
                    std::vector<Instance>& found) {
  for (const std::string& name : list_folders(folder)) {
    const fs::path below = folder / name;
    const auto names = list_folders(below);
    const bool is_instance =
        depth >= 1 && std::any_of(names.begin(), names.end(), [&](const std::string& data) {
          return has_version(below / data);
        });
    if (is_instance) {
      found.push_back({.type = std::string(type), .model_id = name});
    } else if (depth < kDeepestType) {
      find_instances(below, type.empty() ? name : std::string(type) + "/" + name, depth + 1, found);
    }
  }
}

/// The text of `latest`; empty when it is absent or something else.
std::string marker_text(const fs::path& marker) {
  auto file = os::open_if_there(marker, O_RDONLY | O_NOFOLLOW, "open");
  if (file && *file) return os::read_all(**file, marker).value_or(std::string{});
  if (file) return {};
  char target[PATH_MAX];
  const auto size = ::readlink(marker.c_str(), target, sizeof target);
  std::string text(target, size > 0 ? static_cast<std::size_t>(size) : 0);
  while (text.ends_with('/'))
    text.pop_back();
  return text.substr(text.rfind('/') + 1);
}

/// One version into `found`, or why not.
void read_version(const fs::path& root, const ArtifactKey& key, std::uint32_t version,
                  Found<Artifact>& found) {
  const auto folder = version_folder(root / key.type / key.model_id / key.name, version);
  auto metadata = read_metadata(folder);
  if (!metadata) {
    found.warnings.push_back(std::move(metadata).error());
  } else if (*metadata) {
    (*metadata)->version = version;  // the folder decides, as it does for the original
    found.items.push_back({.key = key, .metadata = **std::move(metadata)});
  }
}

template <class T>
void append(Found<T>& to, Found<T> more) {
  std::move(more.items.begin(), more.items.end(), std::back_inserter(to.items));
  std::move(more.warnings.begin(), more.warnings.end(), std::back_inserter(to.warnings));
}

}  // namespace

std::vector<std::string> list_folders(const fs::path& folder) {
  std::vector<std::string> names;
  for (os::DirectoryEntry& entry : os::find_entries(folder)) {
    if (entry.kind == os::EntryKind::directory) names.push_back(std::move(entry.name));
  }
  return names;
}

std::vector<Instance> list_instances(const fs::path& root) {
  std::vector<Instance> found;
  find_instances(root, "", 0, found);
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> list_name_folders(const fs::path& root, const Instance& instance) {
  return list_folders(root / instance.type / instance.model_id);
}

std::vector<std::string> list_names(const fs::path& root, const Instance& instance) {
  const auto folder = root / instance.type / instance.model_id;
  auto names = list_name_folders(root, instance);
  std::erase_if(names, [&](const std::string& name) { return !has_version(folder / name); });
  return names;
}

std::vector<std::uint32_t> list_numbers(const fs::path& name_folder) {
  std::vector<std::uint32_t> numbers;
  for (const os::DirectoryEntry& entry : os::find_entries(name_folder)) {
    if (entry.kind != os::EntryKind::directory) continue;
    if (auto number = parse_number(entry.name)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::vector<std::uint32_t> list_versions(const fs::path& name_folder) {
  auto versions = list_numbers(name_folder);
  std::erase_if(versions, [&](std::uint32_t version) {
    return !is_whole(version_folder(name_folder, version));
  });
  return versions;
}

std::optional<std::uint32_t> marked_version(const fs::path& name_folder) {
  auto text = marker_text(name_folder / "latest");
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.pop_back();
  if (text.empty()) return std::nullopt;
  return parse_number(text);
}

std::optional<std::uint32_t> newest_version(const fs::path& name_folder) {
  const auto marked = marked_version(name_folder);
  // Numbers are taken one after the other, so nothing beyond the next number means nothing beyond
  // the marker.
  if (marked && !os::exists(version_folder(name_folder, *marked + 1)) &&
      is_whole(version_folder(name_folder, *marked))) {
    return marked;
  }
  const auto numbers = list_numbers(name_folder);
  const auto newest = std::find_if(numbers.rbegin(), numbers.rend(), [&](std::uint32_t number) {
    return is_whole(version_folder(name_folder, number));
  });
  if (newest == numbers.rend()) return std::nullopt;
  return *newest;
}

Result<std::optional<Metadata>> read_metadata(const fs::path& folder) {
  const auto path = folder / "metadata.yaml";
  SWAMP_TRY(auto text, os::read_file_if_there(path));
  if (!text) return std::nullopt;
  SWAMP_TRY(const auto document, yaml::parse(*std::move(text), path.string()));
  auto metadata = Metadata::from_value(document.to_value());
  if (!metadata) {
    auto error = std::move(metadata).error();
    error.where = document.root().where();
    return fail(std::move(error));
  }
  return std::optional(*std::move(metadata));
}

Found<Artifact> list_artifacts(const fs::path& root, const ArtifactKey& key) {
  Found<Artifact> found;
  for (const auto version : list_numbers(root / key.type / key.model_id / key.name)) {
    read_version(root, key, version, found);
  }
  return found;
}

Found<Artifact> list_artifacts(const fs::path& root, const Instance& instance) {
  Found<Artifact> found;
  for (auto& name : list_folders(root / instance.type / instance.model_id)) {
    append(found, list_artifacts(root, ArtifactKey{instance.type, instance.model_id, name}));
  }
  return found;
}

Found<Artifact> list_artifacts(const fs::path& root) {
  Found<Artifact> found;
  for (const Instance& instance : list_instances(root))
    append(found, list_artifacts(root, instance));
  return found;
}

Found<Artifact> list_latest(const fs::path& root, const Instance& instance) {
  Found<Artifact> found;
  const auto folder = root / instance.type / instance.model_id;
  for (auto& name : list_folders(folder)) {
    if (auto version = newest_version(folder / name)) {
      read_version(root, {instance.type, instance.model_id, name}, *version, found);
    }
  }
  return found;
}

Found<Artifact> list_latest(const fs::path& root) {
  Found<Artifact> found;
  for (const Instance& instance : list_instances(root))
    append(found, list_latest(root, instance));
  return found;
}

}  // namespace swamp::store
