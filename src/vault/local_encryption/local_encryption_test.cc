#include "vault/local_encryption/local_encryption.h"

#include <cstdlib>
#include <fstream>
#include <sys/stat.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/run.h"
#include "support/temp_dir.h"
#include "vault/local_encryption/entry_json.h"

namespace swamp::vault {
namespace {

namespace fs = std::filesystem;
using test::run;

constexpr std::string_view kFolder = ".swamp/secrets/local_encryption/prod/";
// The frames of two keys of SSH, around no key.
constexpr std::string_view kPlainSshKey =
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABKCkqKywtLi8wMTIzND\n"
    "U2Nzg5Ojs8PT4/QEFCQ0RFRkdISUpLTE1OTw==\n"
    "-----END OPENSSH PRIVATE KEY-----\n";
constexpr std::string_view kEncryptedSshKey =
    "-----BEGIN OPENSSH PRIVATE KEY-----\r\n"
    "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0\r\n"
    "-----END OPENSSH PRIVATE KEY-----\r\n";

class LocalEncryptionTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<LocalEncryption>> try_open(Map config, bool bind_required = false) {
    const VaultConfig vault{
        .name = "prod", .config = std::move(config), .bind_required = bind_required};
    return LocalEncryption::open(vault, {repo_.path(), repo_.path() / "home", pool_, clock_});
  }
  std::unique_ptr<LocalEncryption> open(Map config = {{"auto_generate", true}},
                                        bool bind_required = false) {
    auto opened = try_open(std::move(config), bind_required);
    EXPECT_TRUE(opened) << opened.error().message;
    return *std::move(opened);
  }

  Result<std::string> get(Provider& vault, std::string key) {
    SWAMP_TRY(const Secret secret, run(vault.get(std::move(key))));
    return std::string(secret.reveal());
  }
  Result<bool> put(Provider& vault, std::string key, std::string value) {
    return run(done(vault.put(std::move(key), Secret(value))));
  }
  Result<bool> remove(Provider& vault, std::string key) {
    return run(done(vault.remove(std::move(key))));
  }

  /// The vault of a repository that the original wrote, in `repo/`.
  bool unpack_original() const {
    return std::system(
               fmt::format(
                   "tar -xzf test/data/original-repo.tar.gz -C {} repo/vaults repo/.swamp/secrets",
                   repo_.path().native())
                   .c_str()) == 0;
  }

  static Task<bool> done(Task<> task) {
    SWAMP_CO_CHECK(co_await std::move(task));
    co_return true;
  }

  std::string file(std::string_view name) const {
    return repo_.read(std::string(kFolder) + std::string(name));
  }
  fs::path path(std::string_view name) const {
    return repo_ / (std::string(kFolder) + std::string(name));
  }
  unsigned mode(const fs::path& file) const {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
  }

  test::TempDir repo_;
  test::FakeClock clock_;
  BlockingPool pool_{2};
};

TEST_F(LocalEncryptionTest, OpensTheVaultOfARepositoryWrittenByTheOriginal) {
  ASSERT_TRUE(unpack_original());
  const auto configs = read_vault_configs(repo_ / "repo");
  ASSERT_TRUE(configs);
  const auto vault =
      LocalEncryption::open(*configs->find("main-vault"), {repo_ / "repo", "", pool_, clock_});
  ASSERT_TRUE(vault) << vault.error().message;
  EXPECT_EQ(run((*vault)->list()), (std::vector<std::string>{"API_KEY", "MULTI"}));
  EXPECT_EQ(get(**vault, "API_KEY"), "s3cr3t-value");
  EXPECT_EQ(get(**vault, "MULTI"), "line1\nline2 ünï");
  EXPECT_EQ(run((*vault)->unbound()), (std::vector<std::string>{"API_KEY", "MULTI"}));
}

TEST_F(LocalEncryptionTest, KeepsFilesToTheirOwner) {
  const auto vault = open();
  ASSERT_TRUE(put(*vault, "API_KEY", "v"));
  EXPECT_EQ(mode(path("API_KEY.enc")), 0600U);
  EXPECT_EQ(mode(path(".key")), 0600U);
  EXPECT_EQ(mode(path("")), 0700U);
  const std::string key = file(".key");
  EXPECT_EQ(key.size(), 72U);
  EXPECT_TRUE(is_uuid(key.substr(0, 36)) && is_uuid(key.substr(36))) << key;
}

TEST_F(LocalEncryptionTest, ReadingFromAnEmptyVaultMakesNothing) {
  const auto vault = open();
  EXPECT_EQ(run(vault->list()), std::vector<std::string>());
  EXPECT_EQ(get(*vault, "A").error().message, "vault 'prod' has no secret 'A'");
  EXPECT_FALSE(fs::exists(repo_ / ".swamp"));
}

TEST_F(LocalEncryptionTest, NoticesAValueThatAnotherProcessChanged) {
  const auto ours = open();
  const auto theirs = open();
  ASSERT_TRUE(put(*ours, "A", "1"));
  EXPECT_EQ(get(*theirs, "A"), "1");
  ASSERT_TRUE(put(*theirs, "A", "2"));
  EXPECT_EQ(get(*ours, "A"), "2");
  ASSERT_TRUE(remove(*theirs, "A"));
  EXPECT_FALSE(get(*ours, "A"));
}

TEST_F(LocalEncryptionTest, ASecretUnderAnotherKeysNameIsRefused) {
  const auto vault = open({{"auto_generate", true}}, true);
  ASSERT_TRUE(put(*vault, "USER", "bob"));
  ASSERT_TRUE(put(*vault, "ADMIN", "root"));
  fs::copy_file(path("ADMIN.enc"), path("USER.enc"), fs::copy_options::overwrite_existing);
  const auto moved = get(*vault, "USER");
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, ErrorCode::denied);
  EXPECT_EQ(moved.error().message,
            "'USER' of vault 'prod' was written for another place or changed");
}

TEST_F(LocalEncryptionTest, AMissingKeyFileBesideSecretsIsAnErrorAndNeverANewKey) {
  ASSERT_TRUE(put(*open(), "A", "1"));
  fs::remove(path(".key"));
  const std::string message = fmt::format(
      "the key file '{}' of vault 'prod' is missing, and its secrets cannot be read without it",
      path(".key").native());
  const auto vault = open();
  EXPECT_EQ(get(*vault, "A").error().message, message);
  EXPECT_EQ(put(*vault, "A", "2").error().message, message);
  EXPECT_EQ(put(*vault, "B", "2").error().message, message);
  EXPECT_FALSE(fs::exists(path(".key")));
  EXPECT_EQ(run(vault->list()), std::vector<std::string>{"A"});
}

TEST_F(LocalEncryptionTest, AnEmptyKeyFileIsAnError) {
  repo_.write(std::string(kFolder) + ".key", "");
  const auto failed = put(*open(), "A", "1");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, fmt::format("key file '{}' is empty", path(".key").native()));
}

TEST_F(LocalEncryptionTest, TheKeyFileIsTakenAsItStands) {
  ASSERT_TRUE(put(*open(), "A", "1"));
  std::ofstream(path(".key"), std::ios::app) << "\n";
  EXPECT_EQ(get(*open(), "A").error().message, "'A' of vault 'prod' does not decrypt");
}

TEST_F(LocalEncryptionTest, AKeyFileElsewhereIsFoundFromTheRepositoryAndTheHomeFolder) {
  ASSERT_TRUE(put(*open({{"auto_generate", true}, {"key_file", "keys/prod.key"}}), "A", "1"));
  EXPECT_EQ(mode(repo_ / "keys/prod.key"), 0600U);
  EXPECT_FALSE(fs::exists(path(".key")));
  repo_.write("home/prod.key", repo_.read("keys/prod.key"));
  EXPECT_EQ(get(*open({{"auto_generate", true}, {"key_file", "~/prod.key"}}), "A"), "1");
}

TEST_F(LocalEncryptionTest, AnSshKeyCanBeThePassword) {
  repo_.write("home/.ssh/id_rsa", kPlainSshKey);
  fs::permissions(repo_ / "home/.ssh/id_rsa", fs::perms::owner_read);
  ASSERT_TRUE(put(*open(Map{}), "A", "1")) << "the usual key of the user";
  EXPECT_EQ(get(*open({{"ssh_key_path", "~/.ssh/id_rsa"}}), "A"), "1");
  EXPECT_FALSE(fs::exists(path(".key")));
}

TEST_F(LocalEncryptionTest, AnUnusableSshKeyIsRefused) {
  const auto put_with = [&](std::string_view key, fs::perms permissions) {
    repo_.write("key", key);
    fs::permissions(repo_ / "key", permissions);
    const auto done = put(*open({{"ssh_key_path", "key"}}), "A", "1");
    return done ? "put" : done.error().message;
  };
  const std::string file = (repo_ / "key").native();
  const auto owner = fs::perms::owner_read | fs::perms::owner_write;
  EXPECT_EQ(put_with(kPlainSshKey, owner | fs::perms::group_read | fs::perms::others_read),
            fmt::format("ssh key '{}' may be used by others (mode 644)", file));
  EXPECT_EQ(put_with(kEncryptedSshKey, owner), fmt::format("ssh key '{}' is encrypted", file));
  EXPECT_EQ(put_with("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n", owner),
            fmt::format("ssh key '{}' is encrypted", file));
  EXPECT_EQ(put_with("no key at all", owner),
            fmt::format("'{}' is no private key in PEM format", file));
  EXPECT_EQ(put_with(kPlainSshKey, owner), "put");
}

TEST_F(LocalEncryptionTest, WithoutItsSshKeyAVaultMayUseAGeneratedOneButNotForOldSecrets) {
  const Map config{{"auto_generate", true}, {"ssh_key_path", "key"}};
  ASSERT_TRUE(put(*open(config), "A", "1"));
  EXPECT_EQ(file(".key").size(), 72U);
  fs::remove(path(".key"));
  const auto failed = get(*open(config), "A");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().notes,
            std::vector<std::string>{fmt::format(
                "after: cannot read '{}': no such file or directory", (repo_ / "key").native())});
}

TEST_F(LocalEncryptionTest, BaseDirCountsOnlyWhereTheRepositoryHasNoSuchVault) {
  const test::TempDir elsewhere;
  const VaultConfig config{.name = "prod", .config = {{"base_dir", elsewhere.path().native()}}};
  const fs::path below = ".swamp/secrets/local_encryption/prod";
  EXPECT_EQ(vault_folder_path(config, repo_.path()), elsewhere.path() / below);
  fs::create_directories(repo_.path() / below);
  EXPECT_EQ(vault_folder_path(config, repo_.path()), repo_.path() / below);

  const VaultConfig gone{.name = "other", .config = {{"base_dir", "/no/such/folder"}}};
  EXPECT_EQ(vault_folder_path(gone, repo_.path()), repo_ / ".swamp/secrets/local_encryption/other");
}

TEST_F(LocalEncryptionTest, ABadConfigurationIsRefused) {
  EXPECT_EQ(try_open({{"auto_generate", "yes"}}).error().message,
            "'config.auto_generate' of vault 'prod' is not true or false");
  EXPECT_EQ(try_open({{"key_file", 5}}).error().message,
            "'config.key_file' of vault 'prod' is not a text");
}

TEST_F(LocalEncryptionTest, RefusesKeysThatAreNoFileNames) {
  const auto vault = open();
  for (const std::string& key :
       {std::string(), std::string("a/b"), std::string("a\\b"), std::string("../a"),
        std::string("a\0b", 3), std::string(252, 'a')}) {
    EXPECT_EQ(put(*vault, key, "1").error().code, ErrorCode::invalid_input) << key;
    EXPECT_EQ(get(*vault, key).error().code, ErrorCode::invalid_input) << key;
  }
  for (const std::string& key : {std::string("a b@c"), std::string(".hidden"),
                                 std::string("schlüssel"), std::string(251, 'a')}) {
    EXPECT_TRUE(put(*vault, key, key)) << key;
    EXPECT_EQ(get(*vault, key), key);
  }
}

TEST_F(LocalEncryptionTest, RefusesValuesThatAreNoText) {
  const auto failed = put(*open(), "A", "\xFF\xFE");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "the value is not UTF-8 text");
}

TEST_F(LocalEncryptionTest, ListsSecretsOnlyInTheOrderOfTheOriginal) {
  const auto vault = open();
  for (const char* key : {"b", "B", "\xEF\xBC\xA1", "😀", "a"})
    ASSERT_TRUE(put(*vault, key, "1"));
  ASSERT_TRUE(run(done(vault->annotations()->put_annotation("a", {}))));
  repo_.write(std::string(kFolder) + "note.txt", "");
  fs::create_directory(path("folder.enc"));
  EXPECT_EQ(run(vault->list()), (std::vector<std::string>{"B", "a", "b", "😀", "\xEF\xBC\xA1"}));
}

TEST_F(LocalEncryptionTest, AnnotationsAndHooksGoWithTheirSecret) {
  const auto vault = open();
  ASSERT_TRUE(put(*vault, "A", "1"));
  ASSERT_TRUE(run(done(vault->annotations()->put_annotation("A", {.url = "https://example.org"}))));
  ASSERT_TRUE(run(done(vault->refresh_hooks()->put_refresh_hook("A", {.command = "date"}))));
  EXPECT_EQ(run(vault->annotations()->annotation("A"))->value().url, "https://example.org");
  EXPECT_EQ(run(vault->refresh_hooks()->refresh_hook("A"))->value().command, "date");
  EXPECT_EQ(mode(path(".annotations")), 0700U);
  ASSERT_TRUE(remove(*vault, "A"));
  EXPECT_FALSE(run(vault->annotations()->annotation("A"))->has_value());
  EXPECT_FALSE(run(vault->refresh_hooks()->refresh_hook("A"))->has_value());
  EXPECT_TRUE(fs::is_empty(path(".annotations")));
  EXPECT_TRUE(fs::is_empty(path(".refresh")));
}

TEST_F(LocalEncryptionTest, BindingAllMakesAnOldVaultFitForRequiringIt) {
  ASSERT_TRUE(unpack_original());
  VaultConfig config{.name = "main-vault", .config = {{"auto_generate", true}}};
  const ProviderSetup setup{repo_ / "repo", "", pool_, clock_};
  ASSERT_TRUE(run(done((*LocalEncryption::open(config, setup))->bind_all())));
  config.bind_required = true;
  const auto vault = *LocalEncryption::open(config, setup);
  EXPECT_EQ(run(vault->unbound()), std::vector<std::string>());
  EXPECT_EQ(get(*vault, "API_KEY"), "s3cr3t-value");
  EXPECT_EQ(get(*vault, "MULTI"), "line1\nline2 ünï");
}

TEST(EntryJsonTest, WritesWhatTheOriginalWrites) {
  const Timestamp time = *parse_iso8601("2026-01-02T03:04:05.678Z");
  EXPECT_EQ(write_annotation({.updated_at = time}), R"({"updatedAt":"2026-01-02T03:04:05.678Z"})");
  EXPECT_EQ(
      write_annotation(
          {.updated_at = time, .url = "u", .notes = "n", .labels = {{"b", "1"}, {"a", "2"}}}),
      R"({"updatedAt":"2026-01-02T03:04:05.678Z","url":"u","notes":"n","labels":{"b":"1","a":"2"}})");
  EXPECT_EQ(write_refresh_hook({.command = "date", .ttl = std::chrono::minutes(90)}),
            R"({"command":"date","ttlMs":5400000,"ttl":"1h30m","lastRefreshedAt":null})");
}

TEST(EntryJsonTest, ReadsBackWhatItWrites) {
  const Timestamp time = *parse_iso8601("2026-01-02T03:04:05.678Z");
  const auto annotation = parse_annotation(
      write_annotation({.updated_at = time, .notes = "n", .labels = {{"b", "1"}}}), "a");
  ASSERT_TRUE(annotation);
  EXPECT_EQ(write_annotation(*annotation),
            R"({"updatedAt":"2026-01-02T03:04:05.678Z","notes":"n","labels":{"b":"1"}})");
  const auto hook = parse_refresh_hook(
      write_refresh_hook({.command = "c", .ttl = std::chrono::hours(1), .last_refreshed_at = time}),
      "h");
  ASSERT_TRUE(hook);
  EXPECT_EQ(hook->last_refreshed_at, time);
  EXPECT_EQ(hook->ttl, std::chrono::hours(1));
}

TEST(EntryJsonTest, RefusesWhatIsWrong) {
  EXPECT_EQ(parse_annotation("{}", "a").error().message,
            "'a' holds no annotation: 'updatedAt' is wrong");
  EXPECT_EQ(parse_refresh_hook(R"({"command":"c","ttlMs":-1})", "h").error().message,
            "'h' holds no refresh hook: 'ttlMs' is wrong");
  EXPECT_EQ(parse_refresh_hook(R"({"command":"c","ttlMs":1,"lastRefreshedAt":"soon"})", "h")
                .error()
                .message,
            "'h' holds no refresh hook: 'lastRefreshedAt' is wrong");
}

TEST(TtlTextTest, IsRoundedDown) {
  using std::chrono::milliseconds;
  EXPECT_EQ(to_ttl_text(milliseconds(350)), "350ms");
  EXPECT_EQ(to_ttl_text(milliseconds(30'999)), "30s");
  EXPECT_EQ(to_ttl_text(milliseconds(3'000'000)), "50m");
  EXPECT_EQ(to_ttl_text(milliseconds(3'600'000)), "1h");
  EXPECT_EQ(to_ttl_text(milliseconds(5'459'000)), "1h30m");
}

}  // namespace
}  // namespace swamp::vault
