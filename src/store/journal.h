#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/result.h"
#include "store/artifact.h"
#include "value/value.h"

namespace swamp::store {

class ArtifactStore;
enum class JournalState : std::uint8_t;

/// The write-ahead log of one run: small JSON documents, appended and never changed.
///
/// The process that holds a Journal holds the kernel's lock on its file: the run is alive as long
/// as the process is. A thread of its own writes what is appended, in groups; whatever was written
/// outlives the process, and what was made durable outlives the machine. Safe from any thread.
class Journal {
 public:
  using Sequence = std::uint64_t;  // of a record, from 1

  /// Begins the journal of a new run and takes its lock. Fails with conflict when the file exists.
  static Result<std::unique_ptr<Journal>> create(const std::filesystem::path& path);

  /// What an earlier process wrote: whole records, in order.
  struct Content {
    List records;
    bool sealed = false;  // the run had ended and its last record was written
    bool torn =
        false;  // the file ends within a record, or in one that is damaged; it counts for nothing
    std::string boot_id;  // of the machine when it was written
    /// The machine has started anew since, and nobody has put right yet what that may have cost.
    bool outlived_boot = false;
    std::uint64_t size = 0;  // bytes of the whole records
  };

  /// Takes over the journal of a run whose process is gone, to go on writing it: takes the lock,
  /// cuts a torn tail. Fails with not_found, with conflict while the run is alive, with
  /// invalid_input when it is no journal.
  static Result<std::unique_ptr<Journal>> take_over(const std::filesystem::path& path,
                                                    Content& content);

  ~Journal();  // writes what was appended, without a sync, and gives the lock back
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Adds a record, a map with a text `kind`, and returns at once. Files in `sync_first` are synced
  /// before the record is written: for content that the record only names. An error of writing
  /// shows in durable().
  Sequence append(Value record, std::vector<std::filesystem::path> sync_first = {});

  /// Waits until the record and all before it are on the disk. Calls at about the same time share
  /// one sync.
  Task<> durable(Sequence sequence);
  /// The same for code that is not a coroutine.
  Result<> wait_durable(Sequence sequence);

  /// Waits until everything appended is written (not synced): another process that reads the file
  /// sees it.
  Result<> wait_written();

  /// Says that the run has ended and everything it left is in the files. Nothing may be appended
  /// afterwards.
  Result<> seal();

  /// Says that this process lets go of a run that has not ended, and leaves nothing behind that
  /// somebody would have to put right. Nothing may be appended afterwards.
  Result<> rest();

  Sequence last() const;
  const std::filesystem::path& path() const;

 private:
  struct State;
  explicit Journal(std::unique_ptr<State> state);
  void push_wait(Sequence upto, bool for_sync, std::function<void(Result<>)> done);
  Result<> wait(Sequence upto, bool for_sync);
  Result<> close(JournalState state);

  std::unique_ptr<State> state_;
};

/// Reads a journal without locking it; one that is being written ends wherever it is just then.
/// Fails with not_found, or with invalid_input when the file does not begin as a journal.
Result<Journal::Content> read_journal(const std::filesystem::path& path);
/// The same over bytes, with the grammar of the format above it.
Result<Journal::Content> parse_journal(std::string_view bytes, std::string_view name);

/// Whether a process holds the journal, that is: the run is alive. A missing journal is not.
Result<bool> is_alive(const std::filesystem::path& journal);

/// Content up to this size goes into the journal whole.
inline constexpr std::size_t kWholeContentLimit = 64 * 1024;

/// A version as a step's end record carries it, one entry of its list `artifacts`: key, metadata,
/// and the content when it is at most kWholeContentLimit (text, or base64 when it is not UTF-8).
Value to_journal(const Artifact& artifact, std::string_view content);

/// The version of such an entry, and its content when the entry carries it.
struct JournaledArtifact {
  Artifact artifact;
  std::optional<std::string> content;
};
Result<JournaledArtifact> from_journal(const Value& entry);
/// The same for who wants to know which version it is, and nothing of its content.
Result<ArtifactRef> ref_from_journal(const Value& entry);

/// The versions of a journal's records, and nothing of their content.
Result<std::vector<Artifact>> journaled_versions(const List& records);
/// All versions that a journal's records list (the lists `artifacts` and `reports` of any kind of
/// record).
Result<std::vector<JournaledArtifact>> journaled_artifacts(const List& records);

struct Recovery {
  std::vector<Artifact> restored;   // missing, short or different, and written again
  std::vector<Artifact> lost;       // listed without content, and not good on disk
  std::vector<Instance> instances;  // everything touched: for Catalog::rescan
};
/// What it means that a version is not there at all. As long as the machine runs no file gets lost:
/// garbage collection or a user removed it. A machine that stopped may have lost it.
enum class Missing : std::uint8_t { removed, lost };

/// Sees to it that every artifact that a record lists exists and passes its checksum, and that
/// `latest` is not behind; what was `removed` stays so. Data of lifetime `ephemeral` is not the
/// repository's and is left alone.
Result<Recovery> recover(const List& records, ArtifactStore& artifacts, Missing missing);

}  // namespace swamp::store
