#pragma once

#include <string>
#include <vector>

#include "cli/command_table.h"
#include "cli/io.h"

namespace swamp::cli {

/// The program: understands `line` (without the program's name), runs the command, prints its
/// error.
ExitCode run_program(const CommandTable& table, std::vector<std::string> line, Io& io);

}  // namespace swamp::cli
