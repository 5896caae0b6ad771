#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "engine/plan.h"
#include "engine/run_event.h"
#include "store/run_record.h"
#include "value/value.h"

namespace swamp::engine {

// The changes of a run as its journal keeps them: maps with a text `kind`. Times are ISO texts,
// every text is redacted.
//
// clang-format off
//   {kind: start,    record, at}                               the run begins or goes on from here
//   {kind: job,      job, status, at, limited?}                running, succeeded, failed, skipped
//   {kind: expanded, job, step, names: [text], items: [any]}   the list of a forEach is known
//   {kind: begun,    job, step, attempt, at}
//   {kind: uses,     job, step, type, modelId, model, method}  may write data of that instance
//   {kind: ended,    job, step, status, at, attempt?, reason?, allowed?, error?, output?, assert?,
//                    artifacts: […], reports: […]}             artifacts as store::to_journal
//   {kind: nested,   job, step, workflow, run, at}             it runs another workflow
//   {kind: gate,     job, step, prompt, at}                    it waits for an approval
//   {kind: decided,  job, step, approved, reason?, by, at}
//   {kind: reopened, job, step}                                it runs again (`resume --from`)
//   {kind: run,      status, at, reason?, artifacts?: […]}     suspended, or the end
// clang-format on

/// What became of the run so far: its record, kept by folding changes into it. The same fold makes
/// the record of a live run and reads the journal of one whose process died, so the two never
/// disagree.
class RunHistory {
 public:
  explicit RunHistory(store::RunRecord record);

  /// Takes one change in. A change of a step or job that the record does not have adds it; a `kind`
  /// that is not known is passed over, so that an older program reads what a newer one wrote.
  void apply(const Value& change);
  void apply_all(const List& changes);

  /// What applying a `start` that carries this very record would come to, without reading it.
  void start(Timestamp at);

  /// How long the run was under way, as far as the changes tell: times between a suspension or
  /// crash and what went on from there do not count.
  std::chrono::milliseconds active_time() const;

  /// Adds the jobs and steps of a plan that the record does not have yet, as pending; those that
  /// the plan does not have and that have not ended become skipped.
  void adopt(const Plan& plan);

  const store::RunRecord& record() const { return record_; }
  store::RunRecord& mutable_record() { return record_; }

 private:
  void apply_start(const Value& change);
  void apply_reopening(const Value& change);
  void note_time(const Value& change);
  void note_job_began(const std::string& job);
  std::size_t job_place(const std::string& job);
  store::StepRecord& step_of(const Value& change);
  void index_job(std::size_t job);
  void drop_missing(const Plan& plan);
  void apply_expansion(const Value& change);
  void apply_end(const Value& change);

  store::RunRecord record_;
  std::unordered_map<std::string, std::size_t> jobs_;
  std::vector<std::unordered_map<std::string, std::size_t>> steps_;  // of each job, by name
  std::optional<Timestamp> resumed_at_;                              // of the last `start`
  std::optional<Timestamp> last_at_;                                 // of the last change
};

/// How long the run had been under way before its process began to work on it, and when one of its
/// jobs with a time limit began.
std::chrono::milliseconds active_before(const store::RunRecord& record);
std::chrono::milliseconds active_when_begun(const store::RunRecord& record, std::string_view job);

/// A forEach whose list is known, as the record keeps it.
struct RecordedExpansion {
  std::string job;
  std::string step;  // the template's name as written
  std::vector<std::string> names;
  List items;
};
std::vector<RecordedExpansion> expansions_of(const store::RunRecord& record);

}  // namespace swamp::engine
