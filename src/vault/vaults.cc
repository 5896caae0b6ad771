#include "vault/vaults.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/suggest.h"
#include "value/json.h"
#include "vault/secret_fetcher.h"

namespace swamp::vault {

namespace {

constexpr std::size_t kNamesInHint = 20;

std::string names_hint(std::string_view what, std::string_view word,
                       const std::vector<std::string>& names) {
  if (std::string meant = did_you_mean(word, names); !meant.empty()) return meant;
  if (names.empty()) return {};
  const std::size_t shown = std::min(names.size(), kNamesInHint);
  std::string hint = fmt::format("{}: {}", what, fmt::join(std::span(names).first(shown), ", "));
  if (shown < names.size()) hint += fmt::format(" and {} more", names.size() - shown);
  return hint;
}

/// A copy in which secret strings are ordinary ones: for being encrypted.
Value revealed(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::string:
      return value.is_secret() ? Value(value.as_string()) : value;
    case Value::Kind::list: {
      List items;
      for (const Value& item : value.as_list())
        items.push_back(revealed(item));
      return items;
    }
    case Value::Kind::map: {
      Map entries;
      for (const auto& [key, item] : value.as_map())
        entries.set(key, revealed(item));
      return entries;
    }
    default:
      return value;
  }
}

/// A copy in which every string is secret.
Value as_secret(const Value& value, const std::shared_ptr<const SecretOrigin>& origin) {
  switch (value.kind()) {
    case Value::Kind::string:
      return Value::secret(value.as_string(), origin);
    case Value::Kind::list: {
      List items;
      for (const Value& item : value.as_list())
        items.push_back(as_secret(item, origin));
      return items;
    }
    case Value::Kind::map: {
      Map entries;
      for (const auto& [key, item] : value.as_map())
        entries.set(key, as_secret(item, origin));
      return entries;
    }
    default:
      return value;
  }
}

Secret text_to_store(const Value& value) {
  if (value.is_string()) return Secret(value.as_string());
  std::string text = write_json(revealed(value));
  return Secret::take(text);
}

void merge(Annotation& annotation, AnnotationChange change) {
  if (change.url) annotation.url = std::move(change.url);
  if (change.notes) annotation.notes = std::move(change.notes);
  auto& labels = annotation.labels;
  for (auto& [key, text] : change.labels) {
    const auto old = std::find_if(labels.begin(), labels.end(),
                                  [&key = key](const auto& label) { return label.first == key; });
    if (old != labels.end()) {
      old->second = std::move(text);
    } else {
      labels.emplace_back(std::move(key), std::move(text));
    }
  }
  std::erase_if(labels, [&](const auto& label) {
    const auto& removed = change.removed_labels;
    return std::find(removed.begin(), removed.end(), label.first) != removed.end();
  });
}

Error lacks(const VaultConfig& config, std::string_view what) {
  return {ErrorCode::invalid_input,
          fmt::format("vault '{}' of type '{}' has no {}", config.name, config.type, what)};
}

}  // namespace

/// A vault with its provider, open.
struct OpenVault {
  const VaultConfig* config;
  Provider* provider;
};

struct Vaults::State {
  State(VaultConfigs vaults, VaultsSetup with)
      : configs(std::move(vaults)),
        setup(std::move(with)),
        fetcher(setup.clock, setup.commands, setup.warn) {}

  const ProviderType* find_type(std::string_view type) const;
  Result<const VaultConfig*> find(std::string_view vault) const;
  Result<OpenVault> open(std::string_view vault);
  Task<> audit(const VaultConfig& config, AuditAction action, std::string key, Caller caller);
  Task<std::string> hint_for_key(OpenVault vault, std::string key);
  Task<> expect_key(OpenVault vault, std::string key);

  VaultConfigs configs;
  VaultsSetup setup;
  std::map<std::string, std::unique_ptr<Provider>, std::less<>> providers;  // by name of the vault
  SecretFetcher fetcher;
};

const ProviderType* Vaults::State::find_type(std::string_view type) const {
  const auto found = std::find_if(setup.types.begin(), setup.types.end(),
                                  [&](const ProviderType& known) { return known.type == type; });
  return found == setup.types.end() ? nullptr : &*found;
}

Result<const VaultConfig*> Vaults::State::find(std::string_view vault) const {
  if (const VaultConfig* config = configs.find(vault)) return config;
  if (const DisabledVault* disabled = configs.find_disabled(vault)) {
    Error reason = disabled->reason;
    return fail(std::move(reason).while_doing(fmt::format("while reading vault '{}'", vault)));
  }
  std::string hint = names_hint("vaults of this repository", vault, configs.names());
  if (hint.empty()) hint = "make one with 'swamp vault create <type> <name>'";
  for (const DisabledVault& broken : configs.disabled) {
    if (broken.name.empty()) hint += fmt::format("; '{}' cannot be read", broken.file.native());
  }
  return fail(ErrorCode::not_found, fmt::format("there is no vault '{}'", vault), std::move(hint));
}

Result<OpenVault> Vaults::State::open(std::string_view vault) {
  SWAMP_TRY(const VaultConfig* config, find(vault));
  if (const auto known = providers.find(config->name); known != providers.end()) {
    return OpenVault{config, known->second.get()};
  }
  const ProviderType* type = find_type(config->type);
  if (type == nullptr) {
    return fail(
        ErrorCode::not_found,
        fmt::format("vault '{}' has type '{}', which is not installed", config->name, config->type),
        fmt::format("install it with 'swamp extension pull {}'", config->type));
  }
  SWAMP_TRY(std::unique_ptr<Provider> provider,
            type->open(*config, {setup.repository, setup.home, setup.pool, setup.clock}));
  const auto added = providers.emplace(config->name, std::move(provider)).first;
  return OpenVault{config, added->second.get()};
}

Task<> Vaults::State::audit(const VaultConfig& config, AuditAction action, std::string key,
                            Caller caller) {
  AuditEntry entry{.action = action,
                   .time = setup.clock.now(),
                   .vault = config.name,
                   .vault_type = config.type,
                   .key = std::move(key),
                   .caller = std::string(to_string(caller))};
  std::function<Result<bool>()> work = [repository = setup.repository,
                                        entry = std::move(entry)]() -> Result<bool> {
    SWAMP_CHECK(append_audit_entry(repository, entry));
    return true;
  };
  auto done = co_await setup.pool.run(std::move(work));
  // What was to be recorded has happened already.
  if (!done)
    setup.warn(std::move(done).error().while_doing("while writing the audit trail of the vaults"));
  co_return Result<>{};
}

Task<std::string> Vaults::State::hint_for_key(OpenVault vault, std::string key) {
  auto keys = co_await vault.provider->list();
  if (!keys) co_return std::string();
  const std::string what = fmt::format("secrets of vault '{}'", vault.config->name);
  co_return names_hint(what, key, *keys);
}

Task<> Vaults::State::expect_key(OpenVault vault, std::string key) {
  SWAMP_CO_TRY(const std::vector<std::string> keys, co_await vault.provider->list());
  if (std::find(keys.begin(), keys.end(), key) != keys.end()) co_return Result<>{};
  const std::string what = fmt::format("secrets of vault '{}'", vault.config->name);
  co_return fail(ErrorCode::not_found,
                 fmt::format("vault '{}' has no secret '{}'", vault.config->name, key),
                 names_hint(what, key, keys));
}

Vaults::Vaults(VaultConfigs configs, VaultsSetup setup)
    : state_(std::make_unique<State>(std::move(configs), std::move(setup))) {}
Vaults::~Vaults() = default;

const VaultConfigs& Vaults::configs() const {
  return state_->configs;
}

Result<const VaultConfig*> Vaults::find(std::string_view vault) const {
  return state_->find(vault);
}

Result<std::string> Vaults::default_vault() const {
  const std::string& named = state_->setup.default_vault;
  const auto is_usable = [&](const VaultConfig& vault) {
    return state_->find_type(vault.type) != nullptr;
  };
  for (const VaultConfig& vault : state_->configs.vaults) {
    if (vault.name == named && is_usable(vault)) return named;
  }
  // A vault that is only broken must not make secrets go to another.
  if (state_->configs.find_disabled(named) != nullptr) return fail(state_->find(named).error());
  for (const VaultConfig& vault : state_->configs.vaults) {
    if (!vault.name.starts_with('_') && is_usable(vault)) return vault.name;
  }
  return fail(ErrorCode::not_found, "no vault is configured",
              "make one with 'swamp vault create <type> <name>'");
}

Task<Secret> Vaults::get(std::string vault, std::string key, Caller caller) {
  SWAMP_CO_TRY(const OpenVault opened, state_->open(vault));
  auto secret = co_await state_->fetcher.fetch(*opened.provider, opened.config->name, key);
  if (!secret) {
    Error error = std::move(secret).error();
    if (error.code == ErrorCode::not_found && error.hint.empty()) {
      auto hint = co_await state_->hint_for_key(opened, key);
      error.hint = hint.value_or("");
    }
    co_return fail(std::move(error));
  }
  if (opened.config->audit_reads) {
    SWAMP_CO_CHECK(co_await state_->audit(*opened.config, AuditAction::get, key, caller));
  }
  co_return *std::move(secret);
}

Task<SecretInfo> Vaults::inspect(std::string vault, std::string key, Caller caller) {
  SWAMP_CO_TRY(const OpenVault opened, state_->open(vault));
  SWAMP_CO_CHECK(co_await state_->expect_key(opened, key));
  Annotations* annotations = opened.provider->annotations();
  RefreshHooks* hooks = opened.provider->refresh_hooks();
  SecretInfo info;
  info.supports_annotations = annotations != nullptr;
  info.supports_refresh_hooks = hooks != nullptr;
  SWAMP_CO_TRY(info.value, co_await opened.provider->get(key));
  if (annotations != nullptr) {
    SWAMP_CO_TRY(info.annotation, co_await annotations->annotation(key));
  }
  if (hooks != nullptr) {
    SWAMP_CO_TRY(info.refresh_hook, co_await hooks->refresh_hook(key));
  }
  if (opened.config->audit_reads) {
    SWAMP_CO_CHECK(co_await state_->audit(*opened.config, AuditAction::get, key, caller));
  }
  co_return info;
}

Task<std::vector<std::string>> Vaults::list(std::string vault) {
  SWAMP_CO_TRY(const OpenVault opened, state_->open(vault));
  co_return co_await opened.provider->list();
}

Task<bool> Vaults::contains(std::string vault, std::string key) {
  SWAMP_CO_TRY(const std::vector<std::string> keys, co_await list(std::move(vault)));
  co_return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Task<> Vaults::put(std::string vault, std::string key, Secret value, Caller caller) {
  SWAMP_CO_TRY(const OpenVault opened, state_->open(vault));
  SWAMP_CO_CHECK(co_await opened.provider->put(key, std::move(value)));
  co_return co_await state_->audit(*opened.config, AuditAction::put, std::move(key), caller);
}

Task<> Vaults::remove(std::string vault, std::string key, Caller caller) {
  SWAMP_CO_TRY(const OpenVault opened, state_->open(vault));
  SWAMP_CO_CHECK(co_await state_->expect_key(opened, key));
  SWAMP_CO_CHECK(co_await opened.provider->remove(key));
  co_return co_await state_->audit(*opened.config, AuditAction::remove, std::move(key), caller);
}

Task<Annotation> Vaults::annotate(std::string vault, std::string key, AnnotationChange change,
                                  Caller caller) {
  SWAMP_CO_TRY(const OpenVault opened, state_->open(vault));
  Annotations* annotations = opened.provider->annotations();
  if (annotations == nullptr) co_return fail(lacks(*opened.config, "annotations"));
  SWAMP_CO_CHECK(co_await state_->expect_key(opened, key));
  SWAMP_CO_TRY(std::optional<Annotation> old, co_await annotations->annotation(key));
  Annotation annotation = std::move(old).value_or(Annotation{});
  merge(annotation, std::move(change));
  annotation.updated_at = state_->setup.clock.now();
  SWAMP_CO_CHECK(co_await annotations->put_annotation(key, annotation));
  SWAMP_CO_CHECK(
      co_await state_->audit(*opened.config, AuditAction::annotate, std::move(key), caller));
  co_return annotation;
}

Task<> Vaults::clear_annotation(std::string vault, std::string key, Caller caller) {
  SWAMP_CO_TRY(const OpenVault opened, state_->open(vault));
  Annotations* annotations = opened.provider->annotations();
  if (annotations == nullptr) co_return fail(lacks(*opened.config, "annotations"));
  SWAMP_CO_CHECK(co_await state_->expect_key(opened, key));
  SWAMP_CO_CHECK(co_await annotations->remove_annotation(key));
  co_return co_await state_->audit(*opened.config, AuditAction::annotate, std::move(key), caller);
}

Task<bool> Vaults::put_refresh_hook(std::string vault, std::string key, std::string command,
                                    std::chrono::milliseconds ttl) {
  SWAMP_CO_TRY(const OpenVault opened, state_->open(vault));
  RefreshHooks* hooks = opened.provider->refresh_hooks();
  if (hooks == nullptr) co_return false;
  SWAMP_CO_CHECK(co_await state_->expect_key(opened, key));
  RefreshHook hook{
      .command = std::move(command), .ttl = ttl, .last_refreshed_at = state_->setup.clock.now()};
  SWAMP_CO_CHECK(co_await hooks->put_refresh_hook(std::move(key), std::move(hook)));
  co_return true;
}

Task<> Vaults::clear_refresh_hook(std::string vault, std::string key) {
  SWAMP_CO_TRY(const OpenVault opened, state_->open(vault));
  RefreshHooks* hooks = opened.provider->refresh_hooks();
  if (hooks == nullptr) co_return Result<>{};
  co_return co_await hooks->remove_refresh_hook(std::move(key));
}

Task<Reference> Vaults::put_sensitive(SensitiveField field, Value value) {
  std::string vault = field.vault.value_or("");
  if (vault.empty()) {
    SWAMP_CO_TRY(vault, default_vault());
  }
  if (vault.starts_with('_')) {
    co_return fail(ErrorCode::invalid_input,
                   fmt::format("vault '{}' is reserved for internal use", vault),
                   fmt::format("choose another vault for the sensitive field '{}'", field.path));
  }
  Reference reference{.vault = std::move(vault), .key = sensitive_key(field, value)};
  if (parse_reference(reference.to_string()) != reference) {
    co_return fail(ErrorCode::invalid_input,
                   fmt::format("a reference cannot hold the vault key '{}'", reference.key),
                   "a key has no single quote");
  }
  SWAMP_CO_CHECK(
      co_await put(reference.vault, reference.key, text_to_store(value), Caller::sensitive_field));
  co_return reference;
}

Task<Value> Vaults::resolve(Reference reference, Caller caller) {
  SWAMP_CO_TRY(const Secret secret, co_await get(reference.vault, reference.key, caller));
  SecretOrigin source{
      .expression = reference.to_string(), .vault = reference.vault, .key = reference.key};
  if (!is_typed_key(reference.key)) {
    const auto origin = std::make_shared<const SecretOrigin>(std::move(source));
    co_return Value::secret(std::string(secret.reveal()), origin);
  }
  // No string within is the secret as a whole.
  source.vault.clear();
  source.key.clear();
  SWAMP_CO_TRY(const Value stored, parse_json(secret.reveal(), reference.to_string()));
  co_return as_secret(stored, std::make_shared<const SecretOrigin>(std::move(source)));
}

}  // namespace swamp::vault
