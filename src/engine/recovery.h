#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/engine_services.h"
#include "engine/run_data.h"
#include "engine/run_history.h"
#include "engine/run_state.h"
#include "store/journal.h"
#include "store/run_record.h"

namespace swamp::engine {

/// The record of a run as it really stands: with the changes that only its journal has, when it is
/// under way, was suspended, or its process died. Takes no lock.
store::RunRecord current_record(const store::Layout& layout, store::RunRecord saved);

/// The same of a run that has not ended for good, by its journal alone, which takes a quarter of
/// the time; empty when that does not tell everything.
std::optional<store::RunRecord> record_by_journal(const store::Layout& layout,
                                                  std::string_view run_id);

/// A run that no process works on, taken over: nobody else can, for as long as the journal is held.
struct LeftRun {
  RunHistory history;
  std::unique_ptr<store::Journal>
      journal;   // null when there is none any more: the record says everything
  List records;  // of the journal
};

/// Takes over a run and sees to it that what it wrote is on the disk and in the catalogue.
/// Fails with conflict (code name `run_active`) while its process lives: one of ours by the lock on
/// its journal, one of the original's, which has no journal, by its process number on this machine.
Result<LeftRun> take_over_run(EngineServices& services, std::string_view workflow_id,
                              std::string_view run_id);

/// What a journal says of a run, over the record as it was saved. When the machine has started anew
/// since, the journal alone counts: the record may tell what was never on the disk.
RunHistory history_of(const store::Journal::Content& content, store::RunRecord saved);

/// What it means that a version is missing which this journal names.
store::Missing missing_in(const store::Journal::Content& content);

/// Makes the ephemeral data of a run, whose journal holds `records`, and of those nested in it,
/// whole again.
Result<> recover_ephemeral(EngineServices& services, List records,
                           store::EphemeralStore& ephemeral);

/// The journal of a run that is to go on: a new one when it had none.
Result<std::unique_ptr<store::Journal>> journal_of(EngineServices& services, LeftRun& left);

/// What of a record RunState has to know. A step that waited for an approval and is no gate in the
/// plan any more is one that has not run.
Past past_of(const store::RunRecord& record, const Plan& plan);

/// Which versions which step wrote, as far as they are still there.
std::vector<std::pair<StepOrigin, std::vector<store::Artifact>>> written_by_steps(
    const store::RunRecord& record, const store::Artifacts& artifacts);

/// The instances that the steps of a record used.
std::vector<model::Instance> instances_of(const store::RunRecord& record);

}  // namespace swamp::engine
