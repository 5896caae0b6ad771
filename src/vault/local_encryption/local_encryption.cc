#include "vault/local_encryption/local_encryption.h"

#include <fmt/format.h>

#include "value/json.h"
#include "vault/local_encryption/entry_json.h"
#include "vault/local_encryption/home_path.h"

namespace swamp::vault {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDefaultSshKey = "~/.ssh/id_rsa";
constexpr std::size_t kLargestValue = 16U << 20;

Result<std::optional<std::string>> text_setting(const VaultConfig& config, std::string_view key) {
  const Value* setting = config.config.find(key);
  if (setting == nullptr || setting->is_null()) return std::nullopt;
  if (setting->is_string() && !setting->as_string().empty()) return setting->as_string();
  return fail(ErrorCode::invalid_input,
              fmt::format("'config.{}' of vault '{}' is not a text", key, config.name));
}

Result<bool> flag_setting(const VaultConfig& config, std::string_view key) {
  const Value* setting = config.config.find(key);
  if (setting == nullptr || setting->is_null()) return false;
  if (setting->is_bool()) return setting->as_bool();
  return fail(ErrorCode::invalid_input,
              fmt::format("'config.{}' of vault '{}' is not true or false", key, config.name));
}

Result<KeySource> key_source(const VaultConfig& config, const ProviderSetup& setup,
                             const fs::path& folder) {
  SWAMP_TRY(const bool is_generated, flag_setting(config, "auto_generate"));
  SWAMP_TRY(auto ssh_key, text_setting(config, "ssh_key_path"));
  SWAMP_TRY(const auto key_file, text_setting(config, "key_file"));
  KeySource source;
  if (!ssh_key && !is_generated) ssh_key = kDefaultSshKey;
  if (ssh_key) {
    SWAMP_TRY(source.ssh_key, resolve_path(*ssh_key, setup.home, setup.repository));
  }
  if (is_generated) {
    source.generated = folder / ".key";
    if (key_file) {
      SWAMP_TRY(source.generated, resolve_path(*key_file, setup.home, setup.repository));
    }
  }
  return source;
}

Result<> check_value(const Secret& value) {
  if (value.size() > kLargestValue) {
    return fail(ErrorCode::invalid_input, "the value has more than 16 MiB");
  }
  if (!is_valid_utf8(value.reveal())) {
    return fail(ErrorCode::invalid_input, "the value is not UTF-8 text",
                "encode it first, for example with base64");
  }
  return {};
}

Error no_such_key(std::string_view vault, std::string_view key) {
  return {ErrorCode::not_found, fmt::format("vault '{}' has no secret '{}'", vault, key)};
}

}  // namespace

fs::path vault_folder_path(const VaultConfig& config, const fs::path& repository) {
  const fs::path below = fs::path(".swamp") / "secrets" / "local_encryption" / config.name;
  fs::path own = repository / below;
  const Value* base_dir = config.config.find("base_dir");
  if (base_dir == nullptr || !base_dir->is_string()) return own;
  const fs::path other = repository / base_dir->as_string();
  std::error_code ignored;
  return !fs::is_directory(own, ignored) && fs::is_directory(other, ignored) ? other / below : own;
}

Result<std::unique_ptr<LocalEncryption>> LocalEncryption::open(const VaultConfig& config,
                                                               const ProviderSetup& setup) {
  SWAMP_CHECK(text_setting(config, "base_dir"));
  const fs::path path = vault_folder_path(config, setup.repository);
  SWAMP_TRY(KeySource key, key_source(config, setup, path));
  const Binding binding = config.bind_required ? Binding::required : Binding::optional;
  return std::unique_ptr<LocalEncryption>(new LocalEncryption(
      config.name, VaultFolder(config.name, path, std::move(key), binding), setup.pool));
}

Task<Secret> LocalEncryption::get(std::string key) {
  SWAMP_CO_CHECK(check_key(key));
  SWAMP_CO_TRY(std::optional<Secret> text, co_await read(EntryKind::secret, key));
  if (!text) co_return fail(no_such_key(vault_, key));
  co_return *std::move(text);
}

Task<> LocalEncryption::put(std::string key, Secret value) {
  SWAMP_CO_CHECK(check_key(key));
  SWAMP_CO_CHECK(check_value(value));
  co_return co_await write(EntryKind::secret, std::move(key), std::move(value));
}

Task<std::vector<std::string>> LocalEncryption::list() {
  std::function<Result<std::vector<std::string>>()> work = [folder = folder_] {
    return folder->keys();
  };
  co_return co_await pool_.run(std::move(work));
}

Task<> LocalEncryption::remove(std::string key) {
  SWAMP_CO_CHECK(check_key(key));
  SWAMP_CO_TRY(const bool was_there, co_await erase(EntryKind::secret, key));
  if (!was_there) co_return fail(no_such_key(vault_, key));
  SWAMP_CO_CHECK(co_await erase(EntryKind::annotation, key));
  SWAMP_CO_CHECK(co_await erase(EntryKind::refresh_hook, key));
  co_return Result<>{};
}

Task<std::optional<Annotation>> LocalEncryption::annotation(std::string key) {
  SWAMP_CO_CHECK(check_key(key));
  SWAMP_CO_TRY(const std::optional<Secret> text, co_await read(EntryKind::annotation, key));
  if (!text) co_return std::nullopt;
  co_return parse_annotation(text->reveal(), fmt::format("annotation of '{}'", key));
}

Task<> LocalEncryption::put_annotation(std::string key, Annotation annotation) {
  SWAMP_CO_CHECK(check_key(key));
  co_return co_await write(EntryKind::annotation, std::move(key),
                           Secret(write_annotation(annotation)));
}

Task<> LocalEncryption::remove_annotation(std::string key) {
  SWAMP_CO_CHECK(check_key(key));
  SWAMP_CO_CHECK(co_await erase(EntryKind::annotation, std::move(key)));
  co_return Result<>{};
}

Task<std::optional<RefreshHook>> LocalEncryption::refresh_hook(std::string key) {
  SWAMP_CO_CHECK(check_key(key));
  SWAMP_CO_TRY(const std::optional<Secret> text, co_await read(EntryKind::refresh_hook, key));
  if (!text) co_return std::nullopt;
  co_return parse_refresh_hook(text->reveal(), fmt::format("refresh hook of '{}'", key));
}

Task<> LocalEncryption::put_refresh_hook(std::string key, RefreshHook hook) {
  SWAMP_CO_CHECK(check_key(key));
  co_return co_await write(EntryKind::refresh_hook, std::move(key),
                           Secret(write_refresh_hook(hook)));
}

Task<> LocalEncryption::remove_refresh_hook(std::string key) {
  SWAMP_CO_CHECK(check_key(key));
  SWAMP_CO_CHECK(co_await erase(EntryKind::refresh_hook, std::move(key)));
  co_return Result<>{};
}

Task<std::vector<std::string>> LocalEncryption::unbound() {
  std::function<Result<std::vector<std::string>>()> work = [folder = folder_] {
    return folder->unbound();
  };
  co_return co_await pool_.run(std::move(work));
}

Task<> LocalEncryption::bind_all() {
  std::function<Result<bool>()> work = [folder = folder_]() -> Result<bool> {
    SWAMP_CHECK(folder->bind_all());
    return true;
  };
  SWAMP_CO_CHECK(co_await pool_.run(std::move(work)));
  co_return Result<>{};
}

Task<std::optional<Secret>> LocalEncryption::read(EntryKind kind, std::string key) {
  const auto place = std::pair(kind, key);
  std::optional<OpenedEntry> known;
  if (const auto found = opened_.find(place); found != opened_.end()) known = found->second;
  std::function<Result<std::optional<OpenedEntry>>()> work =
      [folder = folder_, kind, key = std::move(key), known = std::move(known)] {
        return folder->read(kind, key, known);
      };
  SWAMP_CO_TRY(std::optional<OpenedEntry> entry, co_await pool_.run(std::move(work)));
  if (!entry) {
    opened_.erase(place);
    co_return std::nullopt;
  }
  co_return opened_.insert_or_assign(place, *std::move(entry)).first->second.text;
}

Task<> LocalEncryption::write(EntryKind kind, std::string key, Secret text) {
  const auto place = std::pair(kind, key);
  std::function<Result<OpenedEntry>()> work = [folder = folder_, kind, key = std::move(key),
                                               text = std::move(text)] {
    return folder->write(kind, key, text);
  };
  SWAMP_CO_TRY(OpenedEntry entry, co_await pool_.run(std::move(work)));
  opened_.insert_or_assign(place, std::move(entry));
  co_return Result<>{};
}

Task<bool> LocalEncryption::erase(EntryKind kind, std::string key) {
  opened_.erase({kind, key});
  std::function<Result<bool>()> work = [folder = folder_, kind, key = std::move(key)] {
    return folder->remove(kind, key);
  };
  co_return co_await pool_.run(std::move(work));
}

}  // namespace swamp::vault
