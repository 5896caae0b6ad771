#include "repo/marker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "os/file.h"
#include "yaml/parse.h"
#include "yaml/write.h"

namespace swamp::repo {
namespace {

constexpr std::size_t kMostBytes = 1U << 20;

constexpr std::array<std::string_view, 27> kOrder{"swampVersion",
                                                  "initializedAt",
                                                  "upgradedAt",
                                                  "repoId",
                                                  "modelsDir",
                                                  "workflowsDir",
                                                  "vaultsDir",
                                                  "driversDir",
                                                  "datastoresDir",
                                                  "reportsDir",
                                                  "tools",
                                                  "telemetryEndpoint",
                                                  "telemetryDisabled",
                                                  "telemetryKeepFlushed",
                                                  "logLevel",
                                                  "gitignoreManaged",
                                                  "datastore",
                                                  "trustedCollectives",
                                                  "trustMemberCollectives",
                                                  "autoGc",
                                                  "defaultVault",
                                                  "defaultDriver",
                                                  "defaultDriverConfig",
                                                  "permissions",
                                                  "lastSkillMigrationWarning",
                                                  "skillMigrationDismissed",
                                                  "lastStalenessWarning"};

/// Reads single keys and gathers what is wrong with them.
class KeyReader {
 public:
  explicit KeyReader(const yaml::Node& root) : root_(root) {
    if (!root.is_mapping()) errors_.push_back(root.error("a repository's marker must be a map"));
  }

  std::optional<std::string> text(std::string_view key) {
    const auto* node = find(key);
    if (!node) return std::nullopt;
    // Unquoted versions and dates may look like numbers.
    if (node->is_scalar() && !node->value().is_bool()) return node->text();
    wrong(key, *node, "a string");
    return std::nullopt;
  }

  bool flag(std::string_view key) {
    const auto* node = find(key);
    if (!node) return false;
    if (!node->value().is_bool()) wrong(key, *node, "true or false");
    return node->value().is_bool() && node->value().as_bool();
  }

  std::optional<std::vector<std::string>> texts(std::string_view key) {
    const auto* node = find(key);
    if (!node) return std::nullopt;
    if (!node->is_sequence()) wrong(key, *node, "a list");
    std::vector<std::string> texts;
    for (const auto& item : node->items()) {
      if (item.is_string()) {
        texts.push_back(item.text());
      } else {
        wrong(key, item, "a list of strings");
      }
    }
    return texts;
  }

  Value map(std::string_view key) {
    const auto* node = find(key);
    if (!node) return {};
    if (!node->is_mapping()) wrong(key, *node, "a map");
    return node->to_value();
  }

  Result<> finish() {
    if (errors_.empty()) return {};
    return fail(combine(std::move(errors_)));
  }

 private:
  /// A key without a value counts as absent.
  const yaml::Node* find(std::string_view key) const {
    const auto* node = root_.find(key);
    return node && !node->is_null() ? node : nullptr;
  }

  void wrong(std::string_view key, const yaml::Node& node, std::string_view expected) {
    errors_.push_back(
        node.error(fmt::format("'{}' must be {}, not a {}", key, expected, node.kind_name())));
  }

  const yaml::Node& root_;
  std::vector<Error> errors_;
};

std::string bare_version(std::string text) {
  return text.substr(0, text.find('-'));
}

std::vector<std::string> read_tools(KeyReader& reader) {
  const auto legacy = reader.text("tool");
  if (auto tools = reader.texts("tools")) return *std::move(tools);
  if (!legacy || *legacy == "none") return {};
  return {*legacy};
}

void set_text(Map& document, std::string_view key, const std::optional<std::string>& text) {
  if (text && !text->empty()) {
    document.set(std::string(key), *text);
  } else {
    document.erase(key);
  }
}

List to_list(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

/// Written when it is true, or was there before.
void set_flag(Map& document, std::string_view key, bool flag) {
  if (flag || document.contains(key)) document.set(std::string(key), flag);
}

}  // namespace

Result<Marker> parse_marker(std::string text, std::string name) {
  SWAMP_TRY(const auto document, yaml::parse(std::move(text), std::move(name)));
  const auto root = document.root();
  KeyReader reader(root);
  Marker marker;
  marker.swamp_version = bare_version(reader.text("swampVersion").value_or(""));
  marker.initialized_at = reader.text("initializedAt").value_or("");
  marker.upgraded_at = reader.text("upgradedAt");
  marker.repo_id = reader.text("repoId").value_or("");
  marker.tools = read_tools(reader);
  marker.log_level = reader.text("logLevel");
  marker.gitignore_managed = reader.flag("gitignoreManaged");
  marker.auto_gc = reader.flag("autoGc");
  marker.default_vault = reader.text("defaultVault");
  if (auto trusted = reader.texts("trustedCollectives"))
    marker.trusted_collectives = *std::move(trusted);
  marker.trust_member_collectives = reader.flag("trustMemberCollectives");
  marker.default_driver = reader.text("defaultDriver");
  marker.default_driver_config = reader.map("defaultDriverConfig");
  marker.datastore = reader.map("datastore");
  marker.permissions = reader.map("permissions");
  SWAMP_CHECK(reader.finish());
  marker.document = document.to_value().as_map();
  return marker;
}

Result<Marker> read_marker(const std::filesystem::path& root) {
  SWAMP_TRY(auto text, os::read_file(root / kMarkerName, kMostBytes));
  return parse_marker(std::move(text), std::string(kMarkerName));
}

std::string encode_marker(const Marker& marker) {
  Map known = marker.document;
  known.erase("tool");
  known.set("swampVersion", marker.swamp_version);
  set_text(known, "initializedAt", marker.initialized_at);
  set_text(known, "upgradedAt", marker.upgraded_at);
  set_text(known, "repoId", marker.repo_id);
  known.set("tools", to_list(marker.tools));
  set_text(known, "logLevel", marker.log_level);
  set_flag(known, "gitignoreManaged", marker.gitignore_managed);
  set_flag(known, "autoGc", marker.auto_gc);
  set_text(known, "defaultVault", marker.default_vault);
  if (known.contains("trustedCollectives") ||
      marker.trusted_collectives != Marker().trusted_collectives) {
    known.set("trustedCollectives", to_list(marker.trusted_collectives));
  }
  set_flag(known, "trustMemberCollectives", marker.trust_member_collectives);
  set_text(known, "defaultDriver", marker.default_driver);

  Map ordered;
  for (const auto key : kOrder) {
    if (const auto* value = known.find(key)) ordered.set(std::string(key), *value);
  }
  for (const auto& [key, value] : known) {
    if (!ordered.contains(key)) ordered.set(key, value);
  }
  return yaml::write(ordered, {.quote = '"'});
}

Result<> write_marker(const std::filesystem::path& root, const Marker& marker) {
  return os::write_file_atomically(root / kMarkerName, encode_marker(marker),
                                   os::Durability::synced);
}

}  // namespace swamp::repo
