#include "vault/vault_config.h"

#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace swamp::vault {
namespace {

std::string vault_yaml(std::string_view name, std::string_view day = "2026-01-01",
                       std::string_view type = "local_encryption") {
  return fmt::format(
      "id: 00000000-0000-4000-8000-0000000000{:02}\nname: {}\ntype: '{}'\nconfig: {{}}\n"
      "createdAt: '{}T00:00:00.000Z'\n",
      name.size(), name, type, day);
}

TEST(VaultConfigTest, ReadsWhatTheOriginalWroteAndWritesItBackByteForByte) {
  const test::TempDir dir;
  ASSERT_EQ(std::system(("tar -xzf test/data/original-repo.tar.gz -C " + dir.path().native() +
                         " repo/vaults")
                            .c_str()),
            0);
  const auto configs = read_vault_configs(dir / "repo");
  ASSERT_TRUE(configs);
  ASSERT_EQ(configs->names(), std::vector<std::string>{"main-vault"});
  const VaultConfig& vault = configs->vaults[0];
  EXPECT_EQ(vault.id, "3a973ea4-ec12-4f92-8c6e-3f5f781eed42");
  EXPECT_EQ(vault.type, "local_encryption");
  EXPECT_EQ(vault.config, (Map{{"auto_generate", true}, {"base_dir", "/repo"}}));
  EXPECT_EQ(vault.created_at, "2026-11-20T21:29:00.264Z");
  EXPECT_FALSE(vault.audit_reads);
  EXPECT_FALSE(vault.bind_required);
  const auto file = std::filesystem::relative(vault.file, dir.path()).native();
  EXPECT_EQ(write_vault_config(vault), dir.read(file));
}

TEST(VaultConfigTest, ANewVaultOfOursRequiresBindingAndStoresNoPath) {
  const test::TempDir repo;
  test::CountingIds ids;
  const test::FakeClock clock;
  auto vault =
      new_vault_config("prod", "local_encryption", {{"auto_generate", true}}, {}, ids, clock);
  ASSERT_TRUE(vault);
  vault->audit_reads = true;
  ASSERT_TRUE(save_vault_config(repo.path(), *vault));
  EXPECT_EQ(repo.read("vaults/local_encryption/00000000-0000-4000-8000-000000000001.yaml"),
            "id: 00000000-0000-4000-8000-000000000001\n"
            "name: prod\n"
            "type: local_encryption\n"
            "config:\n"
            "  auto_generate: true\n"
            "createdAt: '2026-01-02T03:04:05.678Z'\n"
            "auditReads: true\n"
            "bind: required\n");
  const auto configs = read_vault_configs(repo.path());
  ASSERT_TRUE(configs);
  ASSERT_NE(configs->find("prod"), nullptr);
  EXPECT_TRUE(configs->find("prod")->bind_required);
  EXPECT_TRUE(configs->find("prod")->audit_reads);
  EXPECT_EQ(configs->find("00000000-0000-4000-8000-000000000001"), configs->find("prod"));
}

TEST(VaultConfigTest, KeysThatWeDoNotKnowSurviveASave) {
  const test::TempDir repo;
  repo.write("vaults/mock/a.yaml", vault_yaml("a") + "team:\n  owner: ops\n");
  auto configs = read_vault_configs(repo.path());
  ASSERT_TRUE(configs);
  ASSERT_TRUE(save_vault_config(repo.path(), configs->vaults.at(0)));
  EXPECT_NE(repo.read("vaults/mock/a.yaml").find("team:\n  owner: ops\n"), std::string::npos);
}

TEST(VaultConfigTest, OneBrokenFileDisablesThatVaultAlone) {
  const test::TempDir repo;
  repo.write("vaults/mock/good.yaml", vault_yaml("good"));
  repo.write("vaults/mock/no-id.yaml", "name: broken\ntype: mock\n");
  repo.write("vaults/mock/syntax.yaml", "name: [");
  repo.write("vaults/mock/evil.yaml", vault_yaml("../../etc"));
  repo.write("vaults/mock/flag.yaml", vault_yaml("flag") + "auditReads: perhaps\n");
  const auto configs = read_vault_configs(repo.path());
  ASSERT_TRUE(configs);
  EXPECT_EQ(configs->names(), std::vector<std::string>{"good"});
  ASSERT_EQ(configs->disabled.size(), 4U);
  const DisabledVault* broken = configs->find_disabled("broken");
  ASSERT_NE(broken, nullptr);
  EXPECT_EQ(broken->reason.message, "a vault needs 'id'");
  EXPECT_EQ(broken->reason.where->to_string(), "vaults/mock/no-id.yaml:1:1");
  EXPECT_EQ(configs->find_disabled("../../etc")->reason.message,
            "'../../etc' cannot be the name of a vault");
  EXPECT_EQ(configs->find_disabled("")->file, repo / "vaults/mock/syntax.yaml");
}

TEST(VaultConfigTest, TwoFilesWithOneNameDisableThatNameAndSayWhere) {
  const test::TempDir repo;
  repo.write("vaults/a/1.yaml", vault_yaml("twin"));
  repo.write("vaults/b/2.yaml", vault_yaml("twin"));
  repo.write("vaults/b/3.yaml", vault_yaml("single"));
  const auto configs = read_vault_configs(repo.path());
  ASSERT_TRUE(configs);
  EXPECT_EQ(configs->names(), std::vector<std::string>{"single"});
  EXPECT_EQ(configs->find_disabled("twin")->reason.message,
            fmt::format("vault 'twin' is described by several files: '{}', '{}'",
                        (repo / "vaults/a/1.yaml").native(), (repo / "vaults/b/2.yaml").native()));
}

TEST(VaultConfigTest, TheOldestVaultComesFirst) {
  const test::TempDir repo;
  repo.write("vaults/x/1.yaml", vault_yaml("newest", "2026-03-01"));
  repo.write("vaults/@a/b/2.yaml", vault_yaml("oldest", "2026-01-01", "@a/b"));
  repo.write("vaults/x/3.yaml", vault_yaml("middle", "2026-02-01"));
  repo.write("vaults/x/notes.txt", "no vault");
  EXPECT_EQ(read_vault_configs(repo.path())->names(),
            (std::vector<std::string>{"oldest", "middle", "newest"}));
}

TEST(VaultConfigTest, ARepositoryWithoutVaultsHasNone) {
  const test::TempDir repo;
  EXPECT_TRUE(read_vault_configs(repo.path())->vaults.empty());
}

TEST(VaultConfigTest, ARenamedTypeIsReadUnderItsNewNameAndNotMadeAnyMore) {
  const test::TempDir repo;
  repo.write("vaults/aws/1.yaml", vault_yaml("cloud", "2026-01-01", "aws"));
  const auto configs = read_vault_configs(repo.path());
  EXPECT_EQ(configs->vaults.at(0).type, "@swamp/aws-sm");
  EXPECT_EQ(configs->warnings,
            std::vector<std::string>{"vault 'cloud' has type 'aws', which is now '@swamp/aws-sm'"});
  test::CountingIds ids;
  const auto made = new_vault_config("v", "1password", {}, {}, ids, test::FakeClock());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message,
            "the vault type '1password' has been renamed to '@swamp/1password'");
}

TEST(VaultConfigTest, ANewVaultNeedsAGoodNameThatNoOtherHas) {
  test::CountingIds ids;
  const VaultConfigs existing{.vaults = {{.name = "taken"}}, .disabled = {{.name = "broken"}}};
  const auto message_of = [&](std::string name) {
    const auto made =
        new_vault_config(std::move(name), "mock", {}, existing, ids, test::FakeClock());
    return made ? std::string("made") : made.error().message;
  };
  EXPECT_EQ(message_of("a-1"), "made");
  EXPECT_EQ(message_of("taken"), "there is a vault 'taken' already");
  EXPECT_EQ(message_of("broken"), "there is a vault 'broken' already");
  for (const char* bad : {"", "Prod", "1a", "-a", "a_b", "a/b", "a."}) {
    EXPECT_EQ(message_of(bad), fmt::format("'{}' cannot be the name of a vault", bad));
  }
}

}  // namespace
}  // namespace swamp::vault
