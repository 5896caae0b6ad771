#include "store/torn.h"

#include <chrono>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/artifact_store.h"
#include "store/artifact_tree.h"
#include "store/store_fixture.h"

namespace swamp::store {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

class TornTest : public StoreTest {
 protected:
  /// Versions 1 to `count` of a name.
  void write_versions(const std::string& name, int count) {
    ArtifactStore store(options());
    for (int i = 1; i <= count; ++i)
      write(store, draft(name, fmt::format("content {}", i)));
    EXPECT_TRUE(store.flush());
  }

  void remove_torn(const std::set<VersionName>& named = {}) {
    const auto removed = remove_torn_versions(options().root, named);
    EXPECT_TRUE(removed) << message(removed);
  }

  std::vector<std::uint32_t> versions_of(const std::string& name) {
    return list_versions(folder / path_of(name));
  }

  std::string cut_metadata(const std::string& version, const std::string& before) {
    const auto path = path_of(version + "/metadata.yaml");
    const std::string text = folder.read(path);
    const std::string cut = text.substr(0, text.find(before));
    folder.write(path, cut);
    return cut;
  }

  void make_old(const std::string& path) {
    using namespace std::chrono_literals;
    const auto place = folder / path_of(path);
    std::filesystem::last_write_time(place, std::filesystem::last_write_time(place) - 2h);
  }
};

TEST_F(TornTest, WhatIsWholeStays) {
  write_versions("a", 3);
  remove_torn();
  EXPECT_THAT(versions_of("a"), ElementsAre(1, 2, 3));
  EXPECT_EQ(folder.read(path_of("a/latest")), "3");
}

TEST_F(TornTest, VersionsThatAreNotWholeGoWithWhatIsLeftOfThem) {
  write_versions("a", 7);
  folder.write(path_of("a/2/raw"), "con");
  folder.write(path_of("a/3/metadata.yaml"), "");
  std::filesystem::remove(folder / path_of("a/4/raw"));
  cut_metadata("a/5", "createdAt");
  cut_metadata("a/6", "size");
  std::filesystem::remove(folder / path_of("a/7/metadata.yaml"));
  remove_torn();
  EXPECT_THAT(list_numbers(folder / path_of("a")), ElementsAre(1));
  EXPECT_EQ(folder.read(path_of("a/latest")), "1");
}

TEST_F(TornTest, ContentOfTheRightLengthButNotTheRightSumGoes) {
  write_versions("a", 2);
  folder.write(path_of("a/2/raw"), std::string(9, '\0'));
  remove_torn();
  EXPECT_THAT(versions_of("a"), ElementsAre(1));
}

TEST_F(TornTest, AMarkerOfANameWithoutVersionsGoes) {
  write_versions("a", 1);
  std::filesystem::remove(folder / path_of("a/1/metadata.yaml"));
  remove_torn();
  EXPECT_THAT(list_numbers(folder / path_of("a")), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder / path_of("a/latest")));
}

TEST_F(TornTest, WhatAJournalNamesIsLeftToIt) {
  write_versions("a", 2);
  folder.write(path_of("a/2/raw"), "");
  remove_torn({{key("a"), 2}});
  EXPECT_THAT(versions_of("a"), ElementsAre(1, 2));
}

TEST_F(TornTest, AStreamThatIsLongerThanItsMetadataSaysStays) {
  ArtifactStore store(options());
  auto made = draft("log", "one\n");
  made.streaming = true;
  write(store, made);
  ASSERT_TRUE(store.flush());
  folder.write(path_of("log/1/raw"), "one\ntwo\n");
  remove_torn();
  EXPECT_THAT(versions_of("log"), ElementsAre(1));
}

TEST_F(TornTest, WhatHadLongBeenWrittenIsNotLookedAt) {
  write_versions("a", 2);
  write_versions("b", 1);
  folder.write(path_of("a/2/raw"), "");
  make_old("a/2");
  make_old("a");
  remove_torn();
  EXPECT_THAT(versions_of("a"), ElementsAre(1, 2));
}

TEST_F(TornTest, DataMayBeNamedByANumber) {
  write_versions("7", 2);
  write_versions("a", 1);
  folder.write(path_of("7/2/raw"), "");
  remove_torn();
  EXPECT_THAT(versions_of("7"), ElementsAre(1));
  EXPECT_THAT(versions_of("a"), ElementsAre(1));
}

TEST_F(TornTest, NothingElseIsRemoved) {
  write_versions("a", 1);
  folder.write(path_of("a/1/metadata.yaml"), "");
  folder.write(path_of("a/1/notes.txt"), "of a person");
  remove_torn();
  EXPECT_EQ(folder.read(path_of("a/1/notes.txt")), "of a person");
}

}  // namespace
}  // namespace swamp::store
