#include "vault/local_encryption/private_file.h"

#include <cerrno>
#include <sys/stat.h>

#include <fmt/format.h>

#include "os/system_error.h"

namespace swamp::vault {

Result<> make_private_folder(const std::filesystem::path& path) {
  if (std::error_code ignored; std::filesystem::is_directory(path, ignored)) return {};
  if (path.has_parent_path() && path.parent_path() != path) {
    SWAMP_CHECK(make_private_folder(path.parent_path()));
  }
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail(os::system_error(errno, "make", path));
  }
  return {};
}

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
