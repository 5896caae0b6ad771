#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace swamp::store {

class ArtifactStore;

/// What the listing of the folder tells of a journal, so that nobody has to open those that need
/// nothing.
enum class JournalState : std::uint8_t {
  open,     // a process works on the run, or died over it: the lock tells which
  resting,  // nobody works on the run, and nothing is left to put right: it is suspended, or was
            // looked after
  ended,    // sealed
};

struct JournalFile {
  std::filesystem::path path;
  std::string run_id;
  JournalState state = JournalState::open;
};

/// The journals of a folder, sorted by run id.
Result<std::vector<JournalFile>> list_journals(const std::filesystem::path& folder);

/// Has the listing tell the state of a journal, by an empty file `<run id>.<boot>.<state>` beside
/// it. It counts until the machine starts anew: what was never synced may be gone then, and is to
/// be looked at again. To be called by who holds the journal. `state` is not `open`.
Result<> mark_journal(const std::filesystem::path& journal, JournalState state);
/// Has the listing call it `open`. Returns whether it was marked since the machine started.
Result<bool> unmark_journal(const std::filesystem::path& journal);

/// Whether everything that runs leave was looked at since the machine started. What cannot be told
/// (the machine has no boot id) was.
bool is_looked_after(const std::filesystem::path& folder);
/// Says that it was. The folder must exist.
Result<> mark_looked_after(const std::filesystem::path& folder);

/// Removes journals of ended runs: takes each lock, leaves those alive or unsealed, recovers those
/// of an earlier boot, makes everything durable with one syncfs, and only then removes. What
/// processes that died left in the folder goes too. Returns how many journals went.
Result<std::size_t> retire_journals(const std::filesystem::path& folder, ArtifactStore& artifacts);

/// Removes the journal of a run that somebody deletes, once what it names is durable. One that a
/// process holds stays.
Result<> forget_journal(const std::filesystem::path& journal, const std::filesystem::path& data);

/// How many ended journals may lie there before a command that runs something has them retired:
/// often enough that they stay few, and seldom enough that hardly any command waits for the sync.
inline constexpr std::size_t kEndedJournalsKept = 32;

}  // namespace swamp::store
