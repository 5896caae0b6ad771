#include "repo/init.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/suggest.h"
#include "os/directory.h"
#include "os/file.h"
#include "repo/agent_files.h"
#include "repo/migrate.h"

namespace swamp::repo {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kFolders[] = {"models",
                                         "workflows",
                                         "vaults",
                                         "grants",
                                         ".swamp/data",
                                         ".swamp/outputs",
                                         ".swamp/workflow-runs",
                                         ".swamp/workflows-evaluated",
                                         ".swamp/definitions-evaluated",
                                         ".swamp/secrets",
                                         ".swamp/audit",
                                         ".swamp/vault-bundles"};

Result<> make_folders(const fs::path& root) {
  for (const auto folder : kFolders)
    SWAMP_CHECK(os::make_durable_directories(root / folder));
  return {};
}

/// The tools that were asked for, without doubles; `keep` need not be known.
Result<std::vector<std::string>> checked_tools(const std::vector<std::string>& asked,
                                               const std::vector<std::string>& keep = {}) {
  std::vector<std::string> tools;
  for (const auto& tool : asked) {
    const auto& known = known_tools();
    const bool is_known = tool == "none" ||
                          std::find(known.begin(), known.end(), tool) != known.end() ||
                          std::find(keep.begin(), keep.end(), tool) != keep.end();
    if (!is_known) {
      auto hint = did_you_mean(tool, known);
      if (hint.empty()) hint = fmt::format("the tools are {} and none", fmt::join(known, ", "));
      return fail(ErrorCode::invalid_input, fmt::format("there is no tool '{}'", tool),
                  std::move(hint));
    }
    if (std::find(tools.begin(), tools.end(), tool) == tools.end()) tools.push_back(tool);
  }
  if (tools == std::vector<std::string>{"none"}) return std::vector<std::string>();
  if (std::find(tools.begin(), tools.end(), "none") != tools.end()) {
    return fail(ErrorCode::invalid_input, "the tool 'none' goes with no other",
                "leave one of them out");
  }
  return tools;
}

/// What is in `a` but not in `b`.
std::vector<std::string> without(const std::vector<std::string>& a,
                                 const std::vector<std::string>& b) {
  std::vector<std::string> rest;
  std::copy_if(a.begin(), a.end(), std::back_inserter(rest), [&](const std::string& each) {
    return std::find(b.begin(), b.end(), each) == b.end();
  });
  return rest;
}

Result<std::optional<Marker>> existing_marker(const fs::path& root) {
  auto marker = read_marker(root);
  if (marker) return std::optional(*std::move(marker));
  if (marker.error().code == ErrorCode::not_found) return std::optional<Marker>();
  return fail(std::move(marker).error());
}

std::string tool_list(const std::vector<std::string>& tools) {
  return tools.empty() ? "no tools" : fmt::format("{}", fmt::join(tools, ", "));
}

}  // namespace

std::string_view to_string(FileAction action) {
  switch (action) {
    case FileAction::created:
      return "created";
    case FileAction::updated:
      return "updated";
    case FileAction::unchanged:
      return "unchanged";
    case FileAction::skipped:
      return "skipped";
  }
  return {};
}

const std::vector<std::string>& known_tools() {
  static const std::vector<std::string> tools{"claude", "cursor",  "opencode",
                                              "codex",  "copilot", "kiro"};
  return tools;
}

Result<InitReport> init_repo(const fs::path& root, const InitOptions& options, const Clock& clock,
                             IdSource& ids) {
  SWAMP_TRY(auto tools, checked_tools(options.tools));
  SWAMP_TRY(auto old, existing_marker(root));
  if (old && !options.force) {
    return fail(ErrorCode::conflict,
                fmt::format("'{}' is a swamp repository already (for {})", root.string(),
                            tool_list(old->tools)),
                "use 'swamp repo upgrade' to bring it up to date, or --force to set it up again");
  }
  SWAMP_CHECK(make_folders(root));
  Marker marker = old.value_or(Marker());
  if (marker.initialized_at.empty()) marker.initialized_at = to_iso8601(clock.now());
  if (marker.repo_id.empty()) marker.repo_id = ids.uuid();
  InitReport report{.path = root,
                    .version = options.version,
                    .initialized_at = marker.initialized_at,
                    .tools = tools,
                    .removed_tools = without(marker.tools, tools)};
  marker.swamp_version = options.version;
  marker.tools = std::move(tools);
  marker.gitignore_managed = true;
  FileChanges changes;
  SWAMP_TRY(report.gitignore, update_gitignore(root, marker.tools, changes));
  SWAMP_TRY(report.instructions, update_instructions(root, marker.tools, changes));
  // Last: a folder is a repository when all of it is there.
  SWAMP_CHECK(write_marker(root, marker));
  report.changed_files = std::move(changes.changed);
  return report;
}

Result<UpgradeReport> upgrade_repo(const fs::path& root, const UpgradeOptions& options,
                                   const Clock& clock) {
  SWAMP_TRY(auto old, existing_marker(root));
  if (!old) {
    const bool orphan = os::exists(root / ".swamp");
    return fail(
        ErrorCode::not_found,
        orphan ? fmt::format("'{}' has a folder '.swamp' but no '{}'", root.string(), kMarkerName)
               : fmt::format("not a swamp repository: {}", root.string()),
        orphan ? "run 'swamp repo init' to make the marker anew"
               : "run 'swamp repo init' to make it one");
  }
  Marker marker = *std::move(old);
  UpgradeReport report{
      .path = root, .previous_version = marker.swamp_version, .new_version = options.version};
  report.previous_tools = marker.tools;
  if (options.tools) {
    SWAMP_TRY(marker.tools, checked_tools(*options.tools, report.previous_tools));
  }
  SWAMP_CHECK(make_folders(root));
  FileChanges changes;
  SWAMP_CHECK(migrate_layout(root, changes));
  if (options.include_gitignore || marker.gitignore_managed) {
    SWAMP_TRY(report.gitignore, update_gitignore(root, marker.tools, changes));
    marker.gitignore_managed = true;
  }
  SWAMP_TRY(report.instructions, update_instructions(root, marker.tools, changes));
  report.upgraded_at = to_iso8601(clock.now());
  marker.upgraded_at = report.upgraded_at;
  marker.swamp_version = options.version;
  SWAMP_CHECK(write_marker(root, marker));
  report.tools = marker.tools;
  report.added_tools = without(marker.tools, report.previous_tools);
  report.removed_tools = without(report.previous_tools, marker.tools);
  report.changed_files = std::move(changes.changed);
  return report;
}

}  // namespace swamp::repo
