#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "os/directory.h"
#include "os/file.h"
#include "store/record_file.h"
#include "store/run_index.h"
#include "store/run_record.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kBegin = "workflow-run-";
constexpr std::string_view kEnd = ".yaml";

/// Ids of the runs that have a record, from the names of a workflow's folder.
std::vector<std::string> run_ids(const fs::path& folder) {
  std::vector<std::string> ids;
  for (const os::DirectoryEntry& entry : os::find_entries(folder)) {
    const std::string_view name = entry.name;
    if (entry.kind != os::EntryKind::file || !name.starts_with(kBegin) || !name.ends_with(kEnd))
      continue;
    ids.emplace_back(name.substr(kBegin.size(), name.size() - kBegin.size() - kEnd.size()));
  }
  return ids;
}

std::vector<std::string> workflow_ids(const Layout& layout) {
  std::vector<std::string> ids;
  for (const os::DirectoryEntry& entry : os::find_entries(layout.workflow_runs)) {
    const bool is_workflow = entry.kind == os::EntryKind::directory && !entry.name.starts_with('.');
    if (is_workflow) ids.push_back(entry.name);
  }
  return ids;
}

/// The text of an index; empty when there is none to be read.
std::string index_text(const fs::path& path) {
  auto text = os::read_file_if_there(path);
  return text && *text ? **std::move(text) : std::string();
}

RunIndex read_index(const fs::path& path) {
  return RunIndex::from_json(index_text(path)).value_or(RunIndex());
}

/// The text of the index with this run as it is now.
std::string updated_index(const fs::path& path, RunSummary run) {
  const std::string text = index_text(path);
  if (auto grown = RunIndex::with_new(text, run)) return *std::move(grown);
  auto index = RunIndex::from_json(text).value_or(RunIndex());
  index.set(std::move(run));
  return index.to_json();
}

bool is_newer(const RunSummary& a, const RunSummary& b) {
  if (a.started_at != b.started_at) return a.started_at > b.started_at;
  return a.id > b.id;
}

}  // namespace

RunStore::RunStore(Layout layout) : layout_(std::move(layout)) {}

Result<> RunStore::save(RunRecord& record, Index index) {
  summarize(record);
  const auto path = layout_.run_record(record.workflow_id, record.id);
  const auto text = record.to_yaml();
  auto written = os::write_file_atomically(path, text);
  if (!written && written.error().code == ErrorCode::not_found) {
    SWAMP_CHECK(os::make_directories(path.parent_path()));
    written = os::write_file_atomically(path, text);
  }
  if (!written || index == Index::keep) return written;
  const auto index_path = layout_.runs_index(record.workflow_id);
  return os::write_file_atomically(index_path, updated_index(index_path, summary_of(record)));
}

Result<RunRecord> RunStore::load(std::string_view workflow_id, std::string_view run_id) const {
  auto record = read_record<RunRecord>(layout_.run_record(workflow_id, run_id));
  if (!record && record.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::not_found, fmt::format("run '{}' does not exist", run_id));
  }
  return record;
}

Result<RunSummary> RunStore::find(std::string_view id_or_prefix) const {
  const auto prefix = normalized_prefix(id_or_prefix);
  std::vector<std::pair<std::string, std::string>> matches;  // workflow, run
  if (!prefix.empty()) {
    for (const std::string& workflow : workflow_ids(layout_)) {
      for (std::string& run : run_ids(layout_.runs_of(workflow))) {
        if (has_prefix(run, prefix)) matches.emplace_back(workflow, std::move(run));
      }
    }
  }
  if (matches.empty())
    return fail(ErrorCode::not_found, fmt::format("run '{}' does not exist", id_or_prefix));
  if (matches.size() > 1) {
    std::vector<std::string> ids;
    for (const auto& match : matches)
      ids.push_back(match.second);
    return fail(ambiguous_prefix(id_or_prefix, ids));
  }
  const auto& [workflow, run] = matches.front();
  SWAMP_TRY(const auto record, load(workflow, run));
  return summary_of(record);
}

Result<std::optional<RunSummary>> RunStore::latest(std::string_view workflow_id) const {
  auto runs = list(workflow_id).runs;
  if (runs.empty()) return std::nullopt;
  return std::move(runs.front());
}

RunStore::Listing RunStore::list(std::string_view workflow_id) const {
  const auto path = layout_.runs_index(workflow_id);
  auto index = read_index(path);
  std::unordered_map<std::string_view, const RunSummary*> indexed;
  for (const RunSummary& run : index.entries)
    indexed.emplace(run.id, &run);

  Listing listing;
  bool is_behind = false;
  std::size_t known = 0;
  for (const std::string& id : run_ids(layout_.runs_of(workflow_id))) {
    const auto found = indexed.find(id);
    known += found != indexed.end() ? 1 : 0;
    // What has ended does not change; of anything else the record knows more than the index may.
    if (found != indexed.end() && is_terminal(found->second->status)) {
      listing.runs.push_back(*found->second);
      continue;
    }
    auto record = load(workflow_id, id);
    if (!record) {
      if (record.error().code != ErrorCode::not_found)
        listing.warnings.push_back(std::move(record).error());
      continue;
    }
    is_behind |= is_terminal(record->status);
    listing.runs.push_back(summary_of(*record));
  }
  is_behind |= index.entries.size() != known && listing.warnings.empty();
  if (is_behind) {
    // Only a saving of time for the next who looks (what has not ended is read all the same); it
    // does not matter when it cannot be written.
    (void)os::write_file_atomically(path, RunIndex{listing.runs}.to_json());
  }
  std::sort(listing.runs.begin(), listing.runs.end(), is_newer);
  return listing;
}

RunStore::Listing RunStore::list() const {
  Listing all;
  for (const std::string& workflow : workflow_ids(layout_)) {
    auto listing = list(workflow);
    std::move(listing.runs.begin(), listing.runs.end(), std::back_inserter(all.runs));
    std::move(listing.warnings.begin(), listing.warnings.end(), std::back_inserter(all.warnings));
  }
  std::sort(all.runs.begin(), all.runs.end(), is_newer);
  return all;
}

Result<> RunStore::remove(std::string_view workflow_id, std::string_view run_id) {
  SWAMP_TRY(const bool was_there, os::remove_file(layout_.run_record(workflow_id, run_id)));
  if (!was_there) return fail(ErrorCode::not_found, fmt::format("run '{}' does not exist", run_id));
  SWAMP_CHECK(os::remove_file(layout_.run_log(workflow_id, run_id)));
  const auto folder = layout_.runs_of(workflow_id);
  const auto index_path = layout_.runs_index(workflow_id);
  if (run_ids(folder).empty()) {
    SWAMP_CHECK(os::remove_file(index_path));
    std::error_code not_empty;  // then something of somebody else lies there
    fs::remove(folder, not_empty);
    return {};
  }
  auto index = read_index(index_path);
  if (!index.find(run_id)) return {};
  index.erase(run_id);
  return os::write_file_atomically(index_path, index.to_json());
}

}  // namespace swamp::store
