#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/answer.h"
#include "cli/repository_texts.h"
#include "cli/version.h"
#include "repo/init.h"

namespace swamp::cli {
namespace {

constexpr Argument kArguments[] = {
    {.name = "path",
     .doc = "the repository; the current folder when left out",
     .need = Argument::Need::optional},
};
constexpr Option kOptions[] = {
    {.name = "tool",
     .letter = 't',
     .type = Option::Type::text,
     .value = "tool",
     .doc = "the AI tools that it is for from now on, or none; as they are when left out",
     .repeatable = true},
    {.name = "include-gitignore",
     .doc = "write the managed section of '.gitignore' where there was none"},
};
constexpr Example kExamples[] = {
    {"swamp repo upgrade", "with the tools that it has"},
    {"swamp repo upgrade --tool claude --tool codex", "for these tools and no others"},
};

Value document_of(const repo::UpgradeReport& report) {
  return Map{{"path", report.path.string()},
             {"previousVersion", report.previous_version},
             {"newVersion", report.new_version},
             {"upgradedAt", report.upgraded_at},
             {"skillsUpdated", List{}},
             {"instructionsUpdated", report.instructions == repo::FileAction::created ||
                                         report.instructions == repo::FileAction::updated},
             {"settingsUpdated", false},
             {"gitignoreAction", to_string(report.gitignore)},
             {"previousTools", texts_document(report.previous_tools)},
             {"tools", texts_document(report.tools)},
             {"addedTools", texts_document(report.added_tools)},
             {"removedTools", texts_document(report.removed_tools)},
             {"extensionsToReinstall", List{}},
             {"localSkillCopies", List{}},
             {"changedFiles", texts_document(report.changed_files)},
             {"untrustedCollectives", List{}},
             {"tool", first_tool(report.tools)}};
}

std::string text_of(const repo::UpgradeReport& report) {
  std::string text = fmt::format("{} is up to date with version {} (was {}), set up for {}.\n",
                                 report.path.string(), report.new_version, report.previous_version,
                                 tools_text(report.tools));
  text += changed_files_text(report.changed_files);
  if (!report.removed_tools.empty()) {
    text +=
        fmt::format("No longer for {}; their files stay.\n", fmt::join(report.removed_tools, ", "));
  }
  return text;
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  repo::UpgradeOptions options{.include_gitignore = invocation.has("include-gitignore"),
                               .version = std::string(kVersion)};
  if (auto tools = invocation.texts("tool"); !tools.empty()) options.tools = std::move(tools);
  SWAMP_TRY(const auto report,
            repo::upgrade_repo(folder_argument(invocation, io), options, system_clock()));
  return answer(invocation, io, document_of(report), text_of(report));
}

}  // namespace

extern constexpr Command kRepoUpgradeCommand = {
    .path = "repo upgrade",
    .summary = "Refresh what 'swamp init' wrote",
    .arguments = kArguments,
    .options = kOptions,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
