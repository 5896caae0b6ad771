#include "store/gc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/artifact_tree.h"
#include "store/store_fixture.h"

namespace swamp::store {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

class GcTest : public StoreTest {
 protected:
  ArtifactStore store{options()};

  Draft kept(std::string name, Retention retention, std::string run = {}) {
    Draft made = draft(std::move(name), "12345", std::move(run));
    made.retention = std::move(retention);
    return made;
  }
  Draft lasting(std::string name, std::string lifetime, std::string run = {}) {
    Draft made = draft(std::move(name), "12345", std::move(run));
    made.lifetime = std::move(lifetime);
    return made;
  }

  GcReport collect(GcRules rules = {}) {
    rules.now = clock.now();
    return collect_garbage(store, rules);
  }
  static std::vector<std::string> told(const std::vector<GcReport::Item>& items) {
    std::vector<std::string> lines;
    for (const auto& item : items) {
      lines.push_back(fmt::format("{}: {} ({}) {} bytes", item.key.name,
                                  fmt::join(item.versions, " "), item.reason, item.bytes));
    }
    return lines;
  }
};

TEST_F(GcTest, ACountKeepsTheHighestVersions) {
  for (int i = 0; i < 5; ++i)
    write(store, kept("result", std::int64_t{2}));
  EXPECT_THAT(told(collect().pruned), ElementsAre("result: 1 2 3 (count) 15 bytes"));
  EXPECT_THAT(*store.versions(key("result")), ElementsAre(4, 5));
}

TEST_F(GcTest, AnAgeKeepsTheYoungAndAlwaysTheHighest) {
  for (int i = 0; i < 3; ++i) {
    write(store, kept("result", "2d"));
    clock.advance(std::chrono::hours(24));
  }
  EXPECT_THAT(told(collect().pruned), ElementsAre("result: 1 (age) 5 bytes"));
  clock.advance(std::chrono::hours(24 * 30));
  collect();
  EXPECT_THAT(*store.versions(key("result")), ElementsAre(3));
}

TEST_F(GcTest, AnExpiredNameGoesWholeAndIsToldOnce) {
  write(store, lasting("old", "1h"));
  write(store, lasting("old", "1h"));
  write(store, lasting("young", "1d"));
  clock.advance(std::chrono::hours(2));
  const auto report = collect();
  EXPECT_THAT(told(report.expired), ElementsAre("old: 1 2 (duration-expired) 10 bytes"));
  EXPECT_THAT(report.pruned, IsEmpty());
  EXPECT_FALSE(exists("old"));
  EXPECT_TRUE(exists("young"));
}

TEST_F(GcTest, ADryRunOnlyTells) {
  write(store, lasting("old", "1h"));
  for (int i = 0; i < 3; ++i)
    write(store, kept("result", std::int64_t{1}));
  clock.advance(std::chrono::hours(2));
  const auto report = collect({.dry_run = true});
  EXPECT_EQ(report.expired.size(), 1u);
  EXPECT_EQ(report.pruned.size(), 1u);
  EXPECT_TRUE(exists("old/1"));
  EXPECT_TRUE(exists("result/1"));
}

TEST_F(GcTest, DataOfARunEndsWithTheRecordOfTheRun) {
  write(store, lasting("a", "workflow", "gone"));
  write(store, lasting("b", "job", "gone"));
  write(store, lasting("c", "workflow", "there"));
  write(store, lasting("d", "workflow"));
  const auto report = collect(
      {.run_exists = [](const std::string&, const std::string& run) { return run == "there"; }});
  EXPECT_THAT(told(report.expired),
              ElementsAre("a: 1 (workflow-deleted) 5 bytes", "b: 1 (job-deleted) 5 bytes"));
  EXPECT_TRUE(exists("c/1"));
  EXPECT_TRUE(exists("d/1"));
}

TEST_F(GcTest, VersionsOfSparedRunsStay) {
  for (const char* run : {"r1", "live", "r2", "r3"})
    write(store, kept("result", std::int64_t{1}, run));
  write(store, lasting("old", "1h", "live"));
  clock.advance(std::chrono::hours(2));
  const auto report = collect({.is_spared = [](const std::string& run) { return run == "live"; }});
  EXPECT_THAT(told(report.pruned), ElementsAre("result: 1 3 (count) 10 bytes"));
  EXPECT_THAT(*store.versions(key("result")), ElementsAre(2, 4));
  EXPECT_TRUE(exists("old/1"));
}

TEST_F(GcTest, OnAnEphemeralInstanceACountCountsRuns) {
  for (const char* run : {"r1", "r1", "r2", "r2", "r3", "r3"})
    write(store, kept("result", std::int64_t{2}, run));
  collect({.is_ephemeral_instance = [](const Instance&) { return true; }});
  EXPECT_THAT(*store.versions(key("result")), ElementsAre(3, 4, 5, 6));
}

TEST_F(GcTest, TombstonesNeverExpire) {
  write(store, lasting("pod", "1h"));
  ASSERT_TRUE(store.write_tombstone(key("pod"), "delete"));
  clock.advance(std::chrono::hours(2));
  EXPECT_THAT(collect().expired, IsEmpty());
}

TEST_F(GcTest, WhatLiesBehindAForwardIsPrunedToo) {
  for (int i = 0; i < 4; ++i)
    write(store, kept("old", std::int64_t{1}));
  ASSERT_TRUE(store.rename(key("old"), "new"));
  collect();
  EXPECT_THAT(*store.versions(key("old")), ElementsAre(5));
  EXPECT_EQ(store.latest(key("old")).value()->key.name, "new");
}

TEST_F(GcTest, ABrokenVersionIsAWarningAndTheRestIsCollected) {
  for (int i = 0; i < 4; ++i)
    write(store, kept("result", std::int64_t{1}));
  folder.write(path_of("result/2/metadata.yaml"), "nonsense");
  const auto report = collect();
  EXPECT_EQ(report.warnings.size(), 1u);
  EXPECT_THAT(told(report.pruned), ElementsAre("result: 1 3 (count) 10 bytes"));
}

TEST_F(GcTest, OnlyTheWantedInstanceIsCollected) {
  for (int i = 0; i < 2; ++i)
    write(store, kept("result", std::int64_t{1}));
  EXPECT_THAT(collect({.only = Instance{"command/shell", "m2"}}).pruned, IsEmpty());
  EXPECT_EQ(collect({.only = Instance{"command/shell", "m1"}}).pruned.size(), 1u);
}

}  // namespace
}  // namespace swamp::store
