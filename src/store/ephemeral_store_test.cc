#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/artifact_store.h"
#include "store/catalog.h"
#include "store/store_fixture.h"

namespace swamp::store {
namespace {

using namespace test;
using testing::ElementsAre;

Draft ephemeral(std::string name, std::string content) {
  Draft made = draft(std::move(name), std::move(content));
  made.lifetime = "ephemeral";
  return made;
}

class EphemeralStoreTest : public StoreTest {
 protected:
  EphemeralStore::Options private_options(std::uint64_t budget = 1000) {
    return {.folder = folder / "private", .clock = &clock, .ids = &ids, .budget = budget};
  }

  ArtifactStore store{options()};
  EphemeralStore own{private_options()};
  RunArtifacts run{store, own};

  std::string latest(std::string_view name) {
    const auto found = run.latest(key(std::string(name)));
    return found && *found ? run.content(**found).value_or("?") : "-";
  }
};

TEST_F(EphemeralStoreTest, WritesGoByLifetimeAndReadsLookHereFirst) {
  ASSERT_TRUE(run.write(draft("a", "kept")));
  ASSERT_TRUE(run.write(draft("b", "kept")));
  ASSERT_TRUE(run.write(ephemeral("b", "ephemeral")));
  EXPECT_EQ(latest("a"), "kept");
  EXPECT_EQ(latest("b"), "ephemeral");
  EXPECT_THAT(*run.names({"command/shell", "m1"}), ElementsAre("a", "b"));
  EXPECT_EQ(store.content(*store.latest(key("b")).value()), "kept")
      << "the repository knows nothing of it";
}

TEST_F(EphemeralStoreTest, VersionsCountFromOneWhateverTheRepositoryHolds) {
  ASSERT_TRUE(run.write(draft("a", "1")));
  ASSERT_TRUE(run.write(draft("a", "2")));
  EXPECT_EQ(run.write(ephemeral("a", "e"))->metadata.version, 1u);
}

TEST_F(EphemeralStoreTest, NothingIsMadeBeforeTheFirstWrite) {
  EXPECT_EQ(latest("a"), "-");
  EXPECT_EQ(own.catalog(), nullptr);
  EXPECT_FALSE(std::filesystem::exists(folder / "private"));
}

TEST_F(EphemeralStoreTest, DataSurvivesTheProcessUntilItIsRemoved) {
  ASSERT_TRUE(run.write(ephemeral("a", "12345")));
  {
    EphemeralStore resumed(private_options(8));
    EXPECT_EQ(resumed.artifacts().latest(key("a")).value()->metadata.size, 5u);
    EXPECT_FALSE(resumed.artifacts().write(ephemeral("b", "1234"))) << "what is there counts";
  }
  ASSERT_TRUE(own.remove());
  EXPECT_FALSE(std::filesystem::exists(folder / "private"));
}

TEST_F(EphemeralStoreTest, TheBudgetHoldsForWritesAndStreams) {
  EphemeralStore small(private_options(10));
  ASSERT_TRUE(small.artifacts().write(ephemeral("a", "12345")));
  const auto refused = small.artifacts().write(ephemeral("b", "123456"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(refused.error().message,
            "0.0 MB more would exceed the 0.0 MB that ephemeral data may take in a run (0.0 MB are "
            "used)");

  {
    auto stream = small.artifacts().begin_stream(ephemeral("c", "12"));
    ASSERT_TRUE(stream);
    EXPECT_TRUE((*stream)->append("345"));
    EXPECT_FALSE((*stream)->append("6"));
  }
  EXPECT_TRUE(small.artifacts().write(ephemeral("b", "12345")))
      << "an abandoned stream gives its bytes back";
}

TEST_F(EphemeralStoreTest, WhatOthersWriteIntoAStreamCountsToo) {
  EphemeralStore small(private_options(10));
  auto stream = small.artifacts().begin_stream(ephemeral("c", ""));
  ASSERT_TRUE(stream);
  std::ofstream((*stream)->path()) << "more than ten bytes";
  EXPECT_FALSE((*stream)->finalize());
}

TEST(EphemeralBudgetTest, IsANumberWithAnOptionalUnit) {
  EXPECT_EQ(parse_ephemeral_budget("100"), 100u);
  EXPECT_EQ(parse_ephemeral_budget("1.5k"), 1536u);
  EXPECT_EQ(parse_ephemeral_budget("2MB"), 2u << 20);
  EXPECT_EQ(parse_ephemeral_budget("1Gb"), 1u << 30);
  for (const char* text : {"", "m", "-1", "0", "1t", "1 m", "1mm"})
    EXPECT_FALSE(parse_ephemeral_budget(text)) << text;
  EXPECT_EQ(message(parse_ephemeral_budget("lots")), "'lots' is no amount of memory");
}

}  // namespace
}  // namespace swamp::store
