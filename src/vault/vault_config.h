#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "value/value.h"

namespace swamp::vault {

/// One vault as `vaults/<type>/<id>.yaml` describes it.
struct VaultConfig {
  std::string id;
  std::string name;
  std::string type;
  Map config = {};
  std::string created_at;    // as written, an ISO time
  bool audit_reads = false;  // every get is recorded, not only changes
  bool bind_required =
      false;         // `bind: required`: an envelope that is not bound to its place is refused
  Map unknown = {};  // keys we do not know, kept on save
  std::filesystem::path file = {};  // where it was read from or written to; empty for a new one
};

/// A vault that cannot be used, and why. Others are not affected.
struct DisabledVault {
  std::string name;  // empty when the file does not even tell that
  std::filesystem::path file;
  Error reason;
};

/// The vaults of a repository, oldest first (then by name): the first is the default of those who
/// name none.
struct VaultConfigs {
  std::vector<VaultConfig> vaults;
  std::vector<DisabledVault>
      disabled;  // a broken file, a name that cannot be a folder, a name that two files have
  std::vector<std::string> warnings;  // such as types that have a new name

  /// By name. An id finds a vault too when no vault has that name.
  const VaultConfig* find(std::string_view name_or_id) const;
  const DisabledVault* find_disabled(std::string_view name) const;
  std::vector<std::string> names() const;
};

/// Reads every `*.yaml` below `<repository>/vaults`. No such folder: no vaults. One bad file
/// disables one vault.
Result<VaultConfigs> read_vault_configs(const std::filesystem::path& repository);

/// Reads one document; `file` names it in messages.
Result<VaultConfig> parse_vault_config(std::string_view text, const std::filesystem::path& file);

/// The document as it is written: id, name, type, config, createdAt, auditReads and bind when set,
/// then unknown keys.
std::string write_vault_config(const VaultConfig& config);

/// Writes `config.file`, or `vaults/<type>/<id>.yaml` of `repository` when that is empty, whole or
/// not at all. Sets `config.file`.
Result<> save_vault_config(const std::filesystem::path& repository, VaultConfig& config);

/// A new vault of ours (`bind: required` for local_encryption), not yet saved. Fails with
/// invalid_input for a name that is not `[a-z][a-z0-9-]*` or a type that has a new name, with
/// conflict when `existing` has the name.
Result<VaultConfig> new_vault_config(std::string name, std::string type, Map config,
                                     const VaultConfigs& existing, IdSource& ids,
                                     const Clock& clock);

/// `@swamp/aws-sm` for `aws` and `aws-sm`, and so on: the present name of a type that was renamed.
std::optional<std::string_view> renamed_type(std::string_view type);

}  // namespace swamp::vault
