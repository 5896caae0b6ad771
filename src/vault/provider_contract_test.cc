#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/run.h"
#include "support/temp_dir.h"
#include "vault/provider.h"

namespace swamp::vault {
namespace {

using test::run;

Task<bool> done(Task<> task) {
  SWAMP_CO_CHECK(co_await std::move(task));
  co_return true;
}

/// What every provider that needs no extension keeps.
class ProviderContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    for (const ProviderType& type : builtin_providers()) {
      if (type.type != GetParam()) continue;
      const VaultConfig config{.name = "v", .type = type.type, .config = {{"auto_generate", true}}};
      auto opened = type.open(config, {folder_.path(), "", pool_, clock_});
      ASSERT_TRUE(opened) << opened.error().message;
      provider_ = *std::move(opened);
    }
    ASSERT_NE(provider_, nullptr);
  }

  Result<bool> put(std::string key, std::string_view value) {
    return run(done(provider_->put(std::move(key), Secret(value))));
  }
  bool lists(const std::string& key) {
    const auto keys = run(provider_->list());
    return keys && std::find(keys->begin(), keys->end(), key) != keys->end();
  }

  test::TempDir folder_;
  test::FakeClock clock_;
  BlockingPool pool_{1};
  std::unique_ptr<Provider> provider_;
};

TEST_P(ProviderContract, GivesBackWhatWasPut) {
  ASSERT_TRUE(put("K", "first"));
  ASSERT_TRUE(put("K", "line1\nline2 ünï"));
  const auto value = run(provider_->get("K"));
  ASSERT_TRUE(value) << value.error().message;
  EXPECT_EQ(value->reveal(), "line1\nline2 ünï");
  EXPECT_TRUE(lists("K"));
}

TEST_P(ProviderContract, KeepsAnEmptyValue) {
  ASSERT_TRUE(put("EMPTY", ""));
  EXPECT_EQ(run(provider_->get("EMPTY"))->reveal(), "");
}

TEST_P(ProviderContract, WhatIsRemovedIsGone) {
  ASSERT_TRUE(put("K", "v"));
  ASSERT_TRUE(run(done(provider_->remove("K"))));
  EXPECT_FALSE(lists("K"));
  const auto value = run(provider_->get("K"));
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, ErrorCode::not_found);
  EXPECT_EQ(value.error().message, "vault 'v' has no secret 'K'");
}

TEST_P(ProviderContract, RemovingWhatIsNotThereFails) {
  const auto removed = run(done(provider_->remove("NONE")));
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().code, ErrorCode::not_found);
}

TEST_P(ProviderContract, OptionalPartsWorkWhereTheyAre) {
  ASSERT_TRUE(put("K", "v"));
  if (Annotations* annotations = provider_->annotations()) {
    EXPECT_FALSE(run(annotations->annotation("K"))->has_value());
    ASSERT_TRUE(
        run(done(annotations->put_annotation("K", {.notes = "n", .labels = {{"a", "1"}}}))));
    EXPECT_EQ(run(annotations->annotation("K"))->value().labels.at(0).second, "1");
    ASSERT_TRUE(run(done(annotations->remove_annotation("K"))));
    ASSERT_TRUE(run(done(annotations->remove_annotation("K"))));
    EXPECT_FALSE(run(annotations->annotation("K"))->has_value());
  }
  if (RefreshHooks* hooks = provider_->refresh_hooks()) {
    ASSERT_TRUE(
        run(done(hooks->put_refresh_hook("K", {.command = "c", .ttl = std::chrono::hours(1)}))));
    EXPECT_TRUE(run(hooks->refresh_hook("K"))->value().is_stale(clock_.now()));
    ASSERT_TRUE(run(done(hooks->remove_refresh_hook("K"))));
    EXPECT_FALSE(run(hooks->refresh_hook("K"))->has_value());
  }
}

INSTANTIATE_TEST_SUITE_P(Builtin, ProviderContract, ::testing::Values("local_encryption", "mock"));

TEST(MockVaultTest, BeginsWithItsDemoKeys) {
  test::FakeClock clock;
  BlockingPool pool(1);
  const auto provider = builtin_providers().at(1).open({.name = "v"}, {".", "", pool, clock});
  ASSERT_TRUE(provider);
  EXPECT_EQ(run((*provider)->list()),
            (std::vector<std::string>{"demo-api-key", "demo-api-key-2", "derived-api-key"}));
}

}  // namespace
}  // namespace swamp::vault
