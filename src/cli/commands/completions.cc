#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/completion.h"
#include "cli/usage_error.h"

namespace swamp::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "name",
     .letter = 'n',
     .type = Option::Type::text,
     .value = "command",
     .doc = "the name under which the program is called, when it is not swamp"},
};
constexpr Argument kWords[] = {
    {.name = "words",
     .doc = "the line so far, the word to complete last",
     .need = Argument::Need::variadic},
};
constexpr Example kBashExamples[] = {{R"sh(eval "$(swamp completions bash)")sh", "in ~/.bashrc"}};
constexpr Example kZshExamples[] = {{"source <(swamp completions zsh)", "in ~/.zshrc"}};
constexpr Example kFishExamples[] = {
    {"swamp completions fish | source", "in ~/.config/fish/config.fish"}};

template <Shell shell>
Result<ExitCode> print_script(const Invocation& invocation, Io& io) {
  const std::string_view name = invocation.text("name").value_or("swamp");
  if (!is_command_name(name)) {
    return usage_error(fmt::format("'{}' is not a name for a command", name),
                       "use letters, digits, '-', '_' and '.'");
  }
  io.out().write(completion_script(shell, name));
  return ExitCode::success;
}

Result<ExitCode> print_candidates(const Invocation& invocation, Io& io) {
  const auto words = invocation.rest();
  for (const auto& [word, doc] : complete(all_commands(), {words.begin(), words.end()})) {
    io.out().write(fmt::format("{}\t{}\n", word, doc));
  }
  return ExitCode::success;
}

}  // namespace

extern constexpr Command kCompletionsBashCommand = {
    .path = "completions bash",
    .summary = "Print a completion script for bash",
    .options = kOptions,
    .examples = kBashExamples,
    .same_help_as = "completions",
    .no_json = true,
    .run = print_script<Shell::bash>,
};
extern constexpr Command kCompletionsZshCommand = {
    .path = "completions zsh",
    .summary = "Print a completion script for zsh",
    .options = kOptions,
    .examples = kZshExamples,
    .same_help_as = "completions",
    .no_json = true,
    .run = print_script<Shell::zsh>,
};
extern constexpr Command kCompletionsFishCommand = {
    .path = "completions fish",
    .summary = "Print a completion script for fish",
    .options = kOptions,
    .examples = kFishExamples,
    .same_help_as = "completions",
    .no_json = true,
    .run = print_script<Shell::fish>,
};
extern constexpr Command kCompletionsCompleteCommand = {
    .path = "completions complete",
    .summary = "Print what the last word may become",
    .arguments = kWords,
    .same_help_as = "completions",
    .hidden = true,
    .no_json = true,
    .run = print_candidates,
};

}  // namespace swamp::cli
