#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session.h"
#include "vault/vaults.h"

// What people ask of vaults.
namespace swamp::app {

Result<vault::VaultConfigs> read_vaults(Session& session);

/// By name or id. Fails with not_found and a suggestion, or with what is wrong with the vault's
/// file.
Result<vault::VaultConfig> find_vault(Session& session, std::string_view name_or_id);

/// The name that people read for a type: `Local Encryption`.
std::string vault_type_name(std::string_view type);
/// The types that a vault can have.
std::vector<vault::ProviderType> vault_types();

/// Makes a vault. An empty `config` gets the defaults of the type.
Result<vault::VaultConfig> create_vault(Session& session, std::string_view type,
                                        std::string_view name, Map config, bool audit_reads);

struct PutSecret {
  std::string vault;
  std::string key;
  vault::Secret value;
  std::vector<std::pair<std::string, std::string>> labels = {};
  std::optional<std::string> refresh_command = std::nullopt;
  std::chrono::milliseconds refresh_ttl{0};
  bool clear_refresh = false;
};
/// Whether there is a secret of that key.
Result<bool> has_secret(Session& session, std::string_view vault, std::string_view key);
Result<> put_secret(Session& session, PutSecret request);
Result<std::vector<std::string>> list_secrets(Session& session, std::string_view vault);
Result<vault::Secret> read_secret(Session& session, std::string_view vault, std::string_view key);
Result<> delete_secret(Session& session, std::string_view vault, std::string_view key);

}  // namespace swamp::app
