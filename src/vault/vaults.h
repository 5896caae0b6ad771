#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/task.h"
#include "vault/audit.h"
#include "vault/provider.h"
#include "vault/reference.h"
#include "vault/secret.h"
#include "vault/vault_config.h"

namespace swamp::vault {

/// Runs `sh -c <command>` and gives what it printed to its standard output. Fails when it does not
/// succeed within `limit`.
class CommandRunner {
 public:
  virtual ~CommandRunner() = default;
  virtual Task<std::string> run(std::string command, std::chrono::milliseconds limit) = 0;
};

/// What Vaults works with. The references must outlive it.
struct VaultsSetup {
  std::filesystem::path repository;
  std::filesystem::path home;  // of the user; empty: unknown
  BlockingPool& pool;
  const Clock& clock;
  CommandRunner& commands;                 // for refresh hooks
  std::function<void(const Error&)> warn;  // what went wrong without being an error
  std::string default_vault = {};          // `defaultVault` of the marker; empty: none named
  std::vector<ProviderType> types = builtin_providers();  // extensions add theirs
};

/// A change to an annotation: what is given wins, labels are merged key by key, then those named
/// are removed.
struct AnnotationChange {
  std::optional<std::string> url = std::nullopt;
  std::optional<std::string> notes = std::nullopt;
  std::vector<std::pair<std::string, std::string>> labels = {};
  std::vector<std::string> removed_labels = {};
};

/// What is known of a secret beside its value.
struct SecretInfo {
  Secret value;
  bool supports_annotations = false;
  bool supports_refresh_hooks = false;
  std::optional<Annotation> annotation = std::nullopt;
  std::optional<RefreshHook> refresh_hook = std::nullopt;
};

/// The secrets of a repository, whichever vault keeps them: what expressions, stored references and
/// the vault commands ask.
///
/// Used from the thread of the event loop. Providers are opened at first use. Whoever gets a secret
/// registers it with the redactor of the run before it can be printed. Errors: not_found for a
/// vault or key that does not exist, with the names that do; for a vault whose file is broken, the
/// reason of that.
class Vaults {
 public:
  Vaults(VaultConfigs configs, VaultsSetup setup);
  ~Vaults();
  Vaults(const Vaults&) = delete;
  Vaults& operator=(const Vaults&) = delete;

  const VaultConfigs& configs() const;

  /// The vault for those who name none: `defaultVault` of the marker when there is such a vault,
  /// else the oldest whose name does not start with `_`. Fails with not_found when there is none.
  Result<std::string> default_vault() const;

  /// The configuration; fails as described above.
  Result<const VaultConfig*> find(std::string_view vault) const;

  /// The value. With a stale refresh hook its command is run first and its output stored; when that
  /// fails the old value is good enough and a warning says so. Asking for one secret several times
  /// at once fetches it once.
  Task<Secret> get(std::string vault, std::string key, Caller caller);

  /// The value as it is stored, whatever its hook says, with all that is known of it. Counts as a
  /// read.
  Task<SecretInfo> inspect(std::string vault, std::string key, Caller caller);

  Task<std::vector<std::string>> list(std::string vault);
  Task<bool> contains(std::string vault, std::string key);

  Task<> put(std::string vault, std::string key, Secret value, Caller caller);
  Task<> remove(std::string vault, std::string key, Caller caller);

  /// Gives the annotation as it is then stored. Fails with invalid_input when the provider has no
  /// annotations.
  Task<Annotation> annotate(std::string vault, std::string key, AnnotationChange change,
                            Caller caller);
  Task<> clear_annotation(std::string vault, std::string key, Caller caller);

  /// Fresh from now on: the value just put counts as fetched. False when the provider has no hooks.
  Task<bool> put_refresh_hook(std::string vault, std::string key, std::string command,
                              std::chrono::milliseconds ttl);
  Task<> clear_refresh_hook(std::string vault, std::string key);

  /// Stores the value of a sensitive field and gives the reference that stands for it. Null is not
  /// to be stored.
  Task<Reference> put_sensitive(SensitiveField field, Value value);

  /// The value behind a stored reference: a secret string, or for a key ending in `.json` the value
  /// with its type, every string in it secret.
  Task<Value> resolve(Reference reference, Caller caller);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace swamp::vault
