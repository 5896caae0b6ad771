#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command_table.h"

namespace swamp::cli {

struct Candidate {
  std::string word;
  std::string_view doc;
};

/// What the last of `words` may become; the others stand before it on the line, without the
/// program's name.
std::vector<Candidate> complete(const CommandTable& table, std::vector<std::string> words);

enum class Shell : std::uint8_t { bash, zsh, fish };

/// A script for the shell that completes the command `name` by asking the program itself, so that
/// it never goes stale. `name` must be a plain word: see is_command_name().
std::string completion_script(Shell shell, std::string_view name);

bool is_command_name(std::string_view name);

}  // namespace swamp::cli
