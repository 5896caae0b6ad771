#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/artifact.h"

namespace swamp::store {

/// One version as the catalogue knows it.
struct CatalogRow {
  Artifact artifact;
  bool is_latest = false;
  /// False for every version of a name whose newest version is a tombstone.
  bool is_live = true;
  /// The content as compact JSON when it is JSON of at most 64 KiB; else empty, and the file is to
  /// be read.
  std::string attributes;
};

/// Which rows to find. Empty fields do not restrict.
struct CatalogFilter {
  std::string type;
  std::string model_id;
  std::string name;
  std::string model_name;  // the tag `modelName`
  std::string spec_name;   // the tag `specName`
  std::string workflow_run_id;
  std::string data_id;
  std::optional<Tags::Entry> tag = std::nullopt;
  std::optional<std::uint32_t> version = std::nullopt;
  bool latest_only = true;
  bool include_deleted = false;
};

/// The index of all data: a SQLite file of our own, which can always be made again from the files.
///
/// Changes are queued and written in groups by one thread; nobody waits for them except in flush().
/// A change that cannot be written makes the catalogue distrust itself: the next to open it
/// rebuilds it. Safe from any thread.
///
/// Latest is one version per data name: the newest. When a run wrote that, the newest version of
/// each other step of the same run counts too.
class Catalog {
 public:
  struct Options {
    std::filesystem::path file;  // made with its folder when absent
    std::filesystem::path root;  // the data it describes
    /// The original's catalogue: its age tells that the original wrote. Empty: not looked at.
    std::filesystem::path original = {};
  };

  /// Opens nothing yet but remembers where; the file is opened with first use.
  explicit Catalog(Options options);
  ~Catalog();  // writes what is queued
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  /// Takes a version in. `content` is looked at only when it is JSON of at most 64 KiB.
  void add(const Artifact& artifact, std::string content);
  void remove(const ArtifactKey& key);
  void remove_version(const ArtifactKey& key, std::uint32_t version);
  void remove_instance(const Instance& instance);

  /// Waits until everything queued so far is committed. Fails with the first error since the last
  /// call.
  Result<> flush();

  /// Makes the catalogue agree with the files where it may not: builds it when it is absent, of
  /// another schema, damaged or distrusted; rescans names that changed when the original or
  /// somebody else wrote. Done once by the first reader of a process; costs one look per instance
  /// when nothing happened. Returns what could not be read.
  Result<std::vector<Error>> bring_up_to_date();

  /// Reads everything of these instances again from the files.
  Result<std::vector<Error>> rescan(std::span<const Instance> instances);
  /// Reads everything again.
  Result<std::vector<Error>> rescan_all();

  /// Rows in order of key and version. Brings the catalogue up to date first and sees everything
  /// queued before.
  Result<std::vector<CatalogRow>> find(const CatalogFilter& filter);

  /// Makes the file as small as it can be.
  Result<> compact();

  const std::filesystem::path& root() const;

 private:
  friend class Query;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace swamp::store
