#include "repo/repo.h"

#include <fmt/format.h>

#include "os/file.h"

namespace swamp::repo {
namespace fs = std::filesystem;
namespace {

constexpr int kLevelsWithoutGit = 10;

/// The top of the git work tree that holds `folder`; empty when it is in none.
fs::path git_top(fs::path folder) {
  for (;; folder = folder.parent_path()) {
    if (os::exists(folder / ".git")) return folder;
    if (folder == folder.parent_path()) return {};
  }
}

fs::path absolute(const fs::path& folder, const fs::path& working_directory) {
  auto path = (working_directory / folder).lexically_normal();
  return path.has_filename() ? path : path.parent_path();  // without a slash at the end
}

}  // namespace

fs::path meant_folder(const Whereabouts& whereabouts) {
  const auto& here = whereabouts.working_directory;
  if (whereabouts.flag && !whereabouts.flag->empty()) return absolute(*whereabouts.flag, here);
  if (whereabouts.environment && !whereabouts.environment->empty())
    return absolute(*whereabouts.environment, here);
  const auto top = git_top(here);
  auto folder = here;
  for (int level = 0; !top.empty() || level <= kLevelsWithoutGit; ++level) {
    if (os::exists(folder / kMarkerName)) return folder;
    if (folder == top || folder == folder.parent_path()) break;
    folder = folder.parent_path();
  }
  return here;
}

Result<Repo> Repo::find(const Whereabouts& whereabouts) {
  return open(meant_folder(whereabouts));
}

Result<Repo> Repo::open(fs::path root) {
  auto marker = read_marker(root);
  if (!marker && marker.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::not_found, fmt::format("not a swamp repository: {}", root.string()),
                "run 'swamp repo init' to make it one, or name another with --repo-dir");
  }
  if (!marker)
    return fail(std::move(marker).error().while_doing(fmt::format("opening {}", root.string())));
  return Repo(std::move(root), *std::move(marker));
}

std::string Repo::relative(const fs::path& path) const {
  const auto relative = path.lexically_relative(root_);
  return relative.empty() || *relative.begin() == ".." ? path.string() : relative.string();
}

fs::path definition_path(const fs::path& folder, const spec::TypeName& type, std::string_view name,
                         std::string_view id) {
  const auto stem = spec::is_definition_file_name(name) ? name : id;
  return folder / type.normalized / fmt::format("{}.yaml", stem);
}

std::string workflow_file_name(std::string_view name, std::string_view id) {
  return fmt::format("workflow-{}.yaml", spec::is_workflow_file_name(name) ? name : id);
}

}  // namespace swamp::repo
