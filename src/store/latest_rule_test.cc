#include "store/latest_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace swamp::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// One version as `run/step`, `/` when no run wrote it, `x` for a tombstone.
std::vector<std::uint32_t> latest(const std::vector<std::string>& versions) {
  std::vector<VersionFacts> facts;
  for (const std::string& text : versions) {
    const auto slash = text.find('/');
    facts.push_back({.version = static_cast<std::uint32_t>(facts.size() + 1),
                     .run_id = text.substr(0, slash == text.npos ? 0 : slash),
                     .job = "main",
                     .step = slash == text.npos ? "" : text.substr(slash + 1),
                     .is_deleted = text == "x"});
  }
  const auto flags = apply_latest_rule(facts);
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags[i].is_latest && flags[i].is_live) found.push_back(facts[i].version);
  }
  return found;
}

TEST(LatestRuleTest, TheNewestVersionIsLatest) {
  EXPECT_THAT(latest({}), IsEmpty());
  EXPECT_THAT(latest({"/", "/", "/"}), ElementsAre(3));
  EXPECT_THAT(latest({"r1/a", "/"}), ElementsAre(2))
      << "what a person writes ends what a run wrote";
}

TEST(LatestRuleTest, EachStepOfTheRunThatWroteTheNewestHasItsOwn) {
  EXPECT_THAT(latest({"r1/a", "r1/b", "r1/a"}), ElementsAre(2, 3));
  EXPECT_THAT(latest({"r1/a", "r1/b", "r2/a"}), ElementsAre(3)) << "an earlier run counts no more";
  EXPECT_THAT(latest({"r1/a", "r2/a", "r1/b"}), ElementsAre(1, 3)) << "two runs at once";
}

TEST(LatestRuleTest, ATombstoneEndsAllOfThem) {
  EXPECT_THAT(latest({"r1/a", "r1/b", "x"}), IsEmpty());
  EXPECT_THAT(latest({"r1/a", "x", "r2/a"}), ElementsAre(3));
}

}  // namespace
}  // namespace swamp::store
