#include <string>
#include <vector>

#include "cli/process_io.h"
#include "cli/program.h"
#include "render/error_text.h"

int main(int argc, char** argv) {
  namespace cli = swamp::cli;
  namespace render = swamp::render;
  cli::ProcessIo io;
  cli::ExitCode code = cli::run_program(
      cli::all_commands(), std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), io);
  if (auto finished = io.finish(); !finished) {
    io.err().write(render::error_text(finished.error(), render::Style()));
    io.err().flush();
    if (code == cli::ExitCode::success) code = cli::ExitCode::failure;
  }
  return static_cast<int>(code);
}
