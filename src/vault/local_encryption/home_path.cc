#include "vault/local_encryption/home_path.h"

#include <fmt/format.h>

namespace swamp::vault {

Result<std::filesystem::path> resolve_path(const std::string& path,
                                           const std::filesystem::path& home,
                                           const std::filesystem::path& base) {
  if (path != "~" && !path.starts_with("~/")) return base / path;
  if (home.empty()) {
    return fail(ErrorCode::invalid_input, fmt::format("'{}' needs a home folder", path),
                "set HOME, or write the whole path");
  }
  return path == "~" ? home : home / path.substr(2);
}

}  // namespace swamp::vault
