#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/blocking_pool.h"
#include "async/task.h"
#include "base/clock.h"
#include "vault/secret.h"
#include "vault/vault_config.h"

namespace swamp::vault {

/// What people say about a secret. Not secret itself, though local_encryption encrypts it.
struct Annotation {
  Timestamp updated_at = {};
  std::optional<std::string> url = std::nullopt;
  std::optional<std::string> notes = std::nullopt;
  std::vector<std::pair<std::string, std::string>> labels =
      {};  // in the order in which they were given
};

/// How a secret is fetched anew: a shell command whose output is the value, good for `ttl`.
struct RefreshHook {
  std::string command;
  std::chrono::milliseconds ttl{0};
  std::optional<Timestamp> last_refreshed_at = std::nullopt;  // none: never, so it is stale

  bool is_stale(Timestamp now) const {
    return !last_refreshed_at || now - *last_refreshed_at >= ttl;
  }
};

/// Optional part of a provider. Keys as in Provider; a secret without annotation is an empty
/// optional.
class Annotations {
 public:
  virtual ~Annotations() = default;
  virtual Task<std::optional<Annotation>> annotation(std::string key) = 0;
  virtual Task<> put_annotation(std::string key, Annotation annotation) = 0;
  virtual Task<> remove_annotation(std::string key) = 0;  // that there is none is no error
};

/// Optional part of a provider.
class RefreshHooks {
 public:
  virtual ~RefreshHooks() = default;
  virtual Task<std::optional<RefreshHook>> refresh_hook(std::string key) = 0;
  virtual Task<> put_refresh_hook(std::string key, RefreshHook hook) = 0;
  virtual Task<> remove_refresh_hook(std::string key) = 0;  // that there is none is no error
};

/// A place that keeps the secrets of one vault: a folder of encrypted files, a cloud service, an
/// extension.
///
/// Used from the thread of the event loop; what computes or blocks goes to the BlockingPool. A
/// provider knows nothing of audit trails, default vaults or expressions: that is Vaults. Members
/// fail with not_found for a key that is not there, invalid_input for a key or value it cannot
/// hold, denied when stored bytes are not what was put there, unavailable when the place does not
/// answer.
class Provider {
 public:
  virtual ~Provider() = default;

  virtual Task<Secret> get(std::string key) = 0;

  /// Replaces a value that is there.
  virtual Task<> put(std::string key, Secret value) = 0;

  /// All keys, sorted by UTF-16 code unit.
  virtual Task<std::vector<std::string>> list() = 0;

  /// Takes annotation and refresh hook along.
  virtual Task<> remove(std::string key) = 0;

  // Null when the provider does not have them.
  virtual Annotations* annotations() { return nullptr; }
  virtual RefreshHooks* refresh_hooks() { return nullptr; }
};

/// `350ms`, `30s`, `50m`, `1h`, `1h30m`: how hooks tell their time to live, rounded down.
std::string to_ttl_text(std::chrono::milliseconds ttl);

/// What a provider is opened with. The references outlive the provider.
struct ProviderSetup {
  std::filesystem::path repository;
  std::filesystem::path home;  // of the user, for paths that begin with `~/`; empty: unknown
  BlockingPool& pool;
  const Clock& clock;
};

/// A kind of vault that users can name in `type:`.
struct ProviderType {
  std::string type;  // `local_encryption`, `@swamp/aws-sm`
  std::string name;  // `Local Encryption`
  std::string description;
  bool is_listed = true;  // by `vault type search`
  /// Fails with invalid_input when the configuration does not fit the type.
  std::function<Result<std::unique_ptr<Provider>>(const VaultConfig&, const ProviderSetup&)> open;
};

/// The types that need no extension: `local_encryption`, and `mock` (not listed), which holds three
/// demo keys in memory.
std::vector<ProviderType> builtin_providers();

}  // namespace swamp::vault
