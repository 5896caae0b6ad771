#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/clock.h"
#include "engine/method_runner.h"
#include "engine/run_history.h"
#include "os/descriptor.h"
#include "store/artifact_store.h"
#include "store/journal.h"
#include "store/run_record.h"

namespace swamp::engine {

enum class LogLevel : std::uint8_t { trace, debug, info, warning, error, fatal };

/// The text file that tells a run line by line: `<time> [INF] workflow·run·release·main·build:
/// text`. A line is written whole; a failing write stops nothing.
class RunLog {
 public:
  RunLog(std::filesystem::path path, const Clock& clock);
  ~RunLog() { flush(); }
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;

  void line(LogLevel level, std::string_view category, std::string_view text);

  /// Writes what is kept back. Lines are kept for as long as one turn of the event loop lasts.
  void flush();

 private:
  std::filesystem::path path_;
  const Clock& clock_;
  std::string buffer_;
  os::Descriptor file_;
};

/// What a step that ended leaves on record.
struct StepResult {
  NodeStatus status = NodeStatus::succeeded;
  std::string reason = {};
  bool allowed = false;
  std::string error = {};  // redacted, like all that follows
  Value output = {};       // a map, or null
  Value assertion = {};    // {passed, expr, message, severity, error?}, or null
  std::vector<WrittenArtifact> written = {};
  std::vector<WrittenArtifact> reports = {};
};

/// Keeps a run on record: a journal entry for every change, at once and in groups; the YAML record
/// at start, suspension and end, and at most once a second between (less often where it is so long
/// that writing it would show); `latest` markers once per group.
///
/// Knows no plan and decides nothing. Used from the event loop's thread. What cannot be written is
/// remembered and told by settle(): a run does not go on pretending to be on record.
class Recorder {
 public:
  struct Setup {
    store::RunStore& runs;
    store::Artifacts& artifacts;  // flushed with every group
    const Clock& clock;
  };

  /// Puts a new run on record: the YAML file first, then the journal, whose lock says that the run
  /// is alive.
  static Result<std::unique_ptr<Recorder>> begin(Setup setup, RunHistory history);

  /// Goes on with a run whose journal was taken over (or is new, when it was gone); `history` has
  /// its changes already and is what the run is from here on.
  static Result<std::unique_ptr<Recorder>> go_on(Setup setup, RunHistory history,
                                                 std::unique_ptr<store::Journal> journal);
  ~Recorder();

  const store::RunRecord& record() const { return history_.record(); }
  store::Journal& journal() { return *journal_; }

  void run_changed(RunStatus status, std::string_view reason = {});
  /// `is_limited`: it has a time limit, so it matters when that began.
  void job_began(std::string_view job, bool is_limited);
  void job_changed(std::string_view job, NodeStatus status, std::string_view reason = {});
  void expanded(std::string_view job, std::string_view step, const std::vector<std::string>& names,
                const List& items);
  void step_began(std::string_view job, std::string_view step, int attempt);
  /// Gives the change's place in the journal.
  store::Journal::Sequence step_ended(std::string_view job, std::string_view step, int attempt,
                                      StepResult result);
  /// The step calls a method of this instance: from here on it may write data of it.
  void uses(std::string_view job, std::string_view step, const model::Instance& instance,
            std::string_view method);
  /// The step runs another workflow, as the run `run_id`, which may begin when this returns: then
  /// the disk has it, and whoever goes on with this run finds that one.
  Task<> nested_begins(std::string_view job, std::string_view step, std::string_view workflow,
                       std::string_view run_id);
  void gate_opened(std::string_view job, std::string_view step, std::string_view prompt);
  void decided(std::string_view job, std::string_view step,
               const store::ApprovalDecision& decision);
  void reopened(std::string_view job, std::string_view step);

  /// Waits until everything so far is on the disk: before success, a suspension or a decision is
  /// told.
  Task<> settle();

  /// The last words: what the run itself wrote, its status, the YAML record with its index; then
  /// durable and, for a run that has ended for good, sealed.
  Task<> conclude(RunStatus status, std::string reason, std::vector<WrittenArtifact> artifacts);

  /// The record as conclude() wrote it. Nothing is left here; what it may become is over.
  store::RunRecord take_record() { return std::move(history_.mutable_record()); }

 private:
  Recorder(Setup setup, RunHistory history, std::unique_ptr<store::Journal> journal);

  void append_start();
  store::Journal::Sequence append(Map change, const std::vector<WrittenArtifact>& written = {});
  Result<> save(store::RunStore::Index index);
  void save_now_and_then();
  Value journaled(const std::vector<WrittenArtifact>& written) const;

  Setup setup_;
  RunHistory history_;
  std::unique_ptr<store::Journal> journal_;
  std::chrono::steady_clock::time_point next_save_ = {};
  std::optional<Error> first_error_;
};

}  // namespace swamp::engine
