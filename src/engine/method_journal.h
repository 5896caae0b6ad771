#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "async/task.h"
#include "base/clock.h"
#include "engine/method_runner.h"
#include "store/artifact_store.h"
#include "store/journal.h"
#include "store/layout.h"
#include "store/output_record.h"

namespace swamp::engine {

// The journal of a single call (`model method run`), as the records of a Journal:
//
//   {kind: method, model, type, record, at}    `record` is the call's output record as `running`
//   {kind: method-ended, succeeded, at, artifacts: […]}

/// Keeps a single call on record until its output record is there, and what it wrote until it is
/// on the disk.
class MethodJournal {
 public:
  /// Begins the journal and takes its lock, which says that the call is alive.
  static Result<MethodJournal> begin(const store::Layout& layout, std::string_view run_id,
                                     const MethodCall& call, const Clock& clock);

  /// Waits until everything that the call wrote can be had again after a crash.
  Task<> conclude(const MethodOutcome& outcome, store::Artifacts& artifacts);

  /// The call could not be made: it leaves nothing.
  Result<> abandon() { return journal_->seal(); }

 private:
  MethodJournal(std::unique_ptr<store::Journal> journal, const Clock& clock)
      : journal_(std::move(journal)), clock_(clock) {}

  std::unique_ptr<store::Journal> journal_;
  const Clock& clock_;
};

/// What a journal tells of a single call.
struct JournaledCall {
  std::string model;
  std::string type;
  store::OutputRecord record;  // as `running`
  bool ended = false;
};
/// Empty when it is the journal of something else.
std::optional<JournaledCall> call_of(const store::Journal::Content& content);

}  // namespace swamp::engine
