#include "vault/audit.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace swamp::vault {
namespace {

AuditEntry entry_at(std::string_view time, std::string key = "K",
                    AuditAction action = AuditAction::put) {
  return {.action = action,
          .time = *parse_iso8601(time),
          .vault = "main",
          .vault_type = "mock",
          .key = std::move(key),
          .caller = std::string(to_string(Caller::vault_put))};
}

AuditFilter between(std::string_view since, std::string_view until) {
  return {.since = *parse_iso8601(since), .until = *parse_iso8601(until)};
}

std::vector<std::string> keys_of(const Result<AuditTrail>& trail) {
  std::vector<std::string> keys;
  if (!trail) return {trail.error().message};
  for (const AuditEntry& entry : trail->entries)
    keys.push_back(entry.key);
  return keys;
}

TEST(AuditTest, WritesOneLineAnEntryIntoTheFileOfTheDay) {
  const test::TempDir repo;
  ASSERT_TRUE(append_audit_entry(repo.path(), entry_at("2026-01-02T23:59:59.999Z", "A\"B")));
  ASSERT_TRUE(append_audit_entry(repo.path(), entry_at("2026-01-03T00:00:00.000Z")));
  EXPECT_EQ(
      repo.read(".swamp/audit/vault-audit-2026-01-02.jsonl"),
      R"({"action":"put","timestamp":"2026-01-02T23:59:59.999Z","vaultName":"main","vaultType":"mock",)"
      R"("secretKey":"A\"B","callerContext":"cli:vault-put"})"
      "\n");
  EXPECT_EQ(keys_of(read_audit_trail(repo.path(),
                                     between("2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z"))),
            (std::vector<std::string>{"A\"B", "K"}));
}

TEST(AuditTest, ReadsTheTrailOfTheOriginal) {
  const test::TempDir dir;
  ASSERT_EQ(std::system(("tar -xzf test/data/original-repo.tar.gz -C " + dir.path().native() +
                         " repo/.swamp/audit")
                            .c_str()),
            0);
  const auto trail =
      read_audit_trail(dir / "repo", between("2026-11-20T00:00:00Z", "2026-11-20T23:59:59Z"));
  ASSERT_TRUE(trail);
  ASSERT_EQ(trail->entries.size(), 2U);
  EXPECT_EQ(trail->entries[0], (AuditEntry{.action = AuditAction::put,
                                           .time = *parse_iso8601("2026-11-20T21:29:00.856Z"),
                                           .vault = "main-vault",
                                           .vault_type = "local_encryption",
                                           .key = "API_KEY",
                                           .caller = "cli:vault-put"}));
}

TEST(AuditTest, ReadsLegacyFilesAndSkipsBrokenLines) {
  const test::TempDir repo;
  repo.write(".swamp/audit/vault-reads-2026-01-02.jsonl",
             "{\"timestamp\":\"2026-01-02T01:00:00Z\",\"vaultName\":\"v\",\"secretKey\":\"OLD\"}\n"
             "{\"timestamp\":\n\n[]\n{\"action\":\"fly\",\"timestamp\":\"2026-01-02T01:00:00Z\"}\n"
             "{\"timestamp\":\"2026-01-02T02:00:00Z\",\"secretKey\":\"LAST\"}");
  const auto trail =
      read_audit_trail(repo.path(), between("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"));
  EXPECT_EQ(keys_of(trail), (std::vector<std::string>{"OLD", "LAST"}));
  EXPECT_EQ(trail->entries[0].action, AuditAction::get);
}

TEST(AuditTest, FiltersAndSaysWhenThereIsMore) {
  const test::TempDir repo;
  for (const char* key : {"A", "B", "C"}) {
    ASSERT_TRUE(append_audit_entry(repo.path(), entry_at("2026-01-02T01:00:00Z", key)));
  }
  ASSERT_TRUE(
      append_audit_entry(repo.path(), entry_at("2026-01-02T02:00:00Z", "B", AuditAction::remove)));
  AuditFilter filter = between("2026-01-02T00:00:00Z", "2026-01-02T02:00:00Z");
  filter.limit = 2;
  EXPECT_EQ(keys_of(read_audit_trail(repo.path(), filter)), (std::vector<std::string>{"A", "B"}));
  EXPECT_TRUE(read_audit_trail(repo.path(), filter)->is_truncated);
  filter.key = "B";
  EXPECT_EQ(keys_of(read_audit_trail(repo.path(), filter)), (std::vector<std::string>{"B", "B"}));
  EXPECT_FALSE(read_audit_trail(repo.path(), filter)->is_truncated);
  filter.action = parse_audit_action("delete");
  EXPECT_EQ(keys_of(read_audit_trail(repo.path(), filter)), std::vector<std::string>{"B"});
  filter.vault = "other";
  EXPECT_EQ(keys_of(read_audit_trail(repo.path(), filter)), std::vector<std::string>());
}

TEST(AuditTest, RefusesAReversedOrTooLongRange) {
  EXPECT_EQ(keys_of(read_audit_trail(".", between("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"))),
            std::vector<std::string>{"the range of the audit trail ends before it begins"});
  EXPECT_EQ(keys_of(read_audit_trail(".", between("2025-01-01T00:00:00Z", "2026-01-02T00:00:00Z"))),
            std::vector<std::string>{"the range of the audit trail is longer than 365 days"});
}

}  // namespace
}  // namespace swamp::vault
