#include "repo/migrate.h"

#include "os/directory.h"
#include "os/file.h"

namespace swamp::repo {
namespace fs = std::filesystem;
namespace {

constexpr int kDeepest = 32;

struct Move {
  std::string_view from;
  std::string_view to;
};

constexpr Move kMoves[] = {{".swamp/definitions", "models"},
                           {".swamp/workflows", "workflows"},
                           {".swamp/vault", "vaults"}};

bool points_into(const fs::path& link, const fs::path& folder) {
  std::error_code error;
  const auto target = fs::read_symlink(link, error);
  if (error) return false;
  const auto relative = (link.parent_path() / target).lexically_normal().lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

Result<> remove_links_into(const fs::path& folder, const fs::path& target, int depth = 0) {
  SWAMP_TRY(const auto entries, os::list_if_there(folder));
  for (const auto& entry : entries) {
    const auto path = folder / entry.name;
    if (entry.kind == os::EntryKind::symlink && points_into(path, target)) {
      SWAMP_CHECK(os::remove_file(path));
    } else if (entry.kind == os::EntryKind::directory && depth < kDeepest) {
      SWAMP_CHECK(remove_links_into(path, target, depth + 1));
    }
  }
  return {};
}

/// Moves the files below `from`; those whose place is taken stay where they are.
Result<> move_files(const fs::path& root, const fs::path& from, const fs::path& to,
                    FileChanges& changes, int depth = 0) {
  SWAMP_TRY(const auto entries, os::list_if_there(from));
  for (const auto& entry : entries) {
    if (entry.kind == os::EntryKind::directory && depth < kDeepest) {
      SWAMP_CHECK(move_files(root, from / entry.name, to / entry.name, changes, depth + 1));
    } else if (entry.kind == os::EntryKind::file) {
      SWAMP_TRY(const auto bytes, os::read_file(from / entry.name));
      SWAMP_CHECK(os::make_directories(to));
      const auto written = os::write_new_file(to / entry.name, bytes);
      if (!written && written.error().code == ErrorCode::conflict) continue;
      SWAMP_CHECK(written);
      SWAMP_CHECK(os::remove_file(from / entry.name));
      changes.changed.push_back((to / entry.name).lexically_relative(root).string());
    }
  }
  std::error_code not_empty;
  fs::remove(from, not_empty);
  return {};
}

/// A link named `latest` to a version's folder becomes a file that holds the version.
Result<> replace_latest_links(const fs::path& folder, int depth = 0) {
  SWAMP_TRY(const auto entries, os::list_if_there(folder));
  for (const auto& entry : entries) {
    const auto path = folder / entry.name;
    if (entry.kind == os::EntryKind::symlink && entry.name == "latest") {
      std::error_code error;
      const auto version = fs::read_symlink(path, error).filename().string();
      if (!error) SWAMP_CHECK(os::write_file_atomically(path, version));
    } else if (entry.kind == os::EntryKind::directory && depth < kDeepest) {
      SWAMP_CHECK(replace_latest_links(path, depth + 1));
    }
  }
  return {};
}

}  // namespace

Result<> migrate_layout(const fs::path& root, FileChanges& changes) {
  for (const auto& [from, to] : kMoves) {
    SWAMP_CHECK(remove_links_into(root / to, root / from));
    SWAMP_CHECK(move_files(root, root / from, root / to, changes));
  }
  return replace_latest_links(root / ".swamp" / "data");
}

}  // namespace swamp::repo
