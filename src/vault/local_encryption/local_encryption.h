#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vault/local_encryption/vault_folder.h"
#include "vault/provider.h"

namespace swamp::vault {

/// A vault of encrypted files in the repository: `local_encryption`.
///
/// Deriving a key takes about 30 ms, so decrypted texts are kept (in wiped memory) together with
/// the file's text that they came from: a file that another process changed is noticed at the next
/// read.
class LocalEncryption final : public Provider, private Annotations, private RefreshHooks {
 public:
  /// Reads `config`: `auto_generate`, `key_file`, `ssh_key_path`, `base_dir`. Touches no secret
  /// yet.
  static Result<std::unique_ptr<LocalEncryption>> open(const VaultConfig& config,
                                                       const ProviderSetup& setup);

  Task<Secret> get(std::string key) override;
  Task<> put(std::string key, Secret value) override;
  Task<std::vector<std::string>> list() override;
  Task<> remove(std::string key) override;
  Annotations* annotations() override { return this; }
  RefreshHooks* refresh_hooks() override { return this; }

  /// Entries whose envelope says nothing of where it belongs, as the original writes them.
  Task<std::vector<std::string>> unbound();

  /// Binds all of them, or none when one does not decrypt.
  Task<> bind_all();

 private:
  LocalEncryption(std::string vault, VaultFolder folder, BlockingPool& pool)
      : vault_(std::move(vault)),
        folder_(std::make_shared<const VaultFolder>(std::move(folder))),
        pool_(pool) {}

  Task<std::optional<Annotation>> annotation(std::string key) override;
  Task<> put_annotation(std::string key, Annotation annotation) override;
  Task<> remove_annotation(std::string key) override;
  Task<std::optional<RefreshHook>> refresh_hook(std::string key) override;
  Task<> put_refresh_hook(std::string key, RefreshHook hook) override;
  Task<> remove_refresh_hook(std::string key) override;

  Task<std::optional<Secret>> read(EntryKind kind, std::string key);
  Task<> write(EntryKind kind, std::string key, Secret text);
  Task<bool> erase(EntryKind kind, std::string key);

  std::string vault_;
  std::shared_ptr<const VaultFolder> folder_;  // shared with work on the pool that may outlive this
  BlockingPool& pool_;
  std::map<std::pair<EntryKind, std::string>, OpenedEntry> opened_;
};

/// Where the folder of a vault is: in the repository; below `base_dir` of the configuration when
/// the repository has no such folder and that place exists, so that a clone or a moved repository
/// uses its own secrets.
std::filesystem::path vault_folder_path(const VaultConfig& config,
                                        const std::filesystem::path& repository);

}  // namespace swamp::vault
