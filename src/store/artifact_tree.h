#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/artifact.h"

namespace swamp::store {

/// What a walk found, and what it could not read. A broken file never hides its neighbours.
template <class T>
struct Found {
  std::vector<T> items;
  std::vector<Error> warnings;
};

// Reading `<root>/<type…>/<model id>/<name>/<version>/` as it lies on disk, changing nothing.
// Absent folders are empty.

/// The names of the folders in a folder, sorted.
std::vector<std::string> list_folders(const std::filesystem::path& folder);

/// All instances, sorted. A folder holds an instance when, at least two levels below `root`, one of
/// its folders has an all-digit folder with a `metadata.yaml`; the levels above it are the type.
std::vector<Instance> list_instances(const std::filesystem::path& root);

/// Data names of an instance that have a version, sorted.
std::vector<std::string> list_names(const std::filesystem::path& root, const Instance& instance);

/// Folders of an instance that may be data names, sorted: whether they have a version was not
/// looked at.
std::vector<std::string> list_name_folders(const std::filesystem::path& root,
                                           const Instance& instance);

/// Versions of one name that exist, ascending: folders whose name is a number and that hold a
/// `metadata.yaml`.
std::vector<std::uint32_t> list_versions(const std::filesystem::path& name_folder);

/// All numbers in use, ascending, whether or not the version exists (yet).
std::vector<std::uint32_t> list_numbers(const std::filesystem::path& name_folder);

/// The newest version that exists. The `latest` marker saves the look into the folder when nothing
/// lies beyond it; one that is missing, dangling or behind is of no consequence.
std::optional<std::uint32_t> newest_version(const std::filesystem::path& name_folder);

/// What the `latest` marker says (a file, or a link of old repositories); empty when it says
/// nothing.
std::optional<std::uint32_t> marked_version(const std::filesystem::path& name_folder);

/// The metadata in a version's folder; empty when there is none. Fails with invalid_input at its
/// place in the file.
Result<std::optional<Metadata>> read_metadata(const std::filesystem::path& version_folder);

/// All versions of a name, of an instance, or of everything, ordered by key and version.
Found<Artifact> list_artifacts(const std::filesystem::path& root, const ArtifactKey& key);
Found<Artifact> list_artifacts(const std::filesystem::path& root, const Instance& instance);
Found<Artifact> list_artifacts(const std::filesystem::path& root);

/// The newest version of each name: of an instance, or of everything. Forwards left by renames are
/// not followed.
Found<Artifact> list_latest(const std::filesystem::path& root, const Instance& instance);
Found<Artifact> list_latest(const std::filesystem::path& root);

}  // namespace swamp::store
