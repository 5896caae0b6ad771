#include "store/journal_folder.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <map>
#include <optional>
#include <set>
#include <unistd.h>

#include <fmt/format.h>

#include "os/directory.h"
#include "os/file.h"
#include "os/kernel_lock.h"
#include "os/process_info.h"
#include "store/artifact_store.h"
#include "store/journal.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kEnding = ".journal";
constexpr std::size_t kBootDigits = 8;

constexpr std::string_view name_of(JournalState state) {
  return state == JournalState::ended ? "ended" : "resting";
}

std::string boot_digits() {
  return os::boot_id().substr(0, kBootDigits);
}

/// `<run id>.<boot>.<state>`
struct Mark {
  std::string run_id;
  std::string boot;
  JournalState state = JournalState::open;
};

std::optional<Mark> parse_mark(std::string_view name) {
  for (const JournalState state : {JournalState::resting, JournalState::ended}) {
    const std::string ending = fmt::format(".{}", name_of(state));
    if (!name.ends_with(ending)) continue;
    name.remove_suffix(ending.size());
    const auto dot = name.rfind('.');
    if (dot == name.npos) return std::nullopt;
    return Mark{.run_id = std::string(name.substr(0, dot)),
                .boot = std::string(name.substr(dot + 1)),
                .state = state};
  }
  return std::nullopt;
}

std::string mark_name(std::string_view run_id, std::string_view boot, JournalState state) {
  return fmt::format("{}.{}.{}", run_id, boot, name_of(state));
}

constexpr std::string_view kLookedAfter = ".looked-after.";  // and the boot

bool is_marked(const fs::path& journal, JournalState state) {
  const std::string boot = boot_digits();
  return !boot.empty() &&
         os::exists(journal.parent_path() / mark_name(journal.stem().string(), boot, state));
}

/// An empty file that says something by its name; one that is there says it already.
Result<> make_mark(const fs::path& path) {
  SWAMP_TRY(const auto made, os::open_descriptor(path, O_WRONLY | O_CREAT, "make"));
  static_cast<void>(made);
  return {};
}

/// What the folder holds, by kind.
struct Folder {
  std::vector<JournalFile> journals;
  std::map<std::string, std::vector<Mark>> marks;  // by run
};

Folder read_folder(const fs::path& folder) {
  Folder found;
  for (const os::DirectoryEntry& entry : os::find_entries(folder)) {
    if (entry.kind != os::EntryKind::file) continue;
    if (entry.name.ends_with(kEnding)) {
      auto run_id = entry.name.substr(0, entry.name.size() - kEnding.size());
      found.journals.push_back({.path = folder / entry.name, .run_id = std::move(run_id)});
    } else if (auto mark = parse_mark(entry.name)) {
      std::vector<Mark>& marks = found.marks[mark->run_id];
      marks.push_back(*std::move(mark));
    }
  }
  return found;
}

}  // namespace

Result<std::vector<JournalFile>> list_journals(const fs::path& folder) {
  Folder found = read_folder(folder);
  if (!found.marks.empty()) {
    const std::string boot = boot_digits();
    for (JournalFile& journal : found.journals) {
      for (const Mark& mark : found.marks[journal.run_id]) {
        if (mark.boot == boot) journal.state = mark.state;
      }
    }
  }
  std::sort(found.journals.begin(), found.journals.end(),
            [](const JournalFile& a, const JournalFile& b) { return a.run_id < b.run_id; });
  return std::move(found.journals);
}

Result<> mark_journal(const fs::path& journal, JournalState state) {
  const std::string boot = boot_digits();
  if (boot.empty()) return {};  // a mark that no boot can make void may not be made
  return make_mark(journal.parent_path() / mark_name(journal.stem().string(), boot, state));
}

Result<bool> unmark_journal(const fs::path& journal) {
  const std::string boot = boot_digits();
  const std::string run_id = journal.stem().string();
  bool was_marked = false;
  for (const JournalState state : {JournalState::resting, JournalState::ended}) {
    SWAMP_TRY(const bool was_there,
              os::remove_file(journal.parent_path() / mark_name(run_id, boot, state)));
    was_marked |= was_there;
  }
  return was_marked;
}

bool is_looked_after(const fs::path& folder) {
  const std::string boot = boot_digits();
  return boot.empty() || os::exists(folder / fmt::format("{}{}", kLookedAfter, boot));
}

Result<> mark_looked_after(const fs::path& folder) {
  const std::string mark = fmt::format("{}{}", kLookedAfter, boot_digits());
  for (const os::DirectoryEntry& entry : os::find_entries(folder)) {
    if (entry.name.starts_with(kLookedAfter) && entry.name != mark)
      SWAMP_CHECK(os::remove_file(folder / entry.name));
  }
  return make_mark(folder / mark);
}

// --- retiring ---

namespace {

/// A journal that may go as soon as everything is durable; holding it keeps others away.
struct Retired {
  fs::path path;
  os::Descriptor file;
};

/// Empty when the journal must stay: its run is alive or has not ended, or it is gone already.
Result<std::optional<Retired>> prepare(const fs::path& path, ArtifactStore& artifacts) {
  SWAMP_TRY(auto file, os::open_if_there(path, O_RDWR, "open"));
  if (!file) return std::nullopt;
  SWAMP_TRY(const bool locked, os::try_kernel_lock(*file, os::LockMode::exclusive, path));
  if (!locked) return std::nullopt;
  // Marked by who sealed it, or put it right; only the mark that is there under the lock counts, as
  // somebody may have gone on with the run meanwhile.
  if (is_marked(path, JournalState::ended)) return Retired{path, *std::move(file)};
  SWAMP_TRY(auto bytes, os::read_all(*file, path));
  SWAMP_TRY(const auto content, parse_journal(bytes, path.string()));
  if (!content.sealed) return std::nullopt;
  if (content.outlived_boot) SWAMP_CHECK(recover(content.records, artifacts, Missing::lost));
  return Retired{path, *std::move(file)};
}

/// Journals that never got their names: one that nobody has locked, nobody will give it any more.
Result<> remove_unnamed(const fs::path& folder) {
  for (const os::DirectoryEntry& entry : os::find_entries(folder)) {
    if (!os::is_temporary_name(entry.name)) continue;
    SWAMP_TRY(auto file, os::open_if_there(folder / entry.name, O_RDWR, "open"));
    if (!file) continue;
    SWAMP_TRY(const bool locked,
              os::try_kernel_lock(*file, os::LockMode::exclusive, folder / entry.name));
    if (locked) SWAMP_CHECK(os::remove_file(folder / entry.name));
  }
  return {};
}

/// Marks of earlier boots, and of journals that are gone.
Result<> remove_void_marks(const fs::path& folder) {
  const Folder found = read_folder(folder);
  std::set<std::string> runs;
  for (const JournalFile& journal : found.journals)
    runs.insert(journal.run_id);
  const std::string boot = boot_digits();
  for (const auto& [run_id, marks] : found.marks) {
    for (const Mark& mark : marks) {
      if (mark.boot == boot && runs.contains(run_id)) continue;
      SWAMP_CHECK(os::remove_file(folder / mark_name(run_id, mark.boot, mark.state)));
    }
  }
  return {};
}

}  // namespace

Result<std::size_t> retire_journals(const fs::path& folder, ArtifactStore& artifacts) {
  constexpr std::size_t kAtOnce = 200;  // each is a descriptor until the sync is done
  SWAMP_TRY(const auto journals, list_journals(folder));
  std::vector<Retired> retired;
  for (const JournalFile& journal : journals) {
    if (journal.state == JournalState::resting) continue;
    if (retired.size() == kAtOnce) break;
    auto ready = prepare(journal.path, artifacts);
    // One that cannot be read stays for a person to look at; the others need not wait for that.
    if (ready && *ready) retired.push_back(*std::move(*ready));
  }
  if (!retired.empty()) {
    if (os::exists(artifacts.root())) SWAMP_CHECK(os::sync_filesystem(artifacts.root()));
    SWAMP_CHECK(os::sync_filesystem(folder));
  }
  for (const Retired& journal : retired) {
    // Without its mark it is only looked at once more; a mark without a journal would mean nothing.
    SWAMP_CHECK(unmark_journal(journal.path));
    SWAMP_CHECK(os::remove_file(journal.path));
  }
  SWAMP_CHECK(remove_unnamed(folder));
  SWAMP_CHECK(remove_void_marks(folder));
  return retired.size();
}

Result<> forget_journal(const fs::path& journal, const fs::path& data) {
  SWAMP_TRY(auto file, os::open_if_there(journal, O_RDWR, "open"));
  if (!file) return {};
  SWAMP_TRY(const bool locked, os::try_kernel_lock(*file, os::LockMode::exclusive, journal));
  if (!locked) return {};
  if (os::exists(data)) SWAMP_CHECK(os::sync_filesystem(data));
  SWAMP_CHECK(unmark_journal(journal));
  SWAMP_CHECK(os::remove_file(journal));
  return {};
}

}  // namespace swamp::store
