#include "vault/vault_config.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/suggest.h"
#include "os/directory.h"
#include "os/file.h"
#include "yaml/parse.h"
#include "yaml/write.h"

namespace swamp::vault {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 1 << 20;
constexpr int kDeepestFolder = 8;

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kRenamed = {{
    {"aws", "@swamp/aws-sm"},
    {"aws-sm", "@swamp/aws-sm"},
    {"azure", "@swamp/azure-kv"},
    {"azure-kv", "@swamp/azure-kv"},
    {"1password", "@swamp/1password"},
}};

/// A vault's name becomes a folder, and stands in quotes within references.
bool is_safe_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 && name != "." &&
         name.find("..") == std::string_view::npos &&
         std::none_of(name.begin(), name.end(), [](char c) {
           return c == '/' || c == '\\' || c == '\'' || static_cast<unsigned char>(c) < ' ';
         });
}

bool is_new_name(std::string_view name) {
  return is_safe_name(name) && is_lower(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

Result<std::string> required_text(const yaml::Node& root, std::string_view key) {
  const yaml::Node* node = root.find(key);
  if (node == nullptr) return fail(root.error(fmt::format("a vault needs '{}'", key)));
  if (node->is_string() && !node->text().empty()) return node->text();
  return fail(node->error(fmt::format("'{}' of a vault must be a text", key)));
}

Result<> read_field(VaultConfig& config, const yaml::Entry& entry) {
  if (entry.name == "config") {
    if (entry.value.is_null()) return {};
    SWAMP_CHECK(entry.value.as_mapping());
    config.config = entry.value.to_value().as_map();
  } else if (entry.name == "auditReads") {
    SWAMP_TRY(config.audit_reads, entry.value.as_bool());
  } else if (entry.name == "bind") {
    if (entry.value.text() != "required") {
      return fail(entry.value.error("'bind' of a vault can only be 'required'"));
    }
    config.bind_required = true;
  } else if (entry.name == "createdAt") {
    // The text of the file, also where it is written as a bare time.
    config.created_at = entry.value.text();
  } else if (entry.name != "id" && entry.name != "name" && entry.name != "type") {
    config.unknown.set(entry.name, entry.value.to_value());
  }
  return {};
}

/// All `*.yaml` below a folder, in order of their paths. What is no folder or file is passed over.
Result<std::vector<fs::path>> find_files(const fs::path& folder, int depth = 0) {
  SWAMP_TRY(const auto listed, os::list_if_there(folder));
  std::vector<fs::path> files;
  for (const os::DirectoryEntry& entry : listed) {
    const fs::path path = folder / entry.name;
    if (entry.kind == os::EntryKind::directory && depth < kDeepestFolder) {
      SWAMP_TRY(const auto below, find_files(path, depth + 1));
      files.insert(files.end(), below.begin(), below.end());
    } else if (entry.kind == os::EntryKind::file && path.extension() == ".yaml") {
      files.push_back(path);
    }
  }
  return files;
}

/// The name that a file which is otherwise wrong claims; empty when that cannot be told.
std::string name_in(const std::string& text, const fs::path& file) {
  const auto document = yaml::parse(text, file.native());
  if (!document) return {};
  const yaml::Node* name = document->root().find("name");
  return name != nullptr ? name->text() : std::string();
}

void add_file(VaultConfigs& configs, const fs::path& file, const fs::path& shown) {
  auto text = os::read_file(file, kLargestFile);
  if (!text) {
    configs.disabled.push_back({.name = {}, .file = file, .reason = std::move(text).error()});
    return;
  }
  auto config = parse_vault_config(*text, shown);
  if (!config) {
    configs.disabled.push_back(
        {.name = name_in(*text, shown), .file = file, .reason = std::move(config).error()});
    return;
  }
  config->file = file;
  if (const auto present = renamed_type(config->type)) {
    configs.warnings.push_back(fmt::format("vault '{}' has type '{}', which is now '{}'",
                                           config->name, config->type, *present));
    config->type = *present;
  }
  configs.vaults.push_back(*std::move(config));
}

/// Of two vaults with one name none can be meant.
void disable_shared_names(VaultConfigs& configs) {
  std::map<std::string, std::vector<std::string>> files;
  for (const VaultConfig& vault : configs.vaults)
    files[vault.name].push_back(vault.file.native());
  const auto is_shared = [&](const VaultConfig& vault) { return files[vault.name].size() > 1; };
  for (const VaultConfig& vault : configs.vaults) {
    if (!is_shared(vault)) continue;
    Error reason{.code = ErrorCode::conflict,
                 .message = fmt::format("vault '{}' is described by several files: '{}'",
                                        vault.name, fmt::join(files[vault.name], "', '")),
                 .hint = "keep one of them"};
    configs.disabled.push_back(
        {.name = vault.name, .file = vault.file, .reason = std::move(reason)});
  }
  std::erase_if(configs.vaults, is_shared);
}

}  // namespace

const VaultConfig* VaultConfigs::find(std::string_view name_or_id) const {
  const auto with = [&](auto member) {
    return std::find_if(vaults.begin(), vaults.end(),
                        [&](const VaultConfig& vault) { return vault.*member == name_or_id; });
  };
  auto found = with(&VaultConfig::name);
  if (found == vaults.end()) found = with(&VaultConfig::id);
  return found == vaults.end() ? nullptr : &*found;
}

const DisabledVault* VaultConfigs::find_disabled(std::string_view name) const {
  const auto found = std::find_if(disabled.begin(), disabled.end(),
                                  [&](const DisabledVault& vault) { return vault.name == name; });
  return found == disabled.end() ? nullptr : &*found;
}

std::vector<std::string> VaultConfigs::names() const {
  std::vector<std::string> names;
  for (const VaultConfig& vault : vaults)
    names.push_back(vault.name);
  return names;
}

Result<VaultConfigs> read_vault_configs(const fs::path& repository) {
  SWAMP_TRY(const std::vector<fs::path> files, find_files(repository / "vaults"));
  VaultConfigs configs;
  for (const fs::path& file : files)
    add_file(configs, file, file.lexically_relative(repository));
  disable_shared_names(configs);
  std::sort(configs.vaults.begin(), configs.vaults.end(),
            [](const VaultConfig& a, const VaultConfig& b) {
              return std::tie(a.created_at, a.name) < std::tie(b.created_at, b.name);
            });
  return configs;
}

Result<VaultConfig> parse_vault_config(std::string_view text, const fs::path& file) {
  SWAMP_TRY(const yaml::Document document, yaml::parse(std::string(text), file.native()));
  const yaml::Node root = document.root();
  SWAMP_CHECK(root.as_mapping());
  VaultConfig config;
  SWAMP_TRY(config.id, required_text(root, "id"));
  SWAMP_TRY(config.name, required_text(root, "name"));
  SWAMP_TRY(config.type, required_text(root, "type"));
  if (!is_safe_name(config.name)) {
    return fail(
        root.find("name")->error(fmt::format("'{}' cannot be the name of a vault", config.name),
                                 "a name has no '..', slash, backslash or quote"));
  }
  for (const yaml::Entry& entry : root.entries())
    SWAMP_CHECK(read_field(config, entry));
  return config;
}

std::string write_vault_config(const VaultConfig& config) {
  Map document{
      {"id", config.id}, {"name", config.name}, {"type", config.type}, {"config", config.config}};
  if (!config.created_at.empty()) document.set("createdAt", config.created_at);
  if (config.audit_reads) document.set("auditReads", true);
  if (config.bind_required) document.set("bind", "required");
  for (const auto& [key, value] : config.unknown)
    document.set(key, value);
  return yaml::write(document);
}

Result<> save_vault_config(const fs::path& repository, VaultConfig& config) {
  fs::path file = config.file;
  if (file.empty()) file = repository / "vaults" / config.type / fmt::format("{}.yaml", config.id);
  SWAMP_CHECK(os::make_durable_directories(file.parent_path()));
  SWAMP_CHECK(os::write_file_atomically(file, write_vault_config(config), os::Durability::synced));
  config.file = std::move(file);
  return {};
}

Result<VaultConfig> new_vault_config(std::string name, std::string type, Map config,
                                     const VaultConfigs& existing, IdSource& ids,
                                     const Clock& clock) {
  if (!is_new_name(name)) {
    return fail(ErrorCode::invalid_input, fmt::format("'{}' cannot be the name of a vault", name),
                "use lower-case letters, digits and hyphens, a letter first");
  }
  if (const auto present = renamed_type(type)) {
    return fail(ErrorCode::invalid_input,
                fmt::format("the vault type '{}' has been renamed to '{}'", type, *present),
                fmt::format("use '{}'", *present));
  }
  const auto has_name = [&](const VaultConfig& vault) { return vault.name == name; };
  if (std::any_of(existing.vaults.begin(), existing.vaults.end(), has_name) ||
      existing.find_disabled(name) != nullptr) {
    return fail(ErrorCode::conflict, fmt::format("there is a vault '{}' already", name));
  }
  const bool is_ours = type == "local_encryption";
  return VaultConfig{.id = ids.uuid(),
                     .name = std::move(name),
                     .type = std::move(type),
                     .config = std::move(config),
                     .created_at = to_iso8601(clock.now()),
                     .bind_required = is_ours};
}

std::optional<std::string_view> renamed_type(std::string_view type) {
  const auto* const found = std::find_if(kRenamed.begin(), kRenamed.end(),
                                         [&](const auto& names) { return names.first == type; });
  if (found == kRenamed.end()) return std::nullopt;
  return found->second;
}

}  // namespace swamp::vault
