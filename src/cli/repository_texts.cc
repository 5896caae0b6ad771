#include "cli/repository_texts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace swamp::cli {

std::filesystem::path folder_argument(const Invocation& invocation, const Io& io) {
  const auto path =
      (io.directory() / invocation.find_argument("path").value_or(".")).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

Value texts_document(const std::vector<std::string>& texts) {
  return List(texts.begin(), texts.end());
}

Value first_tool(const std::vector<std::string>& tools) {
  return tools.empty() ? std::string("none") : tools.front();
}

std::string tools_text(const std::vector<std::string>& tools) {
  return tools.empty() ? "no AI tool" : fmt::format("{}", fmt::join(tools, ", "));
}

std::string changed_files_text(const std::vector<std::string>& files) {
  return files.empty() ? std::string()
                       : fmt::format("  wrote {}\n", fmt::join(files, "\n  wrote "));
}

}  // namespace swamp::cli
