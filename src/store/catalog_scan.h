#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/artifact.h"
#include "store/catalog_writer.h"

namespace swamp::store {

/// Makes the rows of a catalogue agree with the files. Every call is one transaction.
///
/// A folder's time of change tells whether names or versions came or went in it. It is noted only
/// when it is old enough that a further change would show, so that what is noted can be trusted.
class CatalogScan {
 public:
  /// `original` as in Catalog::Options. All must outlive this.
  CatalogScan(CatalogWriter& writer, const std::filesystem::path& root,
              const std::filesystem::path& original)
      : writer_(writer), root_(root), original_(original) {}

  /// Builds an unbuilt catalogue; else looks at every instance folder, and into all of them when
  /// the original wrote.
  Result<> bring_up_to_date();
  /// The same without the look at the instances: only for what the original writes while we run.
  Result<> follow_original();

  Result<> rebuild();
  Result<> rescan(const std::vector<Instance>& instances);

  /// What could not be read, gathered over all calls.
  std::vector<Error> take_warnings() { return std::exchange(warnings_, {}); }

 private:
  enum class Trust : std::uint8_t { ages, nothing };

  std::string original_stamp() const;
  Result<> scan_everything(Trust trust);
  Result<> scan_instance(const Instance& instance, Trust trust);
  /// Whether the name has a version.
  Result<bool> scan_name(const ArtifactKey& key, std::int64_t noted, Trust trust);
  Result<bool> reread_name(const ArtifactKey& key);
  Result<bool> compare_name(const ArtifactKey& key, const std::vector<std::uint32_t>& on_disk);
  std::string content_for(const Artifact& artifact) const;
  template <class Work>
  Result<> in_transaction(Work work);

  CatalogWriter& writer_;
  const std::filesystem::path& root_;
  const std::filesystem::path& original_;
  std::vector<Error> warnings_;
};

}  // namespace swamp::store
