#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/artifact.h"
#include "store/sqlite.h"

namespace swamp::store {

/// The one connection of a process that changes the catalogue. Knows rows and the latest rule, not
/// files: see CatalogScan for those. Used by one thread at a time; changes are made between begin()
/// and commit().
class CatalogWriter {
 public:
  /// Makes the file and its tables where they are missing or of another schema. Fails with an error
  /// that is_damage() when the file is no catalogue.
  static Result<CatalogWriter> open(const std::filesystem::path& file);

  Result<> begin();
  Result<> commit();
  void roll_back();

  Result<> add(const Artifact& artifact, std::string_view content);
  Result<> remove(const ArtifactKey& key);
  Result<> remove_version(const ArtifactKey& key, std::uint32_t version);
  Result<> remove_instance(const Instance& instance);

  /// A version with its content, as read from the files.
  struct Entry {
    Artifact artifact;
    std::string content;
  };
  /// Replaces all rows of a name. `entries` ascend by version and hold no other name.
  Result<> replace_name(const ArtifactKey& key, std::span<const Entry> entries);

  /// Numbers of the versions of a name, ascending.
  Result<std::vector<std::uint32_t>> versions(const ArtifactKey& key);

  // Ages of folders when they were last known to agree with the rows; 0: not known to.
  struct NameAge {
    std::string name;
    std::int64_t mtime = 0;
  };
  Result<std::vector<NameAge>> names(const Instance& instance);
  Result<> set_name_age(const ArtifactKey& key, std::int64_t mtime);
  struct InstanceAge {
    Instance instance;
    std::int64_t mtime = 0;
  };
  Result<std::vector<InstanceAge>> instances();
  Result<> set_instance_age(const Instance& instance, std::int64_t mtime);

  Result<std::string> meta(std::string_view key);  // empty when absent
  Result<> set_meta(std::string_view key, std::string_view text);

  Result<> clear();
  Result<> compact();

 private:
  explicit CatalogWriter(Database database) : database_(std::move(database)) {}

  struct Newest {
    std::uint32_t version = 0;
    std::string run_id;
    bool is_deleted = false;
  };
  Result<> prepare();
  Result<std::optional<Newest>> newest(const ArtifactKey& key);
  Result<> insert(const Artifact& artifact, std::string_view content, bool is_latest, bool is_live);
  Result<> note_name(const ArtifactKey& key, bool is_new);
  Result<> promote(const ArtifactKey& key);

  Database database_;
  std::optional<Statement> insert_;
  std::optional<Statement> newest_;
  std::optional<Statement> demote_version_;
  std::optional<Statement> demote_step_;
  std::optional<Statement> versions_;
  std::optional<Statement> remove_rows_;
  std::optional<Statement> distrust_age_;
  std::optional<Statement> set_name_age_;
  std::optional<Statement> set_instance_age_;
  std::set<ArtifactKey> to_promote_;  // names whose flags are to be decided anew before the commit
};

}  // namespace swamp::store
