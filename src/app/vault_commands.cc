#include "app/vault_commands.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/engine_room.h"
#include "async/loop.h"
#include "base/suggest.h"

namespace swamp::app {
namespace {

/// Opens the vaults within an event loop and hands them to `use`, a function that waits.
template <class Use>
Task<> with_vaults(Session& session, Use use) {
  const auto executor = co_await asio::this_coro::executor;
  const EngineRoom::Options options{.command = "swamp vault"};
  SWAMP_CO_TRY(auto room, EngineRoom::open(session, executor, options));
  co_return co_await use(room->vaults());
}

Task<> check_for(vault::Vaults& vaults, std::string vault, std::string key, bool& found) {
  SWAMP_CO_TRY(found, co_await vaults.contains(std::move(vault), std::move(key)));
  co_return Result<>{};
}

Task<> list_into(vault::Vaults& vaults, std::string vault, std::vector<std::string>& keys) {
  SWAMP_CO_TRY(keys, co_await vaults.list(std::move(vault)));
  co_return Result<>{};
}

Task<> get_into(vault::Vaults& vaults, std::string vault, std::string key, vault::Secret& secret) {
  SWAMP_CO_TRY(secret, co_await vaults.get(std::move(vault), std::move(key),
                                           vault::Caller::vault_read_secret));
  co_return Result<>{};
}

Task<> put_all(vault::Vaults& vaults, PutSecret request) {
  SWAMP_CO_CHECK(
      co_await vaults.put(request.vault, request.key, request.value, vault::Caller::vault_put));
  if (!request.labels.empty()) {
    vault::AnnotationChange change{.labels = request.labels};
    SWAMP_CO_TRY(const auto annotation,
                 co_await vaults.annotate(request.vault, request.key, std::move(change),
                                          vault::Caller::vault_put));
    static_cast<void>(annotation);
  }
  if (request.refresh_command) {
    SWAMP_CO_TRY(const bool kept,
                 co_await vaults.put_refresh_hook(request.vault, request.key,
                                                  *request.refresh_command, request.refresh_ttl));
    if (!kept) {
      co_return fail(
          ErrorCode::invalid_input,
          fmt::format("vault '{}' cannot refresh secrets; the value was stored", request.vault));
    }
  }
  if (request.clear_refresh)
    SWAMP_CO_CHECK(co_await vaults.clear_refresh_hook(request.vault, request.key));
  co_return Result<>{};
}

std::vector<std::string> listed_type_names() {
  std::vector<std::string> names;
  for (const vault::ProviderType& type : vault_types()) {
    names.push_back(type.type);
  }
  return names;
}

}  // namespace

Result<vault::VaultConfigs> read_vaults(Session& session) {
  return vault::read_vault_configs(session.repo().root());
}

Result<vault::VaultConfig> find_vault(Session& session, std::string_view name_or_id) {
  SWAMP_TRY(auto configs, read_vaults(session));
  if (const vault::VaultConfig* found = configs.find(name_or_id)) return *found;
  if (const vault::DisabledVault* disabled = configs.find_disabled(name_or_id))
    return fail(disabled->reason);
  const auto names = configs.names();
  std::string hint = did_you_mean(name_or_id, names);
  if (hint.empty())
    hint = names.empty() ? "make one with 'swamp vault create local_encryption main'"
                         : "'swamp vault search' lists all vaults";
  return fail(ErrorCode::not_found, fmt::format("there is no vault '{}'", name_or_id),
              std::move(hint));
}

std::vector<vault::ProviderType> vault_types() {
  auto types = vault::builtin_providers();
  types.erase(
      std::remove_if(types.begin(), types.end(), [](const auto& type) { return !type.is_listed; }),
      types.end());
  return types;
}

std::string vault_type_name(std::string_view type) {
  for (const vault::ProviderType& known : vault::builtin_providers()) {
    if (known.type == type) return known.name;
  }
  return std::string(type);
}

Result<vault::VaultConfig> create_vault(Session& session, std::string_view type,
                                        std::string_view name, Map config, bool audit_reads) {
  const auto types = listed_type_names();
  if (auto renamed = vault::renamed_type(type)) {
    return fail(ErrorCode::invalid_input,
                fmt::format("vault type '{}' is called '{}' now", type, *renamed),
                "it comes with an extension, which this version does not run");
  }
  if (std::find(types.begin(), types.end(), type) == types.end()) {
    std::string hint = did_you_mean(type, types);
    if (hint.empty()) hint = "'swamp vault type search' lists the types that there are";
    return fail(ErrorCode::not_found, fmt::format("there is no vault type '{}'", type),
                std::move(hint));
  }
  SWAMP_TRY(auto existing, read_vaults(session));
  if (config.empty() && type == "local_encryption") config.set("auto_generate", true);
  SWAMP_TRY(auto created,
            vault::new_vault_config(std::string(name), std::string(type), std::move(config),
                                    existing, session.ids(), session.clock()));
  created.audit_reads = audit_reads;
  SWAMP_CHECK(vault::save_vault_config(session.repo().root(), created));
  return created;
}

Result<bool> has_secret(Session& session, std::string_view vault, std::string_view key) {
  bool found = false;
  const auto use = [vault = std::string(vault), key = std::string(key),
                    &found](vault::Vaults& vaults) { return check_for(vaults, vault, key, found); };
  SWAMP_CHECK(run_loop(with_vaults(session, use)));
  return found;
}

Result<> put_secret(Session& session, PutSecret request) {
  const auto use = [&request](vault::Vaults& vaults) { return put_all(vaults, request); };
  return run_loop(with_vaults(session, use));
}

Result<std::vector<std::string>> list_secrets(Session& session, std::string_view vault) {
  std::vector<std::string> keys;
  const auto use = [vault = std::string(vault), &keys](vault::Vaults& vaults) {
    return list_into(vaults, vault, keys);
  };
  SWAMP_CHECK(run_loop(with_vaults(session, use)));
  return keys;
}

Result<vault::Secret> read_secret(Session& session, std::string_view vault, std::string_view key) {
  vault::Secret secret;
  const auto use = [vault = std::string(vault), key = std::string(key), &secret](
                       vault::Vaults& vaults) { return get_into(vaults, vault, key, secret); };
  SWAMP_CHECK(run_loop(with_vaults(session, use)));
  return secret;
}

Result<> delete_secret(Session& session, std::string_view vault, std::string_view key) {
  const auto use = [vault = std::string(vault), key = std::string(key)](vault::Vaults& vaults) {
    return vaults.remove(vault, key, vault::Caller::vault_delete);
  };
  return run_loop(with_vaults(session, use));
}

}  // namespace swamp::app
