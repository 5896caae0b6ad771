#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/invocation.h"
#include "cli/io.h"
#include "value/value.h"

// How a document of the repository is edited: the new text is piped in, or an editor is opened.
namespace swamp::cli {

/// The new text, when it is piped in; empty when there is a terminal to edit at. Fails when nothing
/// was piped in.
Result<std::optional<std::string>> piped_text(const Invocation& invocation, Io& io,
                                              std::string_view name);

/// Opens `file` in the user's editor and waits for it: EDITOR, else the first that is installed of
/// code, zed, nvim, vim, nano and emacs. Gives its name. Fails with invalid_input when there is no
/// terminal to edit at, with unavailable when there is no editor or it fails.
Result<std::string> edit_file(Io& io, const std::filesystem::path& file);

/// The beginning of the document about an edit. `editor`: empty when the text was piped in.
Map edit_document(const std::string& path, const std::string& editor);

}  // namespace swamp::cli
