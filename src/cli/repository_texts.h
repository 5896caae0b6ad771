#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/invocation.h"
#include "cli/io.h"
#include "value/value.h"

// What the commands that make and upgrade repositories share.
namespace swamp::cli {

/// The argument `path` as an absolute folder; the caller's folder when it is left out.
std::filesystem::path folder_argument(const Invocation& invocation, const Io& io);

Value texts_document(const std::vector<std::string>& texts);

/// What documents call the tool: the first, or `none`.
Value first_tool(const std::vector<std::string>& tools);

/// `claude, kiro`, or `no AI tool`.
std::string tools_text(const std::vector<std::string>& tools);

/// One indented line a file; nothing when nothing changed.
std::string changed_files_text(const std::vector<std::string>& files);

}  // namespace swamp::cli
