#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/artifact.h"

namespace swamp::store {

class Catalog;

/// A version to be written. Its content must be redacted already; the bytes are stored exactly as
/// they are.
struct Draft {
  ArtifactKey key;
  std::string content;
  std::string content_type = "application/json";
  std::string lifetime = "infinite";
  Retention retention = std::int64_t{10};
  bool streaming = false;
  Tags tags;  // must hold `type`
  Owner owner;
  Lifecycle lifecycle = Lifecycle::active;
};

/// A version that grows. The file lies in its version folder from the start, but the version does
/// not exist until it is finalized: no reader sees it. Destroying an unfinished writer removes the
/// file. Used by one thread at a time.
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;

  virtual Result<> append(std::string_view bytes) = 0;

  /// Where the bytes lie, for a process that writes the file itself; finalize() then measures the
  /// file.
  virtual const std::filesystem::path& path() const = 0;
  virtual std::uint32_t version() const = 0;

  /// Makes the version exist. To be called once.
  virtual Result<Artifact> finalize() = 0;
};

/// Reading data and writing new versions of it: the repository's store, a run's ephemeral store, or
/// both in one.
///
/// Safe from any thread. Nothing here waits for a sync: durability is the journal's matter. No
/// instance lock is taken.
class Artifacts {
 public:
  virtual ~Artifacts() = default;

  /// Writes `draft` as the next version of its name: number, content, metadata; the `latest` marker
  /// and the catalogue row follow with flush(). Readers of this process see the version at once.
  /// Fails with invalid_input (name, lifetime, policy, tags without `type`) or conflict (the name
  /// has another owner).
  virtual Result<Artifact> write(const Draft& draft) = 0;

  /// Begins a version whose content comes in pieces; `draft.content` is its beginning. Fails like
  /// write().
  virtual Result<std::unique_ptr<StreamWriter>> begin_stream(const Draft& draft) = 0;

  /// Appends to the latest version in place; it loses its checksum. Fails with invalid_input when
  /// the version is not `streaming`, with not_found when there is none.
  virtual Result<Artifact> append(const ArtifactKey& key, std::string_view bytes) = 0;

  /// Writes the `latest` markers of everything written since the last call: once per group of
  /// writes.
  virtual Result<> flush() = 0;

  /// The latest version, deleted or not. A forward left by a rename is followed, at most 5 hops:
  /// the artifact found has the new name as its key. Empty when the name has no version. Fails with
  /// invalid_input when its metadata is broken.
  virtual Result<std::optional<Artifact>> latest(const ArtifactKey& key) const = 0;

  /// Exactly this version; forwards are not followed.
  virtual Result<std::optional<Artifact>> version(const ArtifactKey& key,
                                                  std::uint32_t version) const = 0;

  /// All versions that exist, ascending.
  virtual Result<std::vector<std::uint32_t>> versions(const ArtifactKey& key) const = 0;

  /// All data names of an instance that have a version, sorted.
  virtual Result<std::vector<std::string>> names(const Instance& instance) const = 0;

  /// The bytes of a version found here. Fails with not_found when the file is missing.
  virtual Result<std::string> content(const Artifact& artifact) const = 0;
  virtual std::filesystem::path content_path(const Artifact& artifact) const = 0;
};

/// The data below one folder, on disk as the original lays it out (docs/data-store.md).
///
/// A version exists when its `metadata.yaml` does, and that appears last and whole. Between
/// processes the file system arbitrates: whoever makes the folder of a number owns the number.
class ArtifactStore final : public Artifacts {
 public:
  struct Options {
    std::filesystem::path root;    // `.swamp/data`; made when first written to
    const Clock* clock = nullptr;  // must outlive the store, like the next two
    IdSource* ids = nullptr;
    Catalog* catalog = nullptr;  // told of every change; null: nobody is
    bool prune_on_write =
        false;  // remove what a count policy no longer keeps, with each write (`autoGc`)
    /// Asked before a version of that run is pruned; empty: nothing is spared.
    std::function<bool(std::string_view workflow_run_id)> spare_run = {};
  };

  explicit ArtifactStore(Options options);
  ~ArtifactStore() override;  // flushes

  Result<Artifact> write(const Draft& draft) override;
  Result<std::unique_ptr<StreamWriter>> begin_stream(const Draft& draft) override;
  Result<Artifact> append(const ArtifactKey& key, std::string_view bytes) override;
  Result<> flush() override;
  Result<std::optional<Artifact>> latest(const ArtifactKey& key) const override;
  Result<std::optional<Artifact>> version(const ArtifactKey& key,
                                          std::uint32_t version) const override;
  Result<std::vector<std::uint32_t>> versions(const ArtifactKey& key) const override;
  Result<std::vector<std::string>> names(const Instance& instance) const override;
  Result<std::string> content(const Artifact& artifact) const override;
  std::filesystem::path content_path(const Artifact& artifact) const override;

  /// Writes the marker that says the data was deleted: the next version, whose content is the last
  /// JSON object with `deletedAt` and `deletedByMethod`. Empty when the name has no live version.
  Result<std::optional<Artifact>> write_tombstone(const ArtifactKey& key,
                                                  std::string_view by_method);

  struct Renamed {
    Artifact from;    // the version that was copied
    Artifact to;      // its copy, the first version of the new name or the one after a tombstone
    Artifact marker;  // the forward left under the old name
  };
  /// Gives the latest version a new name and leaves a forward. Fails with invalid_input (equal or
  /// bad names), not_found, or conflict (already deleted or renamed, the new name exists).
  Result<Renamed> rename(const ArtifactKey& key, std::string_view new_name);

  /// Removes a name with all versions; how many there were. Fails with not_found.
  Result<std::uint32_t> remove(const ArtifactKey& key);
  /// Removes one version; `latest` moves to the highest left, and with the last version the name
  /// goes. Fails with not_found, the hint lists the versions there are.
  Result<> remove_version(const ArtifactKey& key, std::uint32_t version);
  /// Removes everything an instance has.
  Result<> remove_instance(const Instance& instance);

  /// Makes this version exist with exactly this metadata and content when it is missing, short or
  /// different, and lets `latest` be at least it: for recovery and for copies from elsewhere.
  /// Whether anything had to be written.
  Result<bool> restore(const Artifact& artifact, std::string_view content);
  /// The same without content: metadata only, for content that is known to be there.
  Result<bool> restore_metadata(const Artifact& artifact);

  enum class Check : std::uint8_t { good, missing, size_differs, checksum_differs, no_checksum };
  /// Compares the content on disk with its metadata.
  Result<Check> verify(const Artifact& artifact) const;

  const std::filesystem::path& root() const;

 private:
  struct State;
  class Stream;
  std::unique_ptr<State> state_;
};

/// The data of one run that ends with it (lifetime `ephemeral`): the same layout in a folder of the
/// run's own, with a catalogue of its own, opened when the first item is written.
class EphemeralStore {
 public:
  struct Options {
    std::filesystem::path folder;  // private to the run; removed by remove()
    const Clock* clock = nullptr;
    IdSource* ids = nullptr;
    std::uint64_t budget = 512ull << 20;  // bytes of content; see parse_ephemeral_budget()
  };
  explicit EphemeralStore(Options options);
  ~EphemeralStore();

  /// Writing beyond the budget fails with invalid_input. Versions count from 1, whatever the
  /// repository holds.
  Artifacts& artifacts();
  const Artifacts& artifacts() const;
  /// Null while nothing was written.
  Catalog* catalog();
  bool empty() const;

  /// Sees to it that what records of the run's journals list is there: the part of recover() that
  /// is this store's.
  Result<> recover(const List& records);

  /// Removes the folder. Nothing may be used afterwards.
  Result<> remove();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What the steps of a run see: writes go by lifetime, reads look into the ephemeral store first.
class RunArtifacts final : public Artifacts {
 public:
  /// Both must outlive this.
  RunArtifacts(Artifacts& persistent, EphemeralStore& ephemeral);

  Result<Artifact> write(const Draft& draft) override;
  Result<std::unique_ptr<StreamWriter>> begin_stream(const Draft& draft) override;
  Result<Artifact> append(const ArtifactKey& key, std::string_view bytes) override;
  Result<> flush() override;
  Result<std::optional<Artifact>> latest(const ArtifactKey& key) const override;
  Result<std::optional<Artifact>> version(const ArtifactKey& key,
                                          std::uint32_t version) const override;
  Result<std::vector<std::uint32_t>> versions(const ArtifactKey& key) const override;
  Result<std::vector<std::string>> names(const Instance& instance) const override;
  Result<std::string> content(const Artifact& artifact) const override;
  std::filesystem::path content_path(const Artifact& artifact) const override;

 private:
  Artifacts& home_of(std::string_view lifetime) const;

  Artifacts& persistent_;
  EphemeralStore& ephemeral_;
};

/// The value of SWAMP_EPHEMERAL_BUDGET: a number with an optional unit (b, k, kb, m, mb, g, gb in
/// any case, powers of 1024). Fails with invalid_input.
Result<std::uint64_t> parse_ephemeral_budget(std::string_view text);

}  // namespace swamp::store
