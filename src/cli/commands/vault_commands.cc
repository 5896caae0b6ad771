#include "app/vault_commands.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/duration.h"
#include "cli/answer.h"
#include "cli/input.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"
#include "render/table.h"
#include "render/text.h"
#include "render/time_text.h"
#include "value/json.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr std::size_t kSecretLimit = 16U << 20;

constexpr Argument kCreate[] = {{"type", "kind of vault"},
                                {"name", "name of the vault", Argument::Need::optional}};
constexpr Argument kVaultGet[] = {
    {"vault_name_or_id", "name or id of the vault"},
    {"extra", "nothing: secrets are read with 'swamp vault read-secret'",
     Argument::Need::optional}};
constexpr Argument kVaultDescribe[] = {{"vault_name_or_id", "name or id of the vault"}};
constexpr Argument kVault[] = {{"vault_name", "name or id of the vault"}};
constexpr Argument kKey[] = {{"vault_name", "name of the vault"}, {"key", "name of the secret"}};
constexpr Argument kPut[] = {
    {"vault_name", "name of the vault"},
    {"key", "name of the secret, or KEY=VALUE"},
    {"value", "the secret; better piped in, since arguments are seen by others",
     Argument::Need::optional}};
constexpr Argument kQuery[] = {{"query", "part of a name, type or id", Argument::Need::optional}};
constexpr Option kCreateOptions[] = {
    {.name = "config",
     .type = Type::text,
     .value = "json",
     .doc = "the configuration of the type, as a JSON object"},
    {.name = "audit-reads", .doc = "record reads too, not only changes"},
};
constexpr Option kPutOptions[] = {
    {.name = "label",
     .type = Type::text,
     .value = "key=value",
     .doc = "a label for the secret",
     .repeatable = true},
    {.name = "refresh-from",
     .type = Type::text,
     .value = "command",
     .doc = "a shell command that prints the value anew",
     .conflicts = "clear-refresh"},
    {.name = "refresh-ttl",
     .type = Type::text,
     .value = "duration",
     .doc = "how long a value is good: 50m, 1h, …",
     .conflicts = "clear-refresh"},
    {.name = "clear-refresh", .doc = "never refresh it again"},
};
constexpr Option kGetOptions[] = {{.name = "type",
                                   .letter = 't',
                                   .type = Type::text,
                                   .value = "type",
                                   .doc = "fail when the vault is of another type"}};
constexpr Example kCreateExamples[] = {
    {"swamp vault create local_encryption main", "secrets encrypted in this repository"}};
constexpr Example kPutExamples[] = {
    {"printf %s \"$TOKEN\" | swamp vault put main TOKEN", "store a secret"},
    {"swamp vault put main TOKEN --refresh-from 'aws-token' --refresh-ttl 50m",
     "and fetch it anew when it is old"}};
constexpr Example kGetExamples[] = {{"swamp vault get main", "the configuration of a vault"}};
constexpr Example kDescribeExamples[] = {
    {"swamp vault describe main", "the same, without where it is stored"}};
constexpr Example kListExamples[] = {{"swamp vault list-keys main", "names, never values"}};
constexpr Example kReadExamples[] = {
    {"swamp vault read-secret main TOKEN --yes", "print a secret"}};
constexpr Example kDeleteExamples[] = {{"swamp vault delete main TOKEN", "delete a secret"}};
constexpr Example kSearchExamples[] = {{"swamp vault search", "all vaults"}};
constexpr Example kTypeExamples[] = {{"swamp vault type search", "the kinds of vaults"}};

Result<ExitCode> run_create(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  std::string name(invocation.find_argument("name").value_or(""));
  if (name.empty() && !invocation.json() && io.is_terminal(Io::Stream::in)) {
    io.err().write("Name of the vault: ");
    io.err().flush();
    name = io.read_line().value_or("");
  }
  if (name.empty())
    return usage_error("the vault needs a name",
                       fmt::format("swamp vault create {} <name>", invocation.argument("type")));
  Map config;
  if (auto text = invocation.text("config")) {
    SWAMP_TRY(auto value, parse_json(*text, "--config"));
    if (!value.is_map())
      return usage_error("--config takes a JSON object", "--config '{\"auto_generate\": true}'");
    config = value.as_map();
  }
  SWAMP_TRY(auto created, app::create_vault(*session, invocation.argument("type"), name,
                                            std::move(config), invocation.has("audit-reads")));
  return answer(invocation, io,
                Map{{"id", created.id},
                    {"name", created.name},
                    {"type", created.type},
                    {"typeName", app::vault_type_name(created.type)},
                    {"config", created.config}},
                fmt::format("Created vault {} ({}).\nStore a secret: swamp vault put {} <key>\n",
                            created.name, created.type, created.name));
}

Result<ExitCode> show(const Invocation& invocation, Io& io, bool with_path) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto vault, app::find_vault(*session, invocation.argument("vault_name_or_id")));
  if (auto type = invocation.text("type"); type && *type != vault.type) {
    return fail(ErrorCode::invalid_input,
                fmt::format("vault '{}' is of type '{}', not '{}'", vault.name, vault.type, *type));
  }
  Map document{{"id", vault.id},
               {"name", vault.name},
               {"type", vault.type},
               {"config", vault.config},
               {"createdAt", vault.created_at}};
  if (with_path) document.set("storagePath", session->repo().relative(vault.file));
  return answer(invocation, io, document, "");
}

Result<ExitCode> run_get(const Invocation& invocation, Io& io) {
  if (auto extra = invocation.find_argument("extra")) {
    return usage_error("'swamp vault get' shows the configuration of a vault, not a secret",
                       fmt::format("swamp vault read-secret {} {}",
                                   invocation.argument("vault_name_or_id"), *extra));
  }
  return show(invocation, io, true);
}
Result<ExitCode> run_describe(const Invocation& invocation, Io& io) {
  return show(invocation, io, false);
}

bool occurs(std::string_view text, std::string_view query) {
  const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return query.empty() ||
         std::search(text.begin(), text.end(), query.begin(), query.end(),
                     [&](char a, char b) { return fold(a) == fold(b); }) != text.end();
}

Result<ExitCode> run_search(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const auto query = invocation.find_argument("query").value_or("");
  SWAMP_TRY(auto configs, app::read_vaults(*session));
  List results;
  render::Table table({{"NAME"}, {"TYPE"}, {"CREATED"}});
  for (const vault::VaultConfig& vault : configs.vaults) {
    if (!occurs(vault.name, query) && !occurs(vault.type, query) && !occurs(vault.id, query))
      continue;
    results.push_back(Map{{"id", vault.id},
                          {"name", vault.name},
                          {"type", vault.type},
                          {"createdAt", vault.created_at}});
    const auto created = parse_iso8601(vault.created_at);
    table.add({vault.name, vault.type,
               created ? render::when_text(*created, session->clock().now()) : vault.created_at});
  }
  for (const vault::DisabledVault& disabled : configs.disabled) {
    warn(invocation, io, disabled.reason);
  }
  return answer(invocation, io, Map{{"query", query}, {"results", std::move(results)}},
                table.empty() ? "No vaults found.\n" : table_text(invocation, io, table));
}

Result<ExitCode> run_types(const Invocation& invocation, Io& io) {
  const auto query = invocation.find_argument("query").value_or("");
  List results;
  render::Table table({{"TYPE"}, {"NAME"}, {"DESCRIPTION"}});
  for (const vault::ProviderType& type : app::vault_types()) {
    if (!occurs(type.type, query) && !occurs(type.name, query)) continue;
    results.push_back(
        Map{{"type", type.type}, {"name", type.name}, {"description", type.description}});
    table.add({type.type, type.name, type.description});
  }
  return answer(invocation, io, Map{{"query", query}, {"results", std::move(results)}},
                table.empty() ? "No vault types found.\n" : table_text(invocation, io, table));
}

/// The value: argument, `KEY=VALUE`, standard input without the newline at its end when that is
/// the only one, or typed at the terminal.
Result<app::PutSecret> secret_of(const Invocation& invocation, Io& io) {
  app::PutSecret request{.vault = std::string(invocation.argument("vault_name")),
                         .key = std::string(invocation.argument("key"))};
  if (auto value = invocation.find_argument("value")) {
    request.value = vault::Secret(*value);
    return request;
  }
  if (const auto equals = request.key.find('='); equals != std::string::npos) {
    request.value = vault::Secret(std::string_view(request.key).substr(equals + 1));
    request.key.resize(equals);
    return request;
  }
  if (io.is_terminal(Io::Stream::in)) {
    if (invocation.json()) {
      return usage_error(fmt::format("what is the value of '{}'?", request.key),
                         fmt::format("pipe it in: printf %s \"$VALUE\" | swamp vault put {} {}",
                                     request.vault, request.key));
    }
    io.err().write(fmt::format("Value of {} (it will not show): ", request.key));
    io.err().flush();
    auto line = io.read_hidden_line();
    if (!line) return fail(ErrorCode::invalid_input, "no value was typed", "nothing was changed");
    request.value = vault::Secret::take(*line);
    return request;
  }
  SWAMP_TRY(auto text, io.read_input(kSecretLimit));
  if (!text.empty() && text.find('\n') == text.size() - 1) text.pop_back();
  request.value = vault::Secret::take(text);
  return request;
}

Result<ExitCode> run_put(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto vault, app::find_vault(*session, invocation.argument("vault_name")));
  if (invocation.has("refresh-from") != invocation.has("refresh-ttl")) {
    return usage_error("--refresh-from and --refresh-ttl need each other");
  }
  SWAMP_TRY(auto request, secret_of(invocation, io));
  SWAMP_TRY(request.labels, parse_tags(invocation.texts("label"), "--label"));
  if (auto command = invocation.text("refresh-from")) {
    request.refresh_command = std::string(*command);
    SWAMP_TRY(request.refresh_ttl, parse_time_limit(*invocation.text("refresh-ttl")));
  }
  request.clear_refresh = invocation.has("clear-refresh");
  SWAMP_TRY(const bool exists, app::has_secret(*session, vault.name, request.key));
  if (exists) {
    SWAMP_TRY(const bool yes,
              confirm(invocation, io,
                      fmt::format("Overwrite '{}' in vault '{}'?", request.key, vault.name)));
    if (!yes) return answer_cancelled(invocation, io);
  }
  const std::string key = request.key;
  Map labels;
  for (const auto& [name, text] : request.labels) {
    labels.set(name, text);
  }
  request.vault = vault.name;
  SWAMP_CHECK(app::put_secret(*session, std::move(request)));
  Map document{{"vaultName", vault.name},
               {"secretKey", key},
               {"vaultType", vault.type},
               {"overwritten", exists},
               {"timestamp", to_iso8601(session->clock().now())}};
  if (!labels.empty()) document.set("labels", std::move(labels));
  return answer(
      invocation, io, document,
      fmt::format("{} {} in vault {}.\n", exists ? "Replaced" : "Stored", key, vault.name));
}

Result<ExitCode> run_list(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto vault, app::find_vault(*session, invocation.argument("vault_name")));
  SWAMP_TRY(auto keys, app::list_secrets(*session, vault.name));
  List list(keys.begin(), keys.end());
  std::string text;
  for (const std::string& key : keys) {
    text += key + "\n";
  }
  const auto count = static_cast<std::int64_t>(keys.size());
  return answer(invocation, io,
                Map{{"vaultName", vault.name},
                    {"vaultType", vault.type},
                    {"secretKeys", std::move(list)},
                    {"count", count}},
                text.empty() ? "No secrets.\n" : text);
}

Result<ExitCode> run_read(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto vault, app::find_vault(*session, invocation.argument("vault_name")));
  const auto key = invocation.argument("key");
  SWAMP_TRY(const bool yes, confirm(invocation, io, fmt::format("Print the secret '{}'?", key)));
  if (!yes) return answer_cancelled(invocation, io);
  SWAMP_TRY(const auto secret, app::read_secret(*session, vault.name, key));
  // The one command whose purpose is to show the value, as it is: without a line end of its own.
  return answer(invocation, io,
                Map{{"vaultName", vault.name},
                    {"secretKey", key},
                    {"vaultType", vault.type},
                    {"value", std::string(secret.reveal())}},
                secret.reveal());
}

Result<ExitCode> run_delete(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto vault, app::find_vault(*session, invocation.argument("vault_name")));
  const auto key = invocation.argument("key");
  SWAMP_TRY(const bool exists, app::has_secret(*session, vault.name, key));
  Map document{{"vaultName", vault.name},
               {"secretKey", key},
               {"vaultType", vault.type},
               {"timestamp", to_iso8601(session->clock().now())}};
  if (!exists && invocation.has("force")) {
    document.set("noOp", true);
    return answer(invocation, io, document,
                  fmt::format("There was no '{}' in vault {}.\n", key, vault.name));
  }
  if (exists) {
    SWAMP_TRY(
        const bool yes,
        confirm(invocation, io, fmt::format("Delete '{}' from vault '{}'?", key, vault.name)));
    if (!yes) return answer_cancelled(invocation, io);
  }
  SWAMP_CHECK(app::delete_secret(*session, vault.name, key));
  return answer(invocation, io, document,
                fmt::format("Deleted {} from vault {}.\n", key, vault.name));
}

}  // namespace

extern constexpr Command kVaultCreateCommand = {.path = "vault create",
                                                .summary = "Make a vault",
                                                .arguments = kCreate,
                                                .options = kCreateOptions,
                                                .shared = kInRepository,
                                                .examples = kCreateExamples,
                                                .run = run_create};
extern constexpr Command kVaultPutCommand = {.path = "vault put",
                                             .summary = "Store a secret",
                                             .arguments = kPut,
                                             .options = kPutOptions,
                                             .shared = kInRepository | Shared::yes,
                                             .examples = kPutExamples,
                                             .aliases = "write-secret",
                                             .run = run_put};
extern constexpr Command kVaultGetCommand = {.path = "vault get",
                                             .summary = "Show the configuration of a vault",
                                             .arguments = kVaultGet,
                                             .options = kGetOptions,
                                             .shared = kInRepository,
                                             .examples = kGetExamples,
                                             .always_json = true,
                                             .run = run_get};
extern constexpr Command kVaultDescribeCommand = {.path = "vault describe",
                                                  .summary = "Show the configuration of a vault",
                                                  .arguments = kVaultDescribe,
                                                  .options = kGetOptions,
                                                  .shared = kInRepository,
                                                  .examples = kDescribeExamples,
                                                  .same_help_as = "vault get",
                                                  .always_json = true,
                                                  .run = run_describe};
extern constexpr Command kVaultListKeysCommand = {.path = "vault list-keys",
                                                  .summary = "List the names of secrets",
                                                  .arguments = kVault,
                                                  .shared = kInRepository,
                                                  .examples = kListExamples,
                                                  .run = run_list};
extern constexpr Command kVaultReadSecretCommand = {.path = "vault read-secret",
                                                    .summary = "Print a secret",
                                                    .arguments = kKey,
                                                    .shared = kInRepository | Shared::yes,
                                                    .examples = kReadExamples,
                                                    .run = run_read};
extern constexpr Command kVaultDeleteCommand = {.path = "vault delete",
                                                .summary = "Delete a secret",
                                                .arguments = kKey,
                                                .shared = kInRepository | Shared::yes,
                                                .examples = kDeleteExamples,
                                                .run = run_delete};
extern constexpr Command kVaultSearchCommand = {.path = "vault search",
                                                .summary = "List vaults",
                                                .arguments = kQuery,
                                                .shared = kInRepository,
                                                .examples = kSearchExamples,
                                                .hidden_aliases = "list",
                                                .json_to_programs = true,
                                                .run = run_search};
extern constexpr Command kVaultTypeSearchCommand = {.path = "vault type search",
                                                    .summary = "List kinds of vaults",
                                                    .arguments = kQuery,
                                                    .shared = Shared::server | Shared::ca_cert,
                                                    .examples = kTypeExamples,
                                                    .hidden_aliases = "list",
                                                    .json_to_programs = true,
                                                    .run = run_types};

}  // namespace swamp::cli
