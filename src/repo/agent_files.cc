#include "repo/agent_files.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "os/file.h"
#include "repo/managed_section.h"

namespace swamp::repo {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kLegacyHeader = "# Swamp managed defaults";

constexpr std::string_view kIgnored = R"(
# Runtime data (not needed in version control)
.swamp/

# Local extension sources (developer-specific, not shared)
.swamp-sources.yaml
)";

constexpr std::string_view kIgnoredOfClaude = R"(
# Claude Code configuration (managed by swamp)
.claude/worktrees/
.claude/settings.local.json
.claude/scheduled_tasks.lock
.claude/scheduled_tasks.json
)";

constexpr std::string_view kInstructions = R"(# Working with swamp

This folder is a swamp repository: models stand for things outside, workflows run their methods, and all they produce is
kept as versioned data.

- Look at what is there before you make something new: `swamp model search --json`, `swamp workflow search --json`.
- `swamp model type search --json` lists the types, `swamp model type describe <type> --json` what their methods take.
- Definitions lie in `models/`, workflows in `workflows/`. `swamp workflow schema get --json` is the schema of a workflow.
- Check before you run: `swamp workflow validate <name> --json`, then `swamp workflow run <name> --json`.
- Read results with `swamp data get`, `swamp data query` and `swamp workflow history get <name> --json`.
- With `--json` one document goes to stdout; an error is a document on stderr and says in `hint` what to try.
- Secrets belong in a vault (`swamp vault put`); files say `${{ vault.get('<vault>', '<key>') }}`.
- Leave everything below `.swamp/` alone, and use `--help` on any command for examples.
)";

/// The block that older versions wrote: its header and the lines of ours that follow it.
std::string without_legacy(std::string_view file) {
  const auto at = file.find(kLegacyHeader);
  if (at == file.npos || (at != 0 && file[at - 1] != '\n')) return std::string(file);
  auto end = at;
  const auto is_ours = [](std::string_view line) {
    return line.starts_with('#') || line.starts_with(".swamp") || line.starts_with(".claude/");
  };
  while (end < file.size() && is_ours(file.substr(end)))
    end = std::min(file.find('\n', end), file.size() - 1) + 1;
  return fmt::format("{}{}", file.substr(0, at), file.substr(end));
}

Result<FileAction> write_section(const fs::path& root, const std::string& name,
                                 const SectionMarks& marks, std::string_view body,
                                 SectionPlace place, FileChanges& changes) {
  SWAMP_TRY(const auto read, os::read_file_if_there(root / name));
  const bool is_new = !read;
  const std::string before = read.value_or("");
  SWAMP_TRY(auto after, with_section(without_legacy(before), marks, body, place, name));
  if (after == before) return FileAction::unchanged;
  SWAMP_CHECK(os::write_file_atomically(root / name, after));
  changes.changed.push_back(name);
  return is_new ? FileAction::created : FileAction::updated;
}

bool holds(const std::vector<std::string>& tools, std::string_view tool) {
  return std::find(tools.begin(), tools.end(), tool) != tools.end();
}

}  // namespace

Result<FileAction> update_gitignore(const fs::path& root, const std::vector<std::string>& tools,
                                    FileChanges& changes) {
  std::string body(kIgnored);
  if (holds(tools, "claude")) body += kIgnoredOfClaude;
  return write_section(root, ".gitignore", kGitignoreMarks, body, SectionPlace::bottom, changes);
}

Result<FileAction> update_instructions(const fs::path& root, const std::vector<std::string>& tools,
                                       FileChanges& changes) {
  std::set<std::string> files;
  for (const auto& tool : tools)
    files.insert(tool == "claude" ? "CLAUDE.md" : "AGENTS.md");
  auto strongest = FileAction::skipped;
  for (const auto& file : files) {
    SWAMP_TRY(const auto action, write_section(root, file, kInstructionMarks, kInstructions,
                                               SectionPlace::top, changes));
    strongest = std::min(strongest, action);
  }
  return strongest;
}

}  // namespace swamp::repo
