#pragma once

#include <cstdint>
#include <filesystem>
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

/// Reads `<root>/<type…>/<model id>/<name>/<version>/` without changing anything. Absent folders
/// are empty.
///
/// A folder holds an instance when, at least two levels below `root`, one of its folders has an
/// all-digit folder with a `metadata.yaml`; the levels above it are the type.
std::vector<Instance> list_instances(const std::filesystem::path& root);

/// All versions of an instance, or of everything, ordered by key and version.
Found<Artifact> list_artifacts(const std::filesystem::path& root, const Instance& instance);
Found<Artifact> list_artifacts(const std::filesystem::path& root);

/// The latest version of each name: of an instance, or of everything. Forwards left by renames are
/// not followed.
Found<Artifact> list_latest(const std::filesystem::path& root, const Instance& instance);
Found<Artifact> list_latest(const std::filesystem::path& root);

/// Versions of one name that exist, ascending: folders whose name is all digits and that hold a
/// `metadata.yaml`.
std::vector<std::uint32_t> list_versions(const std::filesystem::path& name_folder);

}  // namespace swamp::store
