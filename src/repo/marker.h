#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "value/value.h"

namespace swamp::repo {

/// The name of the file that makes a folder a repository.
inline constexpr std::string_view kMarkerName = ".swamp.yaml";

/// What `.swamp.yaml` says. The document is the truth; the members are what of it is looked at.
/// Keys that this version does not know are kept.
struct Marker {
  std::string swamp_version;  // digits only, a `-suffix` dropped
  std::string initialized_at;
  std::optional<std::string> upgraded_at = std::nullopt;
  std::string repo_id;  // empty in very old repositories
  std::vector<std::string> tools = {};
  std::optional<std::string> log_level = std::nullopt;
  bool gitignore_managed = false;
  bool auto_gc = false;
  std::optional<std::string> default_vault = std::nullopt;
  std::vector<std::string> trusted_collectives = {"swamp"};
  bool trust_member_collectives = false;
  std::optional<std::string> default_driver = std::nullopt;
  Value default_driver_config = {};  // a map, or null
  Value datastore = {};              // a map, or null
  Value permissions = {};            // of extensions; a map, or null

  Map document = {};
};

/// Reads a marker. Fails with not_found when there is none, with invalid_input and all problems
/// when a key that we look at has the wrong type. A legacy `tool: x` is read as `tools: [x]`.
Result<Marker> read_marker(const std::filesystem::path& root);

/// The same from text; `name` is what messages call it.
Result<Marker> parse_marker(std::string text, std::string name);

/// The file of a marker: known keys in the original's order with the members' values, then the
/// others. `tool` is never written.
std::string encode_marker(const Marker& marker);

/// Writes it as a whole or not at all.
Result<> write_marker(const std::filesystem::path& root, const Marker& marker);

}  // namespace swamp::repo
