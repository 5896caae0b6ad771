#include "repo/document_index.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/suggest.h"
#include "repo/index_file.h"
#include "repo/index_scan.h"

namespace swamp::repo {
namespace {

/// What was known at the last look; nothing when there is no good index.
std::vector<DocumentEntry> read_index(const std::filesystem::path& path) {
  const auto bytes = os::read_file(path);
  if (!bytes) return {};
  return decode_index(*bytes).value_or(std::vector<DocumentEntry>());
}

void write_index(const std::filesystem::path& path,
                 const std::map<std::string, DocumentEntry, std::less<>>& entries) {
  std::vector<const DocumentEntry*> list;
  list.reserve(entries.size());
  for (const auto& [key, entry] : entries)
    list.push_back(&entry);
  // A read-only repository works without; the next command only looks longer.
  static_cast<void>(os::write_file_atomically(path, encode_index(list)));
}

std::vector<const DocumentEntry*> of_kind(
    const std::multimap<std::string_view, const DocumentEntry*>& lookup, DocumentKind kind,
    std::string_view key) {
  std::vector<const DocumentEntry*> found;
  for (auto [it, end] = lookup.equal_range(key); it != end; ++it) {
    if (it->second->kind == kind) found.push_back(it->second);
  }
  return found;
}

void unlink(std::multimap<std::string_view, const DocumentEntry*>& lookup, std::string_view key,
            const DocumentEntry* entry) {
  for (auto [it, end] = lookup.equal_range(key); it != end; ++it) {
    if (it->second == entry) {
      lookup.erase(it);
      return;
    }
  }
}

}  // namespace

bool matches(const DocumentEntry& entry, std::string_view query) {
  if (contains_in_any_case(entry.name, query) || contains_in_any_case(entry.type, query) ||
      contains_in_any_case(entry.id, query) || contains_in_any_case(entry.description, query)) {
    return true;
  }
  return std::any_of(entry.tags.begin(), entry.tags.end(), [&](const auto& tag) {
    return contains_in_any_case(fmt::format("{}={}", tag.first, tag.second), query);
  });
}

Result<DocumentIndex> DocumentIndex::open(const Repo& repo, File file) {
  const auto path = repo.document_index();
  // Asked before reading: should the file be replaced in between, the older time only makes us look
  // closer.
  const auto identity = os::identity_of(path);
  auto known = identity ? read_index(path) : std::vector<DocumentEntry>();
  SWAMP_TRY(auto found, scan(repo, std::move(known), identity ? identity->mtime_ns : 0));
  if (found.changed && file == File::written) write_index(path, found.entries);
  return DocumentIndex(std::move(found));
}

DocumentIndex::DocumentIndex(ScanResult found)
    : entries_(std::move(found.entries)),
      warnings_(std::move(found.warnings)),
      passed_over_(std::move(found.passed_over)),
      parsed_(found.parsed),
      read_(std::move(found.read)) {
  link();
}

void DocumentIndex::link() {
  by_name_.clear();
  by_id_.clear();
  for (const auto& [path, entry] : entries_) {
    if (entry.broken) continue;
    by_name_.emplace(entry.name, &entry);
    by_id_.emplace(entry.id, &entry);
  }
}

std::vector<const DocumentEntry*> DocumentIndex::definitions(AutoMade auto_made) const {
  std::vector<const DocumentEntry*> found;
  for (const auto& [path, entry] : entries_) {
    const bool wanted =
        entry.kind == DocumentKind::definition ||
        (entry.kind == DocumentKind::auto_definition && auto_made == AutoMade::shown);
    if (wanted && !entry.broken) found.push_back(&entry);
  }
  return found;
}

std::vector<const DocumentEntry*> DocumentIndex::workflows() const {
  std::vector<const DocumentEntry*> found;
  for (const auto& [path, entry] : entries_) {
    if (entry.is_workflow() && !entry.broken) found.push_back(&entry);
  }
  return found;
}

std::vector<std::string> DocumentIndex::names(bool workflows) const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : by_name_) {
    if (entry->is_workflow() == workflows) names.emplace_back(name);
  }
  return names;
}

std::vector<const DocumentEntry*> DocumentIndex::with_id(DocumentKind kind,
                                                         std::string_view id) const {
  return of_kind(by_id_, kind, id);
}

Result<const DocumentEntry*> DocumentIndex::find(std::string_view name_or_id,
                                                 std::initializer_list<DocumentKind> kinds) const {
  for (const auto& [lookup, what] : {std::pair(&by_name_, "name"), std::pair(&by_id_, "id")}) {
    for (const auto kind : kinds) {
      const auto found = of_kind(*lookup, kind, name_or_id);
      if (found.size() == 1) return found.front();
      if (found.empty()) continue;
      std::vector<std::string> paths;
      for (const auto* entry : found)
        paths.push_back(fmt::format("'{}'", entry->path));
      std::sort(paths.begin(), paths.end());
      return fail(ErrorCode::conflict,
                  fmt::format("the {} '{}' is in more than one file: {}", what, name_or_id,
                              fmt::join(paths, ", ")),
                  fmt::format("give each a {} of its own", what));
    }
  }
  return nullptr;
}

Result<const DocumentEntry*> DocumentIndex::find_definition(std::string_view name_or_id) const {
  SWAMP_TRY(const auto* entry,
            find(name_or_id, {DocumentKind::definition, DocumentKind::auto_definition}));
  if (entry) return entry;
  auto hint = did_you_mean(name_or_id, names(false));
  if (hint.empty()) hint = "'swamp model search' lists all models";
  return fail({.code = ErrorCode::not_found,
               .message = fmt::format("there is no model '{}'", name_or_id),
               .hint = std::move(hint),
               .name = "model_not_found"});
}

Result<const DocumentEntry*> DocumentIndex::find_workflow(std::string_view name_or_id) const {
  SWAMP_TRY(const auto* entry, find(name_or_id, {DocumentKind::workflow}));
  if (entry) return entry;
  auto hint = did_you_mean(name_or_id, names(true));
  if (hint.empty() && !passed_over_.empty())
    hint = fmt::format("'{}' is passed over: files of workflows are named 'workflow-….yaml'",
                       passed_over_);
  if (hint.empty()) hint = "'swamp workflow search' lists all workflows";
  return fail({.code = ErrorCode::not_found,
               .message = fmt::format("there is no workflow '{}'", name_or_id),
               .hint = std::move(hint),
               .name = "workflow_not_found"});
}

void DocumentIndex::update(DocumentEntry entry) {
  remove(entry.path);
  auto path = entry.path;
  const auto& stored = entries_.emplace(std::move(path), std::move(entry)).first->second;
  if (stored.broken) return;
  by_name_.emplace(stored.name, &stored);
  by_id_.emplace(stored.id, &stored);
}

void DocumentIndex::remove(std::string_view path) {
  const auto found = entries_.find(path);
  if (found == entries_.end()) return;
  unlink(by_name_, found->second.name, &found->second);
  unlink(by_id_, found->second.id, &found->second);
  entries_.erase(found);
}

}  // namespace swamp::repo
