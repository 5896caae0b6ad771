#include "engine/mending.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/method_journal.h"
#include "engine/recovery.h"
#include "engine/run_history.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/lock_table.h"
#include "store/journal.h"
#include "store/journal_folder.h"
#include "store/torn.h"
#include "value/text_of.h"

namespace swamp::engine {
namespace {

/// One after the other: who comes second must not take a run that is just being looked after for
/// one that is alive.
constexpr std::string_view kLockName = ".mending.lock";

/// The instances that a journal names: of versions, and of calls that may have written more.
std::set<store::Instance> instances_of(const List& records) {
  std::set<store::Instance> instances;
  for (const Value& record : records) {
    if (record["kind"] == Value("uses") || record["kind"] == Value("method")) {
      const Value& id =
          record["kind"] == Value("uses") ? record["modelId"] : record["record"]["definitionId"];
      instances.insert({text_of(record["type"]), text_of(id)});
    }
  }
  return instances;
}

/// The runs that a run had begun within it.
std::vector<std::string> begun_by(const List& records) {
  std::vector<std::string> runs;
  for (const Value& record : records) {
    if (record["kind"] == Value("nested")) runs.push_back(text_of(record["run"]));
  }
  return runs;
}

/// The folders in which calls that a journal names keep their output records.
std::set<std::filesystem::path> output_folders(const store::Layout& layout, const List& records) {
  std::set<std::filesystem::path> folders;
  for (const Value& record : records) {
    if (record["kind"] == Value("uses"))
      folders.insert(layout.method_outputs(text_of(record["type"]), text_of(record["method"])));
    if (record["kind"] == Value("method"))
      folders.insert(
          layout.method_outputs(text_of(record["type"]), text_of(record["record"]["methodName"])));
  }
  return folders;
}

Result<> remove_temporary_below(const std::filesystem::path& folder, int depth) {
  SWAMP_CHECK(os::remove_temporary_files(folder));
  if (depth == 0) return {};
  const auto entries = os::list_directory(folder);
  if (!entries) return {};  // gone meanwhile
  for (const os::DirectoryEntry& entry : *entries) {
    if (entry.kind == os::EntryKind::directory)
      SWAMP_CHECK(remove_temporary_below(folder / entry.name, depth - 1));
  }
  return {};
}

/// Mends one run, whose journal is held.
class Mending {
 public:
  Mending(EngineServices& services, const EndLeftovers& end_leftovers,
          std::unique_ptr<store::Journal> journal, store::Journal::Content content,
          std::string run_id)
      : services_(services),
        end_leftovers_(end_leftovers),
        journal_(std::move(journal)),
        content_(std::move(content)) {
    mended_.run_id = std::move(run_id);
  }

  Task<> run() {
    if (auto call = call_of(content_)) co_return co_await mend_call(*std::move(call));
    co_return co_await mend_workflow();
  }

  MendedRun take() { return std::move(mended_); }

 private:
  Task<> mend_call(JournaledCall call) {
    mended_.name = fmt::format("{}.{}", call.model, call.record.method);
    mended_.had_died = !call.ended;
    if (mended_.had_died) SWAMP_CO_CHECK(co_await end_leftovers_(mended_.run_id));
    SWAMP_CO_CHECK(mend_files());
    if (!call.ended) {
      call.record.status = store::OutputStatus::failed;
      call.record.error = {.message = "its process died before the method had ended", .stack = {}};
      SWAMP_CO_TRY(const auto path, services_.outputs.write(call.type, call.record));
      static_cast<void>(path);
    }
    SWAMP_CO_CHECK(os::remove_tree(services_.layout.run_private(mended_.run_id)));
    co_return journal_->seal();
  }

  Task<> mend_workflow() {
    SWAMP_CO_TRY(auto record, saved_record());
    if (!record) co_return let_go();
    RunHistory history = history_of(content_, *std::move(record));
    store::RunRecord& current = history.mutable_record();
    mended_.name = current.workflow_name;
    mended_.begun = begun_by(content_.records);
    mended_.had_died = current.status == store::RunStatus::running;
    if (mended_.had_died) SWAMP_CO_CHECK(co_await end_leftovers_(mended_.run_id));
    SWAMP_CO_CHECK(mend_files());
    SWAMP_CO_CHECK(os::remove_temporary_files(services_.layout.runs_of(current.workflow_id)));
    SWAMP_CO_CHECK(services_.runs.save(current, store::RunStore::Index::update));
    if (!store::is_terminal(current.status)) {
      mended_.can_resume = mended_.had_died;
      co_return journal_->rest();
    }
    SWAMP_CO_CHECK(os::remove_tree(services_.layout.run_private(mended_.run_id)));
    co_return journal_->seal();
  }

  /// There is no run. A journal that says nothing goes at once: the step around a run within a run
  /// begins it again, under the same id.
  Result<> let_go() {
    if (!content_.records.empty()) return journal_->seal();
    SWAMP_CHECK(os::remove_file(journal_->path()));
    return {};
  }

  /// The record as the file has it, else as the journal does. None when the process died before
  /// there was a run, or somebody has deleted the run.
  Result<std::optional<store::RunRecord>> saved_record() {
    auto saved = load();
    if (saved) return std::optional(*std::move(saved));
    const bool is_gone = saved.error().code == ErrorCode::not_found;
    // The file was there before the journal was: only a machine that stopped can have lost it.
    if (is_gone && (content_.records.empty() || !content_.outlived_boot)) return std::nullopt;
    if (content_.records.empty()) return fail(std::move(saved).error());
    SWAMP_TRY(auto record, store::RunRecord::from_value(content_.records.front()["record"]));
    return std::optional(std::move(record));
  }

  Result<store::RunRecord> load() {
    SWAMP_TRY(const auto summary, services_.runs.find(mended_.run_id));
    return services_.runs.load(summary.workflow_id, summary.id);
  }

  Result<> mend_files() {
    auto instances = instances_of(content_.records);
    for (const store::Instance& instance : instances) {
      // Names, and their versions.
      SWAMP_CHECK(
          remove_temporary_below(services_.layout.instance(instance.type, instance.model_id), 2));
    }
    for (const auto& folder : output_folders(services_.layout, content_.records)) {
      SWAMP_CHECK(os::remove_temporary_files(folder));
    }
    SWAMP_TRY(const auto recovered,
              store::recover(content_.records, services_.artifacts, missing_in(content_)));
    instances.insert(recovered.instances.begin(), recovered.instances.end());
    const std::vector<store::Instance> all(instances.begin(), instances.end());
    SWAMP_TRY(auto unreadable, services_.catalog.rescan(all));
    mended_.losses = std::move(unreadable);
    mended_.restored = recovered.restored.size();
    for (const store::Artifact& lost : recovered.lost) {
      mended_.losses.push_back(
          Error{.code = ErrorCode::unavailable,
                .message = fmt::format("version {} of data '{}' is damaged and cannot be restored",
                                       lost.metadata.version, lost.metadata.name)});
    }
    return {};
  }

  EngineServices& services_;
  const EndLeftovers& end_leftovers_;
  std::unique_ptr<store::Journal> journal_;
  store::Journal::Content content_;
  MendedRun mended_;
};

/// Nobody can go on from a file that is no journal; the record says what is known of the run.
Result<> set_aside(const std::filesystem::path& journal) {
  std::error_code problem;
  auto aside = journal;
  aside.replace_extension(".broken");
  std::filesystem::rename(journal, aside, problem);
  if (problem && problem != std::errc::no_such_file_or_directory)
    return fail(ErrorCode::unavailable,
                fmt::format("cannot rename '{}': {}", journal.string(), problem.message()));
  return {};
}

/// The first look since the machine started: what was being written when it stopped, and nobody
/// names, goes.
Result<> remove_torn(EngineServices& services, const std::vector<store::JournalFile>& journals) {
  std::set<store::VersionName> versions;
  std::set<std::string> runs;
  for (const store::JournalFile& file : journals) {
    const auto content = store::read_journal(file.path);
    if (!content || content->records.empty()) continue;
    runs.insert(file.run_id);
    SWAMP_TRY(const auto named, store::journaled_versions(content->records));
    for (const store::Artifact& one : named)
      versions.insert({one.key, one.metadata.version});
  }
  SWAMP_CHECK(store::remove_torn_records(services.layout, runs));
  SWAMP_TRY(const auto instances, store::remove_torn_versions(services.layout.data, versions));
  SWAMP_CHECK(services.catalog.rescan(instances));
  return {};
}

/// Whoever works already may be in the middle of a version.
bool any_alive(const std::vector<store::JournalFile>& journals) {
  return std::any_of(journals.begin(), journals.end(), [](const store::JournalFile& file) {
    return store::is_alive(file.path).value_or(true);
  });
}

/// Runs within runs that were mended too: whoever goes on with those goes on with them.
void note_nesting(std::vector<MendedRun>& mended) {
  for (const MendedRun& outer : mended) {
    for (const std::string& inner : outer.begun) {
      const auto found = std::find_if(mended.begin(), mended.end(),
                                      [&](const MendedRun& run) { return run.run_id == inner; });
      if (found != mended.end()) found->within = outer.run_id;
    }
  }
}

}  // namespace

Task<std::vector<MendedRun>> mend_left_runs(EngineServices& services, EndLeftovers end_leftovers) {
  std::vector<MendedRun> mended;
  SWAMP_CO_CHECK(os::make_directories(services.layout.journals));
  os::LockTable table;
  os::LockWait wait;
  SWAMP_CO_TRY(const auto held, co_await table.lock(services.layout.journals / kLockName,
                                                    os::LockMode::exclusive, std::move(wait)));
  const Value ours = services.process_environment["SWAMP_RUN"];
  SWAMP_CO_TRY(const auto journals, store::list_journals(services.layout.journals));
  const bool is_first_look =
      !store::is_looked_after(services.layout.journals) && !any_alive(journals);
  if (is_first_look) SWAMP_CO_CHECK(remove_torn(services, journals));
  for (const store::JournalFile& file : journals) {
    if (file.state != store::JournalState::open || Value(file.run_id) == ours) continue;
    store::Journal::Content content;
    auto journal = store::Journal::take_over(file.path, content);
    if (!journal && journal.error().code == ErrorCode::invalid_input) {
      SWAMP_CO_CHECK(set_aside(file.path));
      mended.push_back({.run_id = file.run_id, .losses = {journal.error()}});
    }
    if (!journal) continue;  // alive, or gone meanwhile
    Mending mending(services, end_leftovers, *std::move(journal), std::move(content), file.run_id);
    auto done = co_await mending.run();
    if (!done && done.error().code == ErrorCode::cancelled) co_return fail(std::move(done).error());
    mended.push_back(mending.take());
    if (!done) mended.back().losses.push_back(std::move(done).error());
  }
  note_nesting(mended);
  if (is_first_look) SWAMP_CO_CHECK(store::mark_looked_after(services.layout.journals));
  co_return mended;
}

}  // namespace swamp::engine
