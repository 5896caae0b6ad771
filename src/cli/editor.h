#pragma once

#include <filesystem>
#include <string>

#include "cli/io.h"

namespace swamp::cli {

/// Opens `file` in the user's editor and waits for it: EDITOR, else the first that is installed of
/// code, zed, nvim, vim, nano and emacs. Gives its name. Fails with invalid_input when there is no
/// terminal to edit at, with unavailable when there is no editor or it fails.
Result<std::string> edit_file(Io& io, const std::filesystem::path& file);

}  // namespace swamp::cli
