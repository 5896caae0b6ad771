#include "engine/recorder.h"

#include <algorithm>
#include <fcntl.h>

#include <fmt/format.h>

namespace swamp::engine {
namespace {

constexpr std::chrono::steady_clock::duration kSaveInterval = std::chrono::seconds(1);
constexpr int kSaveShare = 30;  // saving takes at most one part in so many of the run's time
constexpr std::size_t kLogBuffer = 64 * 1024;

constexpr std::string_view level_name(LogLevel level) {
  constexpr std::string_view kNames[] = {"TRC", "DBG", "INF", "WRN", "ERR", "FTL"};
  return kNames[static_cast<std::size_t>(level)];
}

bool is_final(RunStatus status) {
  return status == RunStatus::succeeded || status == RunStatus::failed ||
         status == RunStatus::cancelled;
}

}  // namespace

RunLog::RunLog(std::filesystem::path path, const Clock& clock)
    : path_(std::move(path)), clock_(clock) {}

void RunLog::line(LogLevel level, std::string_view category, std::string_view text) {
  fmt::format_to(std::back_inserter(buffer_), "{} [{}] {}: {}\n", to_iso8601(clock_.now()),
                 level_name(level), category, text);
  if (buffer_.size() >= kLogBuffer) flush();
}

void RunLog::flush() {
  if (buffer_.empty()) return;
  if (!file_.is_open()) {
    file_ = os::open_descriptor(path_, O_WRONLY | O_CREAT | O_APPEND, "write")
                .value_or(os::Descriptor());
  }
  // A full disk costs the log its line and nothing else.
  if (file_.is_open()) (void)os::write_all(file_, buffer_, path_);
  buffer_.clear();
}

Recorder::Recorder(Setup setup, RunHistory history, std::unique_ptr<store::Journal> journal)
    : setup_(setup), history_(std::move(history)), journal_(std::move(journal)) {}

Recorder::~Recorder() = default;

Result<std::unique_ptr<Recorder>> Recorder::begin(Setup setup, RunHistory history) {
  const auto journal_path = setup.runs.layout().journal(history.record().id);
  std::unique_ptr<Recorder> recorder(new Recorder(setup, std::move(history), nullptr));
  SWAMP_CHECK(recorder->save(store::RunStore::Index::keep));
  SWAMP_TRY(recorder->journal_, store::Journal::create(journal_path));
  recorder->append_start();
  return recorder;
}

Result<std::unique_ptr<Recorder>> Recorder::go_on(Setup setup, RunHistory history,
                                                  std::unique_ptr<store::Journal> journal) {
  const std::int64_t active = history.active_time().count();
  if (!history.record().extra.is_map()) history.mutable_record().extra = Map{};
  history.mutable_record().extra.mutable_map().set("activeMs", active);
  std::unique_ptr<Recorder> recorder(new Recorder(setup, std::move(history), std::move(journal)));
  // The index may call it ended.
  SWAMP_CHECK(recorder->save(store::RunStore::Index::update));
  recorder->append_start();
  return recorder;
}

/// With the record in it the journal tells all by itself: whatever became of the YAML file.
void Recorder::append_start() {
  const Timestamp at = setup_.clock.now();
  history_.start(at);
  journal_->append(
      Map{{"kind", "start"}, {"record", history_.record().to_value()}, {"at", to_iso8601(at)}});
}

void Recorder::run_changed(RunStatus status, std::string_view reason) {
  Map change{{"kind", "run"}, {"status", std::string(to_string(status))}};
  if (!reason.empty()) change.set("reason", reason);
  append(std::move(change));
}

void Recorder::job_began(std::string_view job, bool is_limited) {
  Map change{{"kind", "job"}, {"job", job}, {"status", "running"}};
  if (is_limited) change.set("limited", true);
  append(std::move(change));
}

void Recorder::job_changed(std::string_view job, NodeStatus status, std::string_view reason) {
  Map change{{"kind", "job"}, {"job", job}, {"status", std::string(to_string(status))}};
  if (!reason.empty()) change.set("reason", reason);
  append(std::move(change));
}

void Recorder::expanded(std::string_view job, std::string_view step,
                        const std::vector<std::string>& names, const List& items) {
  append({{"kind", "expanded"},
          {"job", job},
          {"step", step},
          {"names", List(names.begin(), names.end())},
          {"items", redacted(items)}});
}

void Recorder::step_began(std::string_view job, std::string_view step, int attempt) {
  append({{"kind", "begun"}, {"job", job}, {"step", step}, {"attempt", attempt}});
}

store::Journal::Sequence Recorder::step_ended(std::string_view job, std::string_view step,
                                              int attempt, StepResult result) {
  Map change{{"kind", "ended"},
             {"job", job},
             {"step", step},
             {"status", std::string(to_string(result.status))},
             {"attempt", attempt}};
  if (!result.reason.empty()) change.set("reason", result.reason);
  if (result.allowed) change.set("allowed", true);
  if (!result.error.empty()) change.set("error", result.error);
  if (!result.output.is_null()) change.set("output", result.output);
  if (!result.assertion.is_null()) change.set("assert", result.assertion);
  if (!result.written.empty()) change.set("artifacts", journaled(result.written));
  if (!result.reports.empty()) change.set("reports", journaled(result.reports));
  std::vector<WrittenArtifact> written = std::move(result.written);
  std::move(result.reports.begin(), result.reports.end(), std::back_inserter(written));
  return append(std::move(change), written);
}

void Recorder::uses(std::string_view job, std::string_view step, const model::Instance& instance,
                    std::string_view method) {
  append({{"kind", "uses"},
          {"job", job},
          {"step", step},
          {"type", instance.type},
          {"modelId", instance.id},
          {"model", instance.name},
          {"method", method}});
}

Task<> Recorder::nested_begins(std::string_view job, std::string_view step,
                               std::string_view workflow, std::string_view run_id) {
  const auto recorded = append(
      {{"kind", "nested"}, {"job", job}, {"step", step}, {"workflow", workflow}, {"run", run_id}});
  co_return co_await journal_->durable(recorded);
}

void Recorder::gate_opened(std::string_view job, std::string_view step, std::string_view prompt) {
  append({{"kind", "gate"}, {"job", job}, {"step", step}, {"prompt", prompt}});
}

void Recorder::decided(std::string_view job, std::string_view step,
                       const store::ApprovalDecision& decision) {
  Map change{{"kind", "decided"}, {"job", job}, {"step", step}, {"approved", decision.approved}};
  if (!decision.reason.empty()) change.set("reason", decision.reason);
  change.set("by", decision.decided_by);
  append(std::move(change));
}

void Recorder::reopened(std::string_view job, std::string_view step) {
  append({{"kind", "reopened"}, {"job", job}, {"step", step}});
}

Task<> Recorder::settle() {
  if (first_error_) co_return fail(*first_error_);
  SWAMP_CO_CHECK(setup_.artifacts.flush());
  co_return co_await journal_->durable(journal_->last());
}

Task<> Recorder::conclude(RunStatus status, std::string reason,
                          std::vector<WrittenArtifact> artifacts) {
  Map change{{"kind", "run"}, {"status", std::string(to_string(status))}};
  if (!reason.empty()) change.set("reason", reason);
  if (!artifacts.empty()) change.set("artifacts", journaled(artifacts));
  append(std::move(change), artifacts);
  SWAMP_CO_CHECK(setup_.artifacts.flush());
  SWAMP_CO_CHECK(save(store::RunStore::Index::update));
  SWAMP_CO_CHECK(co_await settle());
  if (is_final(status)) SWAMP_CO_CHECK(journal_->seal());
  if (status == RunStatus::suspended) SWAMP_CO_CHECK(journal_->rest());
  co_return Result<>{};
}

/// Large content is not carried by the journal: its file is on the disk before the record that
/// names it.
store::Journal::Sequence Recorder::append(Map change, const std::vector<WrittenArtifact>& written) {
  change.set("at", to_iso8601(setup_.clock.now()));
  const Value record(std::move(change));
  std::vector<std::filesystem::path> sync_first;
  for (const WrittenArtifact& one : written) {
    const bool is_whole = one.artifact.metadata.size.value_or(0) <= store::kWholeContentLimit;
    if (!is_whole) sync_first.push_back(setup_.artifacts.content_path(one.artifact));
  }
  history_.apply(record);
  const auto sequence = journal_->append(record, std::move(sync_first));
  save_now_and_then();
  return sequence;
}

/// The next time is due when that costs the run little.
Result<> Recorder::save(store::RunStore::Index index) {
  const auto began = setup_.clock.steady();
  SWAMP_CHECK(setup_.runs.save(history_.mutable_record(), index));
  const auto ended = setup_.clock.steady();
  next_save_ = ended + std::max(kSaveInterval, kSaveShare * (ended - began));
  return {};
}

void Recorder::save_now_and_then() {
  if (setup_.clock.steady() < next_save_) return;
  auto saved = save(store::RunStore::Index::keep);
  if (saved) saved = setup_.artifacts.flush();
  if (!saved && !first_error_) first_error_ = std::move(saved).error();
}

Value Recorder::journaled(const std::vector<WrittenArtifact>& written) const {
  List entries;
  for (const WrittenArtifact& one : written) {
    entries.push_back(store::to_journal(one.artifact, one.content));
  }
  return entries;
}

}  // namespace swamp::engine
