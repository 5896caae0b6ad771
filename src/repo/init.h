#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "repo/marker.h"

namespace swamp::repo {

/// What became of a file that swamp manages a part of.
enum class FileAction : std::uint8_t { created, updated, unchanged, skipped };
std::string_view to_string(FileAction action);

/// The AI tools that `--tool` can name; `none` is not one of them.
const std::vector<std::string>& known_tools();

struct InitOptions {
  std::vector<std::string> tools = {"claude"};  // doubles are dropped; {"none"} is none
  bool force = false;   // over an existing repository: its tools are replaced
  std::string version;  // of this program
};

struct InitReport {
  std::filesystem::path path;
  std::string version;
  std::string initialized_at;
  FileAction gitignore = FileAction::skipped;
  FileAction instructions = FileAction::skipped;
  std::vector<std::string> tools;
  std::vector<std::string> removed_tools;
  std::vector<std::string> changed_files;  // relative to the repository
};

/// Makes a repository of a folder, which is created when it is missing: marker, folders, the
/// managed section of
/// `.gitignore` and of the instructions that the tools read. Nothing outside the folder is touched.
/// Fails with conflict when it is a repository already and not forced, with invalid_input for a
/// tool that does not exist.
Result<InitReport> init_repo(const std::filesystem::path& root, const InitOptions& options,
                             const Clock& clock, IdSource& ids);

struct UpgradeOptions {
  std::optional<std::vector<std::string>> tools =
      std::nullopt;                // absent: as they are; empty or {"none"}: none
  bool include_gitignore = false;  // also where the marker does not say it is managed
  std::string version;
};

struct UpgradeReport {
  std::filesystem::path path;
  std::string previous_version;
  std::string new_version;
  std::string upgraded_at;
  FileAction gitignore = FileAction::skipped;
  FileAction instructions = FileAction::skipped;
  std::vector<std::string> previous_tools;
  std::vector<std::string> tools;
  std::vector<std::string> added_tools;
  std::vector<std::string> removed_tools;
  std::vector<std::string> changed_files;  // relative to the repository
};

/// Brings a repository up to this version: folders that are missing, managed sections, files of old
/// layouts (never over existing ones). Symbolic links of the user stay. Fails with not_found when
/// the folder is no repository.
Result<UpgradeReport> upgrade_repo(const std::filesystem::path& root, const UpgradeOptions& options,
                                   const Clock& clock);

}  // namespace swamp::repo
