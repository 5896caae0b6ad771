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
     .doc = "the folder, made when it is missing; the current one when left out",
     .need = Argument::Need::optional},
};
constexpr Option kOptions[] = {
    {.name = "force",
     .letter = 'f',
     .doc = "set an existing repository up again; its tools are replaced"},
    {.name = "tool",
     .letter = 't',
     .type = Option::Type::text,
     .value = "tool",
     .doc = "an AI tool to write instructions for: claude (when none is named), cursor, opencode, "
            "codex, copilot, kiro, or none",
     .repeatable = true},
};
constexpr Example kInitExamples[] = {
    {"swamp init", "in the current folder"},
    {"swamp init work --tool none", "in a new folder, without files for AI tools"},
};
constexpr Example kRepoInitExamples[] = {
    {"swamp repo init --tool claude --tool kiro", "with instructions for two AI tools"},
    {"swamp repo init --force", "once more, over an existing repository"},
};

constexpr std::string_view kNextSteps[] = {
    "swamp model type search",
    "swamp model method run command/shell execute --input run='echo hello'",
    "swamp workflow create hello",
};

Value document_of(const repo::InitReport& report) {
  return Map{{"path", report.path.string()},
             {"version", report.version},
             {"initializedAt", report.initialized_at},
             {"skillsCopied", List{}},
             {"instructionsFileCreated", report.instructions == repo::FileAction::created},
             {"settingsCreated", false},
             {"gitignoreAction", to_string(report.gitignore)},
             {"tools", texts_document(report.tools)},
             {"removedTools", texts_document(report.removed_tools)},
             {"tool", first_tool(report.tools)},
             {"nextSteps", List(std::begin(kNextSteps), std::end(kNextSteps))}};
}

std::string text_of(const repo::InitReport& report) {
  std::string text = fmt::format("{} is a swamp repository now, set up for {}.\n",
                                 report.path.string(), tools_text(report.tools));
  text += changed_files_text(report.changed_files);
  if (!report.removed_tools.empty()) {
    text +=
        fmt::format("No longer for {}; their files stay.\n", fmt::join(report.removed_tools, ", "));
  }
  return text + fmt::format("\nNext:\n  {}\n", fmt::join(kNextSteps, "\n  "));
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  repo::InitOptions options{.force = invocation.has("force"), .version = std::string(kVersion)};
  if (auto tools = invocation.texts("tool"); !tools.empty()) options.tools = std::move(tools);
  SWAMP_TRY(const auto report, repo::init_repo(folder_argument(invocation, io), options,
                                               system_clock(), random_ids()));
  return answer(invocation, io, document_of(report), text_of(report));
}

}  // namespace

extern constexpr Command kInitCommand = {
    .path = "init",
    .summary = "Make a repository",
    .arguments = kArguments,
    .options = kOptions,
    .examples = kInitExamples,
    .same_help_as = "repo init",
    .run = run,
};
extern constexpr Command kRepoInitCommand = {
    .path = "repo init",
    .summary = "Make a repository",
    .arguments = kArguments,
    .options = kOptions,
    .examples = kRepoInitExamples,
    .run = run,
};

}  // namespace swamp::cli
