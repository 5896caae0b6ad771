#include "repo/index_scan.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "os/directory.h"
#include "os/safe_path.h"
#include "repo/document_files.h"

namespace swamp::repo {
namespace {

constexpr int kDeepest = 32;
// File systems give time stamps from a clock that moves every few milliseconds.
constexpr std::int64_t kClockStepNs = 20'000'000;

constexpr std::string_view kSuffix = ".yaml";
constexpr std::string_view kWorkflowPrefix = "workflow-";

/// Where documents of a kind are looked for.
struct Place {
  DocumentKind kind;
  std::string_view folder;  // relative to the repository
  std::string_view prefix;  // of file names
  bool recursive;
};

constexpr std::array kPlaces{
    Place{DocumentKind::definition, "models", "", true},
    Place{DocumentKind::auto_definition, ".swamp/auto-definitions", "", true},
    Place{DocumentKind::workflow, "workflows", kWorkflowPrefix, false},
};

std::vector<std::pair<std::string, std::string>> tag_pairs(const spec::Field& tags) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (!tags.value().is_map()) return pairs;
  for (const auto& [key, value] : tags.value().as_map()) {
    if (value.is_string()) pairs.emplace_back(key, value.as_string());
  }
  return pairs;
}

void fill(DocumentEntry& entry, const spec::Definition& definition) {
  entry.id = definition.id;
  entry.name = definition.name;
  entry.type = definition.type.normalized;
  entry.tags = tag_pairs(definition.tags);
}

void fill(DocumentEntry& entry, const spec::Workflow& workflow) {
  entry.id = workflow.id;
  entry.name = workflow.name;
  entry.tags = tag_pairs(workflow.tags);
  entry.description = workflow.description.text();
  entry.has_trigger = workflow.trigger.has_value();
  if (workflow.trigger) entry.schedule = workflow.trigger->schedule.value_or("");
  entry.has_inputs = workflow.inputs.is_declared();
  entry.job_count = static_cast<std::uint32_t>(workflow.jobs.size());
}

template <class Document>
void fill_from(DocumentEntry& entry, Result<Document> document, std::vector<Error>& warnings,
               ReadDocuments::ByPath<Document>* read) {
  if (!document) {
    entry.broken = true;
    warnings.push_back(std::move(document).error());
    return;
  }
  fill(entry, *document);
  if (read) (*read)[entry.path] = std::make_shared<const Document>(*std::move(document));
}

/// One walk over all places.
class Scan {
 public:
  Scan(const Repo& repo, std::vector<DocumentEntry> known, std::int64_t known_at_ns)
      : repo_(repo), known_(std::move(known)), known_at_ns_(known_at_ns) {
    std::sort(known_.begin(), known_.end(), by_path);  // as they are written, so this is quick
  }

  Result<ScanResult> run() {
    for (const auto& place : kPlaces) {
      auto looked = look_into(place, std::string(place.folder), 0);
      if (!looked && looked.error().code != ErrorCode::not_found)
        return tl::unexpected(std::move(looked).error());
    }
    if (result_.entries.size() != known_.size()) result_.changed = true;
    return std::move(result_);
  }

 private:
  Result<> look_into(const Place& place, const std::string& path, int depth) {
    SWAMP_TRY(const auto folder, os::Folder::open(repo_.root() / path));
    SWAMP_TRY(const auto entries, folder.list());
    for (const auto& entry : entries) {
      look_at(place, folder, entry, fmt::format("{}/{}", path, entry.name), depth);
    }
    return {};
  }

  void look_at(const Place& place, const os::Folder& folder, const os::DirectoryEntry& entry,
               std::string path, int depth) {
    if (entry.kind == os::EntryKind::directory) {
      if (!place.recursive || depth >= kDeepest) return;
      if (auto looked = look_into(place, path, depth + 1); !looked)
        result_.warnings.push_back(std::move(looked).error());
    } else if (entry.name.ends_with(kSuffix) && entry.name.starts_with(place.prefix) &&
               entry.kind != os::EntryKind::other) {
      if (entry.kind == os::EntryKind::file || stays_inside(path))
        look_at_file(place.kind, folder, entry.name, std::move(path));
    } else if (place.kind == DocumentKind::workflow &&
               (entry.name.ends_with(kSuffix) || entry.name.ends_with(".yml"))) {
      result_.passed_over = std::move(path);
    }
  }

  bool stays_inside(const std::string& path) {
    const auto inside = os::lies_within(repo_.root(), repo_.root() / path);
    if (inside && *inside) return true;
    result_.warnings.push_back(
        {.code = ErrorCode::denied,
         .message = fmt::format("'{}' is a link that leads out of the repository", path),
         .hint = "put the file itself there"});
    return false;
  }

  void look_at_file(DocumentKind kind, const os::Folder& folder, const std::string& name,
                    std::string path) {
    const auto identity = folder.identity_of(name);
    if (!identity) {
      // Removed since the folder was listed, unless it is a link to nothing.
      if (identity.error().code != ErrorCode::not_found)
        result_.warnings.push_back(identity.error());
      return;
    }
    auto* known = find_known(path);
    const bool same = known && known->identity == *identity;
    if (same && !known->broken && identity->mtime_ns + kClockStepNs < known_at_ns_) {
      const auto& taken =
          result_.entries.emplace_hint(result_.entries.end(), std::move(path), std::move(*known));
      known->path = taken->first;  // by which its neighbours are searched
      return;
    }
    auto entry = read_entry(repo_, kind, path, *identity, result_.warnings, result_.read);
    ++result_.parsed;
    if (!same || !entry.broken) result_.changed = true;
    result_.entries.emplace(std::move(path), std::move(entry));
  }

  static bool by_path(const DocumentEntry& a, const DocumentEntry& b) { return a.path < b.path; }

  DocumentEntry* find_known(const std::string& path) {
    const auto found = std::lower_bound(
        known_.begin(), known_.end(), path,
        [](const DocumentEntry& entry, const std::string& name) { return entry.path < name; });
    return found != known_.end() && found->path == path ? &*found : nullptr;
  }

  const Repo& repo_;
  std::vector<DocumentEntry> known_;
  std::int64_t known_at_ns_;
  ScanResult result_;
};

}  // namespace

DocumentEntry read_entry(const Repo& repo, DocumentKind kind, const std::string& path,
                         const os::FileIdentity& identity, std::vector<Error>& warnings,
                         ReadDocuments& read) {
  DocumentEntry entry{.kind = kind, .path = path, .identity = identity};
  const bool has_room = read.size() < kMostRead;
  if (entry.is_workflow()) {
    fill_from(entry, read_workflow_file(repo, path), warnings,
              has_room ? &read.workflows : nullptr);
  } else {
    fill_from(entry, read_definition_file(repo, path), warnings,
              has_room ? &read.definitions : nullptr);
  }
  return entry;
}

Result<ScanResult> scan(const Repo& repo, std::vector<DocumentEntry> known,
                        std::int64_t known_at_ns) {
  return Scan(repo, std::move(known), known_at_ns).run();
}

}  // namespace swamp::repo
