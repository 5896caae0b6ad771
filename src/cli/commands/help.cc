#include "cli/help.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/suggest.h"
#include "cli/answer.h"
#include "render/json_document.h"

namespace swamp::cli {
namespace {

constexpr Argument kArguments[] = {
    {.name = "command", .doc = "the words of a command or group", .need = Argument::Need::variadic},
};
constexpr Example kExamples[] = {
    {"swamp help", "every command with its arguments and options"},
    {"swamp help model method", "what lies below 'swamp model method'"},
};

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  const CommandTable& table = all_commands();
  std::string path;
  for (const std::string& word : invocation.rest()) {
    const auto child = table.child(path, word);
    if (child.empty()) {
      return fail(ErrorCode::not_found,
                  fmt::format("there is no command 'swamp {}'", fmt::join(invocation.rest(), " ")),
                  did_you_mean(word, table.words(path)));
    }
    path = child;
  }
  // Agents and scripts read the document; a person at a terminal means the text.
  if (io.is_terminal(Io::Stream::out) && !invocation.has("json")) {
    io.out().write(help_text(table, path, style_of(invocation, io, Io::Stream::out)));
  } else {
    io.out().write(render::json_document(help_document(table, path)));
  }
  return ExitCode::success;
}

}  // namespace

extern constexpr Command kHelpCommand = {
    .path = "help",
    .summary = "Describe commands: on a terminal as text, else as one JSON document",
    .arguments = kArguments,
    .examples = kExamples,
    .hidden = true,
    .always_json = true,
    .run = run,
};

}  // namespace swamp::cli
