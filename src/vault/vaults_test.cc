#include "vault/vaults.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "async/task_group.h"
#include "support/fake_clock.h"
#include "support/run.h"
#include "support/temp_dir.h"

namespace swamp::vault {
namespace {

using namespace std::chrono_literals;
using test::run;

Task<bool> done(Task<> task) {
  SWAMP_CO_CHECK(co_await std::move(task));
  co_return true;
}

/// A vault in memory that has everything, answers after the loop went round once, and counts its
/// answers.
class MemoryVault final : public Provider, private Annotations, private RefreshHooks {
 public:
  Task<Secret> get(std::string key) override {
    ++gets;
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    const auto found = secrets.find(key);
    if (found == secrets.end()) co_return fail(ErrorCode::not_found, fmt::format("no '{}'", key));
    co_return found->second;
  }
  Task<> put(std::string key, Secret value) override {
    secrets.insert_or_assign(std::move(key), std::move(value));
    co_return Result<>{};
  }
  Task<std::vector<std::string>> list() override {
    std::vector<std::string> keys;
    for (const auto& [key, value] : secrets)
      keys.push_back(key);
    co_return keys;
  }
  Task<> remove(std::string key) override {
    secrets.erase(key);
    co_return Result<>{};
  }
  Annotations* annotations() override { return this; }
  RefreshHooks* refresh_hooks() override { return this; }

  std::map<std::string, Secret> secrets{{"API_KEY", Secret("s3cr3t")}, {"USER", Secret("bob")}};
  std::map<std::string, Annotation> notes;
  std::map<std::string, RefreshHook> hooks;
  int gets = 0;

 private:
  Task<std::optional<Annotation>> annotation(std::string key) override {
    const auto found = notes.find(key);
    if (found == notes.end()) co_return std::nullopt;
    co_return found->second;
  }
  Task<> put_annotation(std::string key, Annotation annotation) override {
    notes.insert_or_assign(std::move(key), std::move(annotation));
    co_return Result<>{};
  }
  Task<> remove_annotation(std::string key) override {
    notes.erase(key);
    co_return Result<>{};
  }
  Task<std::optional<RefreshHook>> refresh_hook(std::string key) override {
    const auto found = hooks.find(key);
    if (found == hooks.end()) co_return std::nullopt;
    co_return found->second;
  }
  Task<> put_refresh_hook(std::string key, RefreshHook hook) override {
    hooks.insert_or_assign(std::move(key), std::move(hook));
    co_return Result<>{};
  }
  Task<> remove_refresh_hook(std::string key) override {
    hooks.erase(key);
    co_return Result<>{};
  }
};

class FakeCommands final : public CommandRunner {
 public:
  Task<std::string> run(std::string command, std::chrono::milliseconds limit) override {
    ran.push_back(std::move(command));
    limits.push_back(limit);
    co_return result;
  }

  Result<std::string> result = std::string("fresh \n\n");
  std::vector<std::string> ran;
  std::vector<std::chrono::milliseconds> limits;
};

class VaultsTest : public ::testing::Test {
 protected:
  void open(VaultConfigs configs, std::string default_vault = {}) {
    std::vector<ProviderType> types = builtin_providers();
    types.push_back({.type = "memory",
                     .open = [this](const VaultConfig&,
                                    const ProviderSetup&) -> Result<std::unique_ptr<Provider>> {
                       auto provider = std::make_unique<MemoryVault>();
                       memory_ = provider.get();
                       return provider;
                     }});
    vaults_ = std::make_unique<Vaults>(
        std::move(configs),
        VaultsSetup{.repository = repo_.path(),
                    .home = {},
                    .pool = pool_,
                    .clock = clock_,
                    .commands = commands_,
                    .warn = [this](const Error& error) { warnings_.push_back(error); },
                    .default_vault = std::move(default_vault),
                    .types = std::move(types)});
  }
  void open_memory(bool audit_reads = false) {
    open({.vaults = {{.name = "main", .type = "memory", .audit_reads = audit_reads}}});
    ASSERT_TRUE(vaults_->find("main"));
    ASSERT_TRUE(run(vaults_->list("main")));
  }

  Result<std::string> get(std::string vault, std::string key) {
    SWAMP_TRY(const Secret secret,
              run(vaults_->get(std::move(vault), std::move(key), Caller::expression)));
    return std::string(secret.reveal());
  }
  std::string audit() const { return repo_.read(".swamp/audit/vault-audit-2026-01-02.jsonl"); }

  test::TempDir repo_;
  test::FakeClock clock_;
  FakeCommands commands_;
  BlockingPool pool_{1};
  std::vector<Error> warnings_;
  MemoryVault* memory_ = nullptr;
  std::unique_ptr<Vaults> vaults_;
};

TEST_F(VaultsTest, GivesASecret) {
  open_memory();
  EXPECT_EQ(get("main", "API_KEY"), "s3cr3t");
}

TEST_F(VaultsTest, AnUnknownVaultIsExplainedByThoseThatAre) {
  open({.vaults = {{.name = "prod", .type = "mock"}, {.name = "staging", .type = "mock"}}});
  const Error near = get("prdo", "K").error();
  EXPECT_EQ(near.message, "there is no vault 'prdo'");
  EXPECT_EQ(near.hint, "did you mean 'prod'?");
  EXPECT_EQ(get("something-else", "K").error().hint, "vaults of this repository: prod, staging");
  open({});
  EXPECT_EQ(get("prod", "K").error().hint, "make one with 'swamp vault create <type> <name>'");
}

TEST_F(VaultsTest, AnUnknownKeyIsExplainedByThoseThatAre) {
  open_memory();
  EXPECT_EQ(get("main", "API_KEI").error().hint, "did you mean 'API_KEY'?");
  EXPECT_EQ(get("main", "something else").error().hint, "secrets of vault 'main': API_KEY, USER");
}

TEST_F(VaultsTest, ABrokenVaultSaysWhatIsWrongWithIt) {
  open({.disabled = {{.name = "bad", .reason = {ErrorCode::invalid_input, "a vault needs 'id'"}}}});
  const Error error = get("bad", "K").error();
  EXPECT_EQ(error.message, "a vault needs 'id'");
  EXPECT_EQ(error.notes, std::vector<std::string>{"while reading vault 'bad'"});
}

TEST_F(VaultsTest, AVaultOfAMissingTypeSaysHowToInstallIt) {
  open({.vaults = {{.name = "cloud", .type = "@swamp/aws-sm"}}});
  const Error error = get("cloud", "K").error();
  EXPECT_EQ(error.message, "vault 'cloud' has type '@swamp/aws-sm', which is not installed");
  EXPECT_EQ(error.hint, "install it with 'swamp extension pull @swamp/aws-sm'");
}

TEST_F(VaultsTest, TheDefaultIsTheNamedVaultElseTheOldestOfTheUser) {
  const VaultConfigs configs{
      .vaults = {{.name = "_token-secrets", .type = "mock"},
                 {.name = "far", .type = "@not/installed"},
                 {.name = "first", .type = "mock"},
                 {.name = "second", .type = "mock"}},
      .disabled = {{.name = "broken", .reason = {ErrorCode::invalid_input, "bad"}}}};
  open(configs);
  EXPECT_EQ(vaults_->default_vault(), "first");
  open(configs, "second");
  EXPECT_EQ(vaults_->default_vault(), "second");
  open(configs, "no-such-vault");
  EXPECT_EQ(vaults_->default_vault(), "first");
  open(configs, "broken");
  EXPECT_EQ(vaults_->default_vault().error().message, "bad")
      << "secrets must not go elsewhere instead";
  open({});
  EXPECT_EQ(vaults_->default_vault().error().message, "no vault is configured");
}

Task<> get_into(Vaults& vaults, std::vector<std::string>& values) {
  SWAMP_CO_TRY(const Secret secret, co_await vaults.get("main", "API_KEY", Caller::expression));
  values.emplace_back(secret.reveal());
  co_return Result<>{};
}

Task<> get_five_times(Vaults& vaults, std::vector<std::string>& values) {
  TaskGroup group(co_await asio::this_coro::executor);
  for (int i = 0; i < 5; ++i)
    group.spawn(get_into(vaults, values));
  co_return co_await group.join();
}

TEST_F(VaultsTest, ManyWhoWantOneSecretAtOnceShareOneFetch) {
  open_memory();
  std::vector<std::string> values;
  ASSERT_TRUE(run(done(get_five_times(*vaults_, values))));
  EXPECT_EQ(values, std::vector<std::string>(5, "s3cr3t"));
  EXPECT_EQ(memory_->gets, 1);
  EXPECT_EQ(get("main", "API_KEY"), "s3cr3t");
  EXPECT_EQ(memory_->gets, 2);
}

Task<> cancel_first_of_two(Vaults& vaults, std::vector<std::string>& values) {
  const auto executor = co_await asio::this_coro::executor;
  TaskGroup first(executor);
  TaskGroup second(executor);
  first.spawn(get_into(vaults, values));
  second.spawn(get_into(vaults, values));
  co_await asio::post(executor, asio::use_awaitable);
  first.cancel();
  SWAMP_CO_CHECK(co_await second.join());
  co_return co_await first.join();
}

TEST_F(VaultsTest, ACancelledFetchDoesNotFailThoseWhoWaitForIt) {
  open_memory();
  std::vector<std::string> values;
  ASSERT_TRUE(run(done(cancel_first_of_two(*vaults_, values))));
  ASSERT_FALSE(values.empty());
  EXPECT_EQ(values.back(), "s3cr3t");
}

TEST_F(VaultsTest, AStaleHookRefreshesTheSecretOnce) {
  open_memory();
  memory_->hooks["API_KEY"] = {.command = "fetch-token", .ttl = 1h};
  EXPECT_EQ(get("main", "API_KEY"), "fresh");
  EXPECT_EQ(get("main", "API_KEY"), "fresh");
  EXPECT_EQ(commands_.ran, std::vector<std::string>{"fetch-token"});
  EXPECT_EQ(commands_.limits, std::vector<std::chrono::milliseconds>{30s});
  EXPECT_EQ(memory_->secrets["API_KEY"].reveal(), "fresh");
  clock_.advance(1h);
  commands_.result = "newer";
  EXPECT_EQ(get("main", "API_KEY"), "newer");
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(VaultsTest, WhenRefreshingFailsTheOldValueIsUsedWithAWarning) {
  open_memory();
  memory_->hooks["API_KEY"] = {.command = "fetch-token"};
  commands_.result = fail(ErrorCode::timed_out, "the command took too long");
  EXPECT_EQ(get("main", "API_KEY"), "s3cr3t");
  commands_.result = " \n";
  EXPECT_EQ(get("main", "API_KEY"), "s3cr3t");
  ASSERT_EQ(warnings_.size(), 2U);
  EXPECT_EQ(warnings_[0].message, "the command took too long");
  EXPECT_EQ(warnings_[0].notes,
            std::vector<std::string>{
                "while refreshing secret 'API_KEY' of vault 'main', whose old value is used"});
  EXPECT_EQ(warnings_[1].message, "the refresh command printed nothing");
}

TEST_F(VaultsTest, AHookIsFreshWhenItIsPut) {
  open_memory();
  EXPECT_EQ(run(vaults_->put_refresh_hook("main", "API_KEY", "fetch-token", 1h)), true);
  EXPECT_EQ(get("main", "API_KEY"), "s3cr3t");
  EXPECT_TRUE(commands_.ran.empty());
  ASSERT_TRUE(run(done(vaults_->clear_refresh_hook("main", "API_KEY"))));
  clock_.advance(2h);
  EXPECT_EQ(get("main", "API_KEY"), "s3cr3t");
}

TEST_F(VaultsTest, InspectingRefreshesNothing) {
  open_memory();
  memory_->hooks["API_KEY"] = {.command = "fetch-token"};
  memory_->notes["API_KEY"] = {.notes = "n"};
  const auto info = run(vaults_->inspect("main", "API_KEY", Caller::vault_inspect));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->value.reveal(), "s3cr3t");
  EXPECT_TRUE(info->supports_annotations && info->supports_refresh_hooks);
  EXPECT_EQ(info->annotation->notes, "n");
  EXPECT_EQ(info->refresh_hook->command, "fetch-token");
  EXPECT_TRUE(commands_.ran.empty());
}

TEST_F(VaultsTest, ChangesAreAlwaysOnTheAuditTrailReadsWhenAskedFor) {
  open_memory();
  ASSERT_TRUE(run(done(vaults_->put("main", "K", Secret("v"), Caller::vault_put))));
  EXPECT_EQ(get("main", "K"), "v");
  EXPECT_FALSE(run(done(vaults_->remove("main", "NONE", Caller::vault_delete))));
  ASSERT_TRUE(run(done(vaults_->remove("main", "K", Caller::vault_delete))));
  const std::string rest =
      R"("timestamp":"2026-01-02T03:04:05.678Z","vaultName":"main","vaultType":"memory")";
  EXPECT_EQ(audit(), R"({"action":"put",)" + rest +
                         R"(,"secretKey":"K","callerContext":"cli:vault-put"})" + "\n" +
                         R"({"action":"delete",)" + rest +
                         R"(,"secretKey":"K","callerContext":"cli:vault-delete"})" + "\n");
  open_memory(true);
  EXPECT_EQ(get("main", "API_KEY"), "s3cr3t");
  EXPECT_NE(audit().find(R"("secretKey":"API_KEY","callerContext":"expression:vault-resolve"})"),
            std::string::npos);
}

TEST_F(VaultsTest, AnAuditTrailThatCannotBeWrittenIsAWarning) {
  open_memory();
  repo_.write(".swamp/audit", "a file where a folder should be");
  ASSERT_TRUE(run(done(vaults_->put("main", "K", Secret("v"), Caller::vault_put))));
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_EQ(warnings_[0].notes,
            std::vector<std::string>{"while writing the audit trail of the vaults"});
}

TEST_F(VaultsTest, AnnotationsAreMerged) {
  open_memory();
  memory_->notes["USER"] = {
      .url = "old", .notes = "kept", .labels = {{"a", "1"}, {"b", "2"}, {"c", "3"}}};
  const auto merged = run(vaults_->annotate(
      "main", "USER", {.url = "new", .labels = {{"b", "22"}, {"d", "4"}}, .removed_labels = {"c"}},
      Caller::vault_annotate));
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->url, "new");
  EXPECT_EQ(merged->notes, "kept");
  EXPECT_EQ(merged->updated_at, clock_.now());
  const std::vector<std::pair<std::string, std::string>> labels = {
      {"a", "1"}, {"b", "22"}, {"d", "4"}};
  EXPECT_EQ(merged->labels, labels);
  EXPECT_EQ(memory_->notes["USER"].labels, labels);
  EXPECT_EQ(run(vaults_->annotate("main", "NONE", {}, Caller::vault_annotate)).error().code,
            ErrorCode::not_found);
}

TEST_F(VaultsTest, AVaultWithoutAnnotationsSaysSo) {
  open({.vaults = {{.name = "demo", .type = "mock"}}});
  EXPECT_EQ(
      run(vaults_->annotate("demo", "demo-api-key", {}, Caller::vault_annotate)).error().message,
      "vault 'demo' of type 'mock' has no annotations");
  EXPECT_EQ(run(vaults_->put_refresh_hook("demo", "demo-api-key", "c", 1h)), false);
}

SensitiveField field_of(std::string path) {
  return {.type = "@john/pod",
          .model_id = "7b1c",
          .method = "create",
          .spec = "state",
          .instance = "main",
          .version = 3,
          .path = std::move(path)};
}

TEST_F(VaultsTest, ASensitiveTextComesBackAsASecretString) {
  open_memory();
  const auto reference = run(vaults_->put_sensitive(field_of("token"), "hunter2"));
  ASSERT_TRUE(reference);
  EXPECT_EQ(reference->to_string(),
            "${{ vault.get('main', 'john-pod-7b1c-create-state-main-token-3') }}");
  const auto value = run(vaults_->resolve(*reference, Caller::reference));
  ASSERT_TRUE(value);
  EXPECT_EQ(value->as_string(), "hunter2");
  ASSERT_TRUE(value->is_secret());
  EXPECT_EQ(value->secret_origin()->expression, reference->to_string());
  EXPECT_EQ(value->secret_origin()->vault, "main");
  EXPECT_NE(audit().find(R"("callerContext":"data-writer:sensitive-field")"), std::string::npos);
}

TEST_F(VaultsTest, ASensitiveValueKeepsItsTypeAndItsStringsAreSecret) {
  open_memory();
  const auto origin = std::make_shared<SecretOrigin>(SecretOrigin{.expression = "${{ x }}"});
  const Value pair =
      Map{{"user", "bob"}, {"pin", 4711}, {"token", Value::secret("hunter2", origin)}};
  const auto reference = run(vaults_->put_sensitive(field_of("login"), pair));
  ASSERT_TRUE(reference);
  EXPECT_EQ(memory_->secrets[reference->key].reveal(),
            R"({"user":"bob","pin":4711,"token":"hunter2"})");
  const auto value = run(vaults_->resolve(*reference, Caller::reference));
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, pair);
  EXPECT_TRUE((*value)["user"].is_secret());
  EXPECT_EQ((*value)["user"].secret_origin()->vault, "");
}

TEST_F(VaultsTest, SensitiveFieldsGoWhereTheyAreTold) {
  open({.vaults = {{.name = "main", .type = "memory"},
                   {.name = "other", .type = "mock"},
                   {.name = "_own", .type = "mock"}}});
  SensitiveField field = field_of("token");
  field.vault = "other";
  field.fixed_key = "TOKEN";
  EXPECT_EQ(run(vaults_->put_sensitive(field, "v"))->to_string(),
            "${{ vault.get('other', 'TOKEN') }}");
  EXPECT_EQ(get("other", "TOKEN"), "v");
  field.fixed_key = "it's";
  EXPECT_EQ(run(vaults_->put_sensitive(field, "v")).error().message,
            "a reference cannot hold the vault key 'it's'");
  field.vault = "_own";
  EXPECT_EQ(run(vaults_->put_sensitive(field, "v")).error().message,
            "vault '_own' is reserved for internal use");
}

}  // namespace
}  // namespace swamp::vault
