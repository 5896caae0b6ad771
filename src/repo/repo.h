#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "repo/marker.h"
#include "spec/names.h"

namespace swamp::repo {

/// Where somebody might mean a repository to be.
struct Whereabouts {
  std::optional<std::string> flag = std::nullopt;         // `--repo-dir`
  std::optional<std::string> environment = std::nullopt;  // `SWAMP_REPO_DIR`
  std::filesystem::path working_directory;                // absolute
};

/// The folder that is meant: what the flag says, else the variable, else the nearest folder with a
/// marker at or above the working directory, not looking beyond the top of a git work tree (ten
/// levels up where there is none), else the working directory itself. Whether it is a repository is
/// not looked at.
std::filesystem::path meant_folder(const Whereabouts& whereabouts);

/// A user's folder with a marker in it: where things lie. Immutable.
class Repo {
 public:
  /// Fails with not_found when the folder that is meant is no repository.
  static Result<Repo> find(const Whereabouts& whereabouts);
  static Result<Repo> open(std::filesystem::path root);

  const std::filesystem::path& root() const { return root_; }
  const Marker& marker() const { return marker_; }

  std::filesystem::path models() const { return root_ / "models"; }
  std::filesystem::path workflows() const { return root_ / "workflows"; }
  std::filesystem::path vaults() const { return root_ / "vaults"; }
  /// Everything that is not the user's own writing.
  std::filesystem::path internal() const { return root_ / ".swamp"; }
  std::filesystem::path auto_definitions() const { return internal() / "auto-definitions"; }
  std::filesystem::path definitions_evaluated() const {
    return internal() / "definitions-evaluated";
  }
  std::filesystem::path workflows_evaluated() const { return internal() / "workflows-evaluated"; }
  std::filesystem::path document_index() const { return internal() / "document-index"; }

  /// `path` as people know it: relative to the root when it lies in it.
  std::string relative(const std::filesystem::path& path) const;

 private:
  Repo(std::filesystem::path root, Marker marker)
      : root_(std::move(root)), marker_(std::move(marker)) {}

  std::filesystem::path root_;  // absolute
  Marker marker_;
};

/// Where a definition of this type lies below `folder` (`models()`, `auto_definitions()`, …):
/// `<type>/<name>.yaml`, or
/// `<type>/<id>.yaml` where the name cannot be a file's.
std::filesystem::path definition_path(const std::filesystem::path& folder,
                                      const spec::TypeName& type, std::string_view name,
                                      std::string_view id);

/// `workflow-<name>.yaml`, or `workflow-<id>.yaml`.
std::string workflow_file_name(std::string_view name, std::string_view id);

}  // namespace swamp::repo
