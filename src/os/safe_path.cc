#include "os/safe_path.h"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <sys/stat.h>

#include <fmt/format.h>

#include "os/system_error.h"

namespace swamp::os {
namespace {

namespace fs = std::filesystem;

/// As many links as the kernel follows on one path.
constexpr int kMostLinks = 40;

bool is_prefix(const fs::path& boundary, const fs::path& path) {
  const auto ends = std::mismatch(boundary.begin(), boundary.end(), path.begin(), path.end());
  return ends.first == boundary.end();
}

}  // namespace

// weakly_canonical would stop at a dangling link and call it a plain name, but writing there
// follows it.
Result<fs::path> real_path(const fs::path& path) {
  if (path.native().find('\0') != std::string::npos) {
    return fail(ErrorCode::invalid_input, "a path may not hold a NUL character");
  }
  std::error_code problem;
  fs::path absolute = fs::absolute(path, problem);
  if (problem) return fail(system_error(problem.value(), "look at", path));

  std::deque<fs::path> rest(absolute.begin(), absolute.end());
  fs::path real;
  int links = 0;
  while (!rest.empty()) {
    const fs::path part = std::move(rest.front());
    rest.pop_front();
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      real = real.parent_path();
      continue;
    }
    const fs::path next = real / part;
    struct stat status {};
    if (::lstat(next.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) {
      real = next;
      continue;
    }
    if (++links > kMostLinks) return fail(system_error(ELOOP, "look at", path));
    const fs::path points_at = fs::read_symlink(next, problem);
    if (problem) return fail(system_error(problem.value(), "look at", next));
    rest.insert(rest.begin(), points_at.begin(), points_at.end());
  }
  return real;
}

Result<bool> lies_within(const fs::path& boundary, const fs::path& target) {
  SWAMP_TRY(const fs::path outer, real_path(boundary));
  SWAMP_TRY(const fs::path inner, real_path(target));
  return is_prefix(outer, inner);
}

Result<fs::path> safe_path(const fs::path& boundary, const fs::path& target) {
  SWAMP_TRY(const fs::path outer, real_path(boundary));
  SWAMP_TRY(fs::path inner, real_path(outer / target));
  if (!is_prefix(outer, inner)) {
    return fail(ErrorCode::denied,
                fmt::format("'{}' leads out of '{}'", target.native(), boundary.native()),
                "use a path inside that folder, without links that leave it");
  }
  return inner;
}

}  // namespace swamp::os
