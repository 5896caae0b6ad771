#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "async/guarded.h"
#include "base/result.h"
#include "store/artifact_store.h"

namespace swamp::store {

/// What the parts of ArtifactStore share: where things lie, and the numbers given so far.
struct ArtifactStore::State {
  explicit State(Options given) : options(std::move(given)) {}

  std::filesystem::path folder(const ArtifactKey& key) const;
  std::filesystem::path folder(const ArtifactKey& key, std::uint32_t version) const;

  /// A number of the name that nobody else has, and its folder, empty and made.
  struct Claim {
    std::uint32_t version = 0;
    std::filesystem::path folder;
  };
  /// Fails with conflict when the name belongs to another owner.
  Result<Claim> claim(const ArtifactKey& key, const Owner& owner);
  /// Undoes a claim that came to nothing.
  void abandon(const ArtifactKey& key, const Claim& claim);

  /// Writes content and metadata into a claimed folder. `metadata` gets version, size, sum and
  /// time.
  Result<Artifact> write_version(const ArtifactKey& key, Metadata metadata,
                                 std::string_view content);
  /// Writes the metadata, which makes the version exist, and tells everybody.
  Result<Artifact> publish(const ArtifactKey& key, const std::filesystem::path& folder,
                           Metadata metadata, std::string_view content);
  /// Only the telling: for a version that has just come to exist.
  void published(const Artifact& artifact, std::string_view content);

  /// The newest version that exists, whether or not its marker is written.
  std::optional<std::uint32_t> newest(const ArtifactKey& key) const;

  Result<> write_marker(const std::filesystem::path& name_folder, std::uint32_t version) const;
  Result<> flush();

  /// Removes a version's folder so that it stops to exist first, and tells the catalogue.
  Result<> remove_version_folder(const ArtifactKey& key, std::uint32_t version);
  /// After the newest versions of a name were removed: what is newest now, 0 when nothing is left.
  void set_newest(const ArtifactKey& key, std::uint32_t version);
  void forget(const ArtifactKey& key);

  Result<> prune(const Artifact& written);

  Options options;

 private:
  /// What is known of one name. Numbers are handed out from here, not by looking.
  struct Name {
    std::uint32_t next = 0;    // 0: the folder was not looked at yet
    std::uint32_t newest = 0;  // that exists, as far as this process knows
    bool has_folder = false;
    bool has_marker_due = false;
    std::string owner_type;  // of the newest; empty: nobody yet
    std::string owner_ref;
  };
  struct Known {
    std::unordered_map<std::string, Name> names;  // by path below the root
    std::unordered_map<std::string, bool> instances;
  };

  Result<std::uint32_t> next_number(const ArtifactKey& key, const Owner& owner);
  Result<> make_name_folder(const ArtifactKey& key);
  void look(const ArtifactKey& key, Name& name) const;
  void skip_taken(const ArtifactKey& key);

  Guarded<Known> known_;
};

/// Whether the parts of a key are names of single folders (the type: of several) and cannot lead
/// elsewhere.
bool is_safe(const ArtifactKey& key);
Result<> check_key(const ArtifactKey& key);

/// What a catalogue wants to have of this content: nothing unless it is JSON of moderate size.
std::string catalogued_content(const Metadata& metadata, std::string_view content);

}  // namespace swamp::store
