#include "engine/names/glob.h"

#include <algorithm>

#include "os/directory.h"

namespace swamp::engine {
namespace {

constexpr std::string_view kPassedOver[] = {".git", ".swamp"};

/// One part against its pattern. Linear in practice: after a mismatch only the last `*` is tried
/// further on.
bool matches_part(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(p), pattern.end(),
                     [](char c) { return c == '*'; });
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (!part.empty() && part != ".") parts.push_back(part);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return parts;
}

/// Table of which beginnings of the path fit which beginnings of the pattern: no backtracking,
/// whatever the pattern.
bool matches_parts(const std::vector<std::string_view>& pattern,
                   const std::vector<std::string_view>& path) {
  std::vector<char> fits(path.size() + 1, 0);
  fits[0] = 1;
  for (const std::string_view part : pattern) {
    std::vector<char> next(path.size() + 1, 0);
    if (part == "**") {
      char any = 0;
      for (std::size_t i = 0; i <= path.size(); ++i) {
        any = static_cast<char>(any | fits[i]);
        next[i] = any;
      }
    } else {
      for (std::size_t i = 0; i < path.size(); ++i) {
        next[i + 1] = static_cast<char>(fits[i] && matches_part(part, path[i]));
      }
    }
    fits = std::move(next);
  }
  return fits.back() != 0;
}

Result<> collect(const std::filesystem::path& folder, const std::string& prefix,
                 const std::vector<std::string>& patterns, std::vector<std::string>& found) {
  SWAMP_TRY(const auto entries, os::list_directory(folder));
  for (const os::DirectoryEntry& entry : entries) {
    const std::string path = prefix + entry.name;
    if (entry.kind == os::EntryKind::directory) {
      const bool is_passed_over = std::find(std::begin(kPassedOver), std::end(kPassedOver),
                                            entry.name) != std::end(kPassedOver);
      if (!is_passed_over) SWAMP_CHECK(collect(folder / entry.name, path + "/", patterns, found));
    } else if (entry.kind == os::EntryKind::file) {
      const bool fits =
          std::any_of(patterns.begin(), patterns.end(),
                      [&](const std::string& pattern) { return matches_glob(pattern, path); });
      if (fits) found.push_back(path);
    }
  }
  return {};
}

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view path) {
  return matches_parts(parts_of(pattern), parts_of(path));
}

Result<std::vector<std::string>> find_files(const std::filesystem::path& root,
                                            const std::vector<std::string>& patterns) {
  std::vector<std::string> found;
  SWAMP_CHECK(collect(root, "", patterns, found));
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace swamp::engine
