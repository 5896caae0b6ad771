#include "store/catalog.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "store/artifact_store.h"
#include "store/sqlite.h"
#include "store/store_fixture.h"

namespace swamp::store {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class CatalogTest : public StoreTest {
 protected:
  Catalog::Options catalog_options() {
    return {.file = folder / "data/_swamp.db",
            .root = folder / "data",
            .original = folder / "data/_catalog.db"};
  }
  ArtifactStore::Options told(Catalog& catalog) {
    auto with = options();
    with.catalog = &catalog;
    return with;
  }

  /// All rows in a line each: `name/version`, `*` when latest, `-` when not live.
  static std::vector<std::string> lines(Catalog& catalog) {
    const auto rows = catalog.find({.latest_only = false, .include_deleted = true});
    EXPECT_TRUE(rows) << message(rows);
    std::vector<std::string> found;
    for (const CatalogRow& row : rows.value_or(std::vector<CatalogRow>{})) {
      found.push_back(fmt::format("{}/{}{}{}", row.artifact.key.name, row.artifact.metadata.version,
                                  row.is_latest ? "*" : "", row.is_live ? "" : "-"));
    }
    return found;
  }
  std::vector<std::string> fresh_lines() {
    Catalog catalog(catalog_options());
    return lines(catalog);
  }
};

TEST_F(CatalogTest, KnowsAVersionWithEverythingThatWasWritten) {
  Catalog catalog(catalog_options());
  ArtifactStore store(told(catalog));
  Draft made = draft("result", R"({"b": 1, "a": [true, null]})", "r1", "compile");
  made.owner.attempt = 2;
  made.retention = "30d";
  const auto artifact = write(store, made);
  const auto rows = catalog.find({});
  ASSERT_TRUE(rows) << message(rows);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().artifact, artifact);
  EXPECT_EQ(rows->front().attributes, R"({"b":1,"a":[true,null]})");
}

TEST_F(CatalogTest, ALongLogIsInTheFileOnceAnotherProcessHasLooked) {
  const auto log = folder / "data/_swamp.db-wal";
  {
    Catalog catalog(catalog_options());
    ASSERT_TRUE(catalog.bring_up_to_date());
    ArtifactStore store(told(catalog));
    const std::string content = "{\"text\":\"" + std::string(60'000, 'x') + "\"}";
    for (int i = 0; i < 30; ++i)
      write(store, draft(fmt::format("a{}", i), content));
  }
  ASSERT_GT(std::filesystem::file_size(log), 1U << 20);
  EXPECT_EQ(fresh_lines().size(), 30U);
  EXPECT_LT(std::filesystem::file_size(log), 1U << 20);
}

TEST_F(CatalogTest, FollowsTheLatestRule) {
  Catalog catalog(catalog_options());
  ArtifactStore store(told(catalog));
  write(store, draft("a", "{}", "r1", "one"));
  write(store, draft("a", "{}", "r1", "two"));
  write(store, draft("a", "{}", "r1", "one"));
  write(store, draft("b"));
  write(store, draft("b"));
  ASSERT_TRUE(catalog.flush());
  EXPECT_THAT(lines(catalog), ElementsAre("a/1", "a/2*", "a/3*", "b/1", "b/2*"));
}

TEST_F(CatalogTest, ADeletedNameIsNotLiveUntilItIsWrittenAgain) {
  Catalog catalog(catalog_options());
  ArtifactStore store(told(catalog));
  write(store, draft("a"));
  ASSERT_TRUE(store.write_tombstone(key("a"), "delete"));
  EXPECT_THAT(lines(catalog), ElementsAre("a/1-", "a/2*-"));
  EXPECT_THAT(*catalog.find({}), IsEmpty());
  write(store, draft("a"));
  EXPECT_THAT(lines(catalog), ElementsAre("a/1", "a/2", "a/3*"));
}

TEST_F(CatalogTest, IsToldOfRemovalsAndRenames) {
  Catalog catalog(catalog_options());
  ArtifactStore store(told(catalog));
  for (const char* name : {"a", "a", "b", "c"})
    write(store, draft(name));
  ASSERT_TRUE(store.remove_version(key("a"), 2));
  ASSERT_TRUE(store.remove(key("b")));
  ASSERT_TRUE(store.rename(key("c"), "d"));
  EXPECT_THAT(lines(catalog), ElementsAre("a/1*", "c/1-", "c/2*-", "d/1*"));
  ASSERT_TRUE(store.remove_instance({"command/shell", "m1"}));
  EXPECT_THAT(lines(catalog), IsEmpty());
}

TEST_F(CatalogTest, FindsByWhatIsAsked) {
  Catalog catalog(catalog_options());
  ArtifactStore store(told(catalog));
  Draft tagged = draft("a", "{}", "r1", "one");
  tagged.tags.set("env", "prod");
  tagged.tags.set("specName", "pod");
  const auto artifact = write(store, tagged);
  write(store, draft("b"));
  const auto names = [&](const CatalogFilter& filter) {
    std::vector<std::string> found;
    const auto rows = catalog.find(filter);
    for (const auto& row : rows.value())
      found.push_back(row.artifact.key.name);
    return found;
  };
  EXPECT_THAT(names({.model_name = "web"}), ElementsAre("a", "b"));
  EXPECT_THAT(names({.spec_name = "pod"}), ElementsAre("a"));
  EXPECT_THAT(names({.tag = Tags::Entry{"env", "prod"}}), ElementsAre("a"));
  EXPECT_THAT(names({.workflow_run_id = "r1"}), ElementsAre("a"));
  EXPECT_THAT(names({.data_id = artifact.metadata.id}), ElementsAre("a"));
  EXPECT_THAT(names({.name = "b", .version = 1}), ElementsAre("b"));
  EXPECT_THAT(names({.model_id = "m2"}), IsEmpty());
}

// --- making it again ---

class CatalogRebuildTest : public CatalogTest {
 protected:
  void SetUp() override {
    Catalog catalog(catalog_options());
    ArtifactStore store(told(catalog));
    for (const char* step : {"one", "two", "one"})
      write(store, draft("a", R"({"n":1})", "r1", step));
    write(store, draft("b"));
    ASSERT_TRUE(store.write_tombstone(key("b"), "delete"));
    write(store, draft("c"));
    ASSERT_TRUE(store.rename(key("c"), "d"));
    ASSERT_TRUE(catalog.flush());
    live = lines(catalog);
    rows = rows_of(catalog);
  }

  static std::vector<Artifact> rows_of(Catalog& catalog) {
    std::vector<Artifact> found;
    const auto all = catalog.find({.latest_only = false, .include_deleted = true});
    for (const auto& row : all.value())
      found.push_back(row.artifact);
    return found;
  }
  void expect_rebuilt() {
    Catalog again(catalog_options());
    EXPECT_EQ(lines(again), live);
    EXPECT_EQ(rows_of(again), rows);
  }

  std::vector<std::string> live;
  std::vector<Artifact> rows;
};

TEST_F(CatalogRebuildTest, AnAbsentFileIsBuiltAsItWas) {
  for (const char* name : {"_swamp.db", "_swamp.db-wal", "_swamp.db-shm"}) {
    std::filesystem::remove(folder.path() / "data" / name);
  }
  expect_rebuilt();
}

TEST_F(CatalogRebuildTest, AnotherSchemaIsBuiltAnew) {
  {
    auto database = Database::open(folder / "data/_swamp.db", Access::write);
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->execute(
        "UPDATE meta SET value = '0' WHERE key = 'schema'; DELETE FROM artifacts"));
  }
  expect_rebuilt();
}

TEST_F(CatalogRebuildTest, AFileThatIsNoDatabaseIsBuiltAnew) {
  for (const char* name : {"_swamp.db-wal", "_swamp.db-shm"})
    std::filesystem::remove(folder.path() / "data" / name);
  folder.write("data/_swamp.db",
               "this is no database at all, but quite long enough to be taken for one");
  expect_rebuilt();
}

TEST_F(CatalogRebuildTest, ADamagedPageIsFoundAndBuiltAnew) {
  {
    Catalog catalog(catalog_options());
    ASSERT_TRUE(catalog.compact());
  }
  {
    std::fstream file(folder / "data/_swamp.db", std::ios::in | std::ios::out | std::ios::binary);
    for (int page = 1; page < 12; ++page) {
      file.seekp(page * 4096);
      file << std::string(64, 'x');
    }
  }
  std::filesystem::remove(folder.path() / "data/_swamp.db-wal");
  std::filesystem::remove(folder.path() / "data/_swamp.db-shm");
  expect_rebuilt();
}

TEST_F(CatalogRebuildTest, ADistrustedFileIsBuiltAnew) {
  {
    auto database = Database::open(folder / "data/_swamp.db", Access::write);
    ASSERT_TRUE(database->execute("DELETE FROM artifacts"));
  }
  folder.write("data/_swamp.db-distrusted", "");
  expect_rebuilt();
  EXPECT_FALSE(std::filesystem::exists(folder / "data/_swamp.db-distrusted"));
}

TEST_F(CatalogRebuildTest, RescanningChangesNothing) {
  Catalog catalog(catalog_options());
  ASSERT_TRUE(catalog.rescan_all());
  EXPECT_EQ(lines(catalog), live);
  const Instance instances[] = {{"command/shell", "m1"}};
  ASSERT_TRUE(catalog.rescan(instances));
  EXPECT_EQ(lines(catalog), live);
  EXPECT_EQ(rows_of(catalog), rows);
}

// --- noticing others ---

TEST_F(CatalogTest, ANameThatSomebodyElseMadeIsNoticed) {
  ArtifactStore silent(options());
  write(silent, draft("a"));
  EXPECT_THAT(fresh_lines(), ElementsAre("a/1*"));
  write(silent, draft("b"));
  EXPECT_THAT(fresh_lines(), ElementsAre("a/1*", "b/1*"));
  ASSERT_TRUE(silent.remove(key("a")));
  EXPECT_THAT(fresh_lines(), ElementsAre("b/1*"));
}

TEST_F(CatalogTest, AVersionThatTheOriginalWroteIsNoticedByItsCatalogue) {
  ArtifactStore silent(options());
  write(silent, draft("a"));
  folder.write("data/_catalog.db", "1");
  EXPECT_THAT(fresh_lines(), ElementsAre("a/1*"));
  write(silent, draft("a"));
  folder.write("data/_catalog.db", "12");
  EXPECT_THAT(fresh_lines(), ElementsAre("a/1", "a/2*"));
  Draft elsewhere = draft("x");
  elsewhere.key = key("x", "m2");
  write(silent, elsewhere);
  folder.write("data/_catalog.db-wal", "1");
  EXPECT_THAT(fresh_lines(), ElementsAre("a/1", "a/2*", "x/1*"));
}

TEST_F(CatalogTest, TheOriginalIsNoticedWhileWeRunToo) {
  Catalog catalog(catalog_options());
  ArtifactStore silent(options());
  write(silent, draft("a"));
  EXPECT_THAT(lines(catalog), ElementsAre("a/1*"));
  write(silent, draft("a"));
  EXPECT_THAT(lines(catalog), ElementsAre("a/1*")) << "nobody told";
  folder.write("data/_catalog.db", "1");
  EXPECT_THAT(lines(catalog), ElementsAre("a/1", "a/2*"));
}

TEST_F(CatalogTest, WhatTheOriginalSaysInItsCatalogueIsNeverBelieved) {
  folder.write("data/_catalog.db", "not even a database");
  ArtifactStore silent(options());
  write(silent, draft("a"));
  EXPECT_THAT(fresh_lines(), ElementsAre("a/1*"));
  EXPECT_EQ(folder.read("data/_catalog.db"), "not even a database");
}

TEST_F(CatalogTest, AnInstanceOfADeadRunIsRescannedOnDemand) {
  ArtifactStore silent(options());
  write(silent, draft("a"));
  Catalog catalog(catalog_options());
  EXPECT_THAT(lines(catalog), ElementsAre("a/1*"));
  write(silent, draft("a"));
  const Instance instances[] = {{"command/shell", "m1"}};
  ASSERT_TRUE(catalog.rescan(instances));
  EXPECT_THAT(lines(catalog), ElementsAre("a/1", "a/2*"));
}

TEST_F(CatalogTest, ABrokenVersionIsAWarningEveryTimeItIsLookedAt) {
  ArtifactStore silent(options());
  write(silent, draft("a"));
  write(silent, draft("b"));
  folder.write(path_of("a/1/metadata.yaml"), "nonsense");
  Catalog catalog(catalog_options());
  const auto warnings = catalog.bring_up_to_date();
  ASSERT_TRUE(warnings);
  EXPECT_EQ(warnings->size(), 1u);
  EXPECT_THAT(lines(catalog), ElementsAre("b/1*"));
}

// --- several at once ---

TEST_F(CatalogTest, TwoProcessesWriteOneCatalogue) {
  constexpr int kEach = 60;
  const auto writer = [this](const std::string& who) {
    Catalog catalog(catalog_options());
    ArtifactStore store(told(catalog));
    for (int i = 0; i < kEach; ++i) {
      if (!store.write(draft(who))) return 1;
      if (i % 7 != 0) continue;
      if (auto flushed = catalog.flush(); !flushed) {
        fmt::print(stderr, "{}: {}\n", who, flushed.error().message);
        return 2;
      }
    }
    return catalog.flush() ? 0 : 3;
  };
  const pid_t first = fork_child([&] { return writer("first"); });
  const pid_t second = fork_child([&] { return writer("second"); });
  EXPECT_EQ(wait_for(first), 0);
  EXPECT_EQ(wait_for(second), 0);
  EXPECT_EQ(fresh_lines().size(), 2u * kEach);
  EXPECT_FALSE(std::filesystem::exists(folder / "data/_swamp.db-distrusted"));
}

// --- whatever happens, a rebuild changes nothing ---

class CatalogPropertyTest : public CatalogTest {
 protected:
  /// Does what the number says, to one of three names.
  void act(int number, ArtifactStore& store) {
    const auto pick = [&](std::size_t of) {
      return static_cast<std::size_t>(std::exchange(number, number / static_cast<int>(of))) % of;
    };
    const std::string names[] = {"a", "b", "c"};
    const auto& name = names[pick(3)];
    const auto made = draft(name, "{}", fmt::format("r{}", pick(3)), fmt::format("s{}", pick(3)));
    const auto versions = store.versions(key(name)).value();
    switch (pick(8)) {
      case 0:
        (void)store.write_tombstone(key(name), "delete");
        return;
      case 1:
        (void)store.rename(key(name), names[pick(3)]);
        return;
      case 2:
        if (!versions.empty())
          (void)store.remove_version(key(name), versions[pick(versions.size())]);
        return;
      case 3:
        (void)store.write(draft(name));
        return;
      default:
        (void)store.write(made);
    }
  }
};

TEST_F(CatalogPropertyTest, WhateverHappensARebuildChangesNothing) {
  EXPECT_TRUE(rc::check([this] {
    std::filesystem::remove_all(folder.path() / "data");
    Catalog catalog(catalog_options());
    ArtifactStore store(told(catalog));
    for (const int number : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 100'000))) {
      act(number, store);
      if (number % 5 == 0) RC_ASSERT(catalog.flush().has_value());
    }
    const auto live = lines(catalog);
    RC_ASSERT(catalog.rescan_all().has_value());
    RC_ASSERT(lines(catalog) == live);
  }));
}

}  // namespace
}  // namespace swamp::store
