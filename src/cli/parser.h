#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "cli/command_table.h"
#include "cli/invocation.h"

namespace swamp::cli {

/// `--help`, anywhere.
struct HelpAsked {
  std::string path;
};
/// `-V` (the bare number) or `--version`, before any command.
struct VersionAsked {
  bool bare = false;
  bool json = false;
};
/// A group without one of its commands.
struct GroupAlone {
  std::string path;
};
/// A command, or an option of one, that this version does not have yet.
struct NotYet {
  std::string what;  // `command 'swamp quest'`
  std::string instead;
};

using Parsed = std::variant<Invocation, HelpAsked, VersionAsked, GroupAlone, NotYet>;

using ReadVariable = std::function<std::optional<std::string>(std::string_view)>;

/// Understands a command line (without the program's name). Options may stand anywhere, before the
/// command's words too;
/// `--` ends them. Fails with a usage error.
///
///     line    = (word | option)* ["--" word*]
///     option  = "--" name ["=" value | value]        value: does not look like an option
///             | "-" letter+ | "-" letter [value]
Result<Parsed> parse(const CommandTable& table, std::vector<std::string> line,
                     const ReadVariable& env);

/// Whether errors of this command line are to be told as JSON: `--json` stands in it, however wrong
/// the rest is.
bool wants_json(const std::vector<std::string>& line);

/// Whether a word would be read as an option.
bool looks_like_option(std::string_view word);

}  // namespace swamp::cli
