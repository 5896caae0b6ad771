#pragma once

#include <string>
#include <string_view>

#include "cli/command_table.h"
#include "render/style.h"
#include "value/value.h"

namespace swamp::cli {

/// What `swamp <path> --help` prints. `path` is that of a command, a group, or empty for the whole
/// program.
std::string help_text(const CommandTable& table, std::string_view path, render::Style style);

/// The same for machines, with everything below `path`: `{version, root: {name, description,
/// arguments, options, globalOptions?, subcommands}}`. Commands that this version does not have are
/// there with `available: false`.
Value help_document(const CommandTable& table, std::string_view path);

/// The long help of a command or group (the `.md` beside its source); empty when it has none.
std::string_view long_help(const CommandTable& table, std::string_view path);

/// The usage line: `swamp model create <type> <name> [options]`.
std::string usage_line(const CommandTable& table, std::string_view path);

}  // namespace swamp::cli
