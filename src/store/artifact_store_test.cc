#include "store/artifact_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/artifact_tree.h"
#include "store/store_fixture.h"

namespace swamp::store {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ArtifactStoreTest : public StoreTest {
 protected:
  ArtifactStore store{options()};

  std::uint32_t latest_version(std::string_view name) {
    const auto found = store.latest(key(std::string(name)));
    EXPECT_TRUE(found);
    return found && *found ? (*found)->metadata.version : 0;
  }
  std::string latest_content(std::string_view name) {
    const auto found = store.latest(key(std::string(name)));
    return found && *found ? store.content(**found).value_or("?") : "-";
  }
};

TEST_F(ArtifactStoreTest, AVersionIsContentMetadataAndAMarker) {
  const auto artifact = write(store, draft("result", R"({"exitCode":0})"));
  ASSERT_TRUE(store.flush());
  EXPECT_EQ(folder.read(path_of("result/1/raw")), R"({"exitCode":0})");
  EXPECT_EQ(folder.read(path_of("result/latest")), "1");
  EXPECT_EQ(folder.read(path_of("result/1/metadata.yaml")),
            R"(id: 00000000-0000-4000-8000-000000000001
name: result
version: 1
contentType: application/json
lifetime: infinite
garbageCollection: 10
streaming: false
tags:
  type: resource
  modelName: web
ownerDefinition:
  ownerType: model-method
  ownerRef: m1
createdAt: '2026-01-02T03:04:05.678Z'
size: 14
checksum: 6041df3e9b345d68be886f995c452395674ea950cd3ca9992c13b64f3aa9cbd0
)");
  EXPECT_EQ(artifact.metadata.version, 1u);
  EXPECT_EQ(store.verify(artifact), ArtifactStore::Check::good);
}

TEST_F(ArtifactStoreTest, VersionsCountUpAndTheMarkerIsWrittenOncePerFlush) {
  for (int i = 1; i <= 3; ++i)
    write(store, draft("result", std::to_string(i)));
  EXPECT_FALSE(exists("result/latest"));
  EXPECT_EQ(latest_content("result"), "3");
  ASSERT_TRUE(store.flush());
  EXPECT_EQ(folder.read(path_of("result/latest")), "3");
  EXPECT_THAT(*store.versions(key("result")), ElementsAre(1, 2, 3));
}

TEST_F(ArtifactStoreTest, AnotherProcessSeesAVersionBeforeItsMarker) {
  write(store, draft("result", "1"));
  ASSERT_TRUE(store.flush());
  write(store, draft("result", "2"));
  const ArtifactStore other(options());
  const auto found = other.latest(key("result"));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->metadata.version, 2u);
}

TEST_F(ArtifactStoreTest, NumbersGoOnAfterAGapAndAfterABurntFolder) {
  write(store, draft("result"));
  std::filesystem::create_directories(folder / path_of("result/7"));
  ArtifactStore later(options());
  EXPECT_EQ(write(later, draft("result")).metadata.version, 8u);
}

TEST_F(ArtifactStoreTest, ANumberTakenByAnotherStoreIsPassedOver) {
  ArtifactStore other(options());
  write(store, draft("result", "ours"));
  write(other, draft("result", "theirs"));
  write(other, draft("result", "theirs too"));
  EXPECT_EQ(write(store, draft("result", "ours again")).metadata.version, 4u);
  ASSERT_TRUE(store.flush());
  ASSERT_TRUE(other.flush());
  EXPECT_EQ(folder.read(path_of("result/latest")), "4") << "a marker never goes back";
}

TEST_F(ArtifactStoreTest, ReservedAndStrayNamesAreRefused) {
  EXPECT_EQ(message(store.write(draft("latest"))), "data name 'latest' is reserved");
  Draft stray = draft("result");
  stray.key.model_id = "../m2";
  EXPECT_EQ(message(store.write(stray)), "'command/shell/../m2' is no model instance");
  Draft nameless = draft("result");
  nameless.tags = {};
  EXPECT_EQ(message(store.write(nameless)), "data 'result' has no tag 'type'");
}

TEST_F(ArtifactStoreTest, ANameBelongsToItsFirstOwner) {
  write(store, draft("result"));
  ArtifactStore later(options());
  Draft foreign = draft("result");
  foreign.owner.ref = "m2";
  const auto written = later.write(foreign);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::conflict);
  EXPECT_EQ(written.error().message,
            "data 'result' belongs to model-method:m1, not to model-method:m2");
}

TEST_F(ArtifactStoreTest, AMarkerThatDanglesOrLagsIsOfNoConsequence) {
  for (int i = 1; i <= 3; ++i)
    write(store, draft("result", std::to_string(i)));
  ASSERT_TRUE(store.flush());
  for (const char* marker : {"9", "2", "", "two", "3\n"}) {
    folder.write(path_of("result/latest"), marker);
    EXPECT_EQ(ArtifactStore(options()).latest(key("result")).value()->metadata.version, 3u)
        << marker;
    EXPECT_EQ(newest_version(folder / path_of("result")), 3u) << marker;
  }
  std::filesystem::remove(folder / path_of("result/latest"));
  std::filesystem::create_directory_symlink("3/", folder / path_of("result/latest"));
  EXPECT_EQ(marked_version(folder / path_of("result")), 3u) << "old repositories have links";
}

TEST_F(ArtifactStoreTest, OnlyAllDigitFoldersWithMetadataAreVersions) {
  write(store, draft("result"));
  for (const char* name : {"3abc", "03", "2", "-1", "4294967296"}) {
    std::filesystem::create_directories(folder / path_of(fmt::format("result/{}", name)));
  }
  EXPECT_THAT(*store.versions(key("result")), ElementsAre(1));
}

TEST_F(ArtifactStoreTest, OneBrokenMetadataHidesNothingElse) {
  write(store, draft("a"));
  write(store, draft("b"));
  write(store, draft("b"));
  folder.write(path_of("b/1/metadata.yaml"), "id: [");
  const auto found = list_artifacts(options().root);
  std::vector<std::string> names;
  for (const Artifact& artifact : found.items)
    names.push_back(fmt::format("{}/{}", artifact.key.name, artifact.metadata.version));
  EXPECT_THAT(names, ElementsAre("a/1", "b/2"));
  ASSERT_EQ(found.warnings.size(), 1u);
  EXPECT_THAT(found.warnings[0].where->to_string(), HasSubstr("b/1/metadata.yaml:1:"));
}

TEST_F(ArtifactStoreTest, InstancesAreFoundByTheirVersionsWhateverTheirNames) {
  write(store, draft("42"));
  Draft deep = draft("result");
  deep.key = key("result", "m2", "@acme/cloud/pod");
  write(store, deep);
  std::filesystem::create_directories(folder.path() / "data/empty/instance/name/1");
  EXPECT_THAT(list_instances(options().root),
              ElementsAre(Instance{"@acme/cloud/pod", "m2"}, Instance{"command/shell", "m1"}));
  EXPECT_THAT(*store.names({"command/shell", "m1"}), ElementsAre("42"));
}

// --- streams ---

TEST_F(ArtifactStoreTest, AStreamIsSeenOnlyWhenItIsFinalized) {
  Draft log = draft("log", "a\n");
  log.content_type = "text/plain";
  log.streaming = true;
  auto stream = store.begin_stream(log);
  ASSERT_TRUE(stream);
  ASSERT_TRUE((*stream)->append("b\n"));
  EXPECT_EQ(folder.read(path_of("log/1/raw")), "a\nb\n");
  EXPECT_FALSE(*store.latest(key("log")));
  EXPECT_THAT(*store.versions(key("log")), IsEmpty());

  const auto artifact = (*stream)->finalize();
  ASSERT_TRUE(artifact);
  EXPECT_EQ(latest_content("log"), "a\nb\n");
  EXPECT_EQ(store.verify(*artifact), ArtifactStore::Check::good);
}

TEST_F(ArtifactStoreTest, AStreamMayBeWrittenByAnotherProcess) {
  auto stream = store.begin_stream(draft("file", ""));
  ASSERT_TRUE(stream);
  folder.write(path_of("file/1/raw"), "by somebody else");
  const auto artifact = (*stream)->finalize();
  ASSERT_TRUE(artifact);
  EXPECT_EQ(artifact->metadata.size, 16u);
  EXPECT_EQ(store.verify(*artifact), ArtifactStore::Check::good);
}

TEST_F(ArtifactStoreTest, AnAbandonedStreamLeavesNothing) {
  { auto stream = store.begin_stream(draft("file", "half")); }
  EXPECT_FALSE(exists("file/1"));
  EXPECT_EQ(write(store, draft("file")).metadata.version, 1u);
}

TEST_F(ArtifactStoreTest, AppendingGrowsAStreamingVersionAndDropsItsSum) {
  Draft log = draft("log", "a\n");
  log.streaming = true;
  write(store, log);
  const auto appended = store.append(key("log"), "b\n");
  ASSERT_TRUE(appended);
  EXPECT_EQ(appended->metadata.size, 4u);
  EXPECT_EQ(appended->metadata.checksum, "");
  EXPECT_EQ(latest_content("log"), "a\nb\n");
  EXPECT_EQ(store.verify(*appended), ArtifactStore::Check::no_checksum);

  write(store, draft("fixed"));
  EXPECT_EQ(message(store.append(key("fixed"), "x")), "data 'fixed' is not streaming");
  EXPECT_EQ(message(store.append(key("gone"), "x")), "data 'gone' does not exist");
}

// --- tombstones, renames, removal ---

TEST_F(ArtifactStoreTest, ATombstoneIsTheLastStateAndWhoDeletedIt) {
  const auto last = write(store, draft("pod", R"({"name":"web"})"));
  const auto marker = store.write_tombstone(key("pod"), "delete");
  ASSERT_TRUE(marker && *marker);
  EXPECT_EQ((*marker)->metadata.id, last.metadata.id);
  EXPECT_EQ((*marker)->metadata.lifecycle, Lifecycle::deleted);
  EXPECT_EQ(latest_content("pod"),
            R"({"name":"web","deletedAt":"2026-01-02T03:04:05.678Z","deletedByMethod":"delete"})");
  EXPECT_FALSE(*store.write_tombstone(key("pod"), "delete")) << "it is deleted already";
  EXPECT_FALSE(*store.write_tombstone(key("never"), "delete"));
  EXPECT_EQ(write(store, draft("pod")).metadata.version, 3u) << "written again it lives";
}

TEST_F(ArtifactStoreTest, ARenameCarriesContentWithMetadata) {
  write(store, draft("old", "1"));
  write(store, draft("old", "2"));
  const auto renamed = store.rename(key("old"), "new");
  ASSERT_TRUE(renamed) << message(renamed);
  EXPECT_EQ(renamed->to.metadata.version, 1u);
  EXPECT_EQ(latest_content("old"), "2");
  EXPECT_EQ(store.latest(key("old")).value()->key.name, "new");
  EXPECT_EQ(store.content(*store.version(key("old"), 1).value()), "1")
      << "history stays under the old name";
  EXPECT_EQ(folder.read(path_of("old/3/raw")),
            R"({"renamedTo":"new","renamedAt":"2026-01-02T03:04:05.678Z"})");
}

TEST_F(ArtifactStoreTest, RenamesAreFollowedForFiveHops) {
  write(store, draft("n0", "content"));
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(store.rename(key(fmt::format("n{}", i)), fmt::format("n{}", i + 1)));
  EXPECT_EQ(latest_content("n0"), "content");
  ASSERT_TRUE(store.rename(key("n5"), "n6"));
  EXPECT_EQ(latest_content("n0"), "-");
  EXPECT_EQ(latest_content("n1"), "content");
}

TEST_F(ArtifactStoreTest, ARenameSaysWhyItCannotBe) {
  write(store, draft("a"));
  write(store, draft("b"));
  EXPECT_EQ(message(store.rename(key("a"), "a")), "old and new name are the same");
  EXPECT_EQ(message(store.rename(key("a"), "x/y")),
            "data name 'x/y' holds a slash, a backslash or a NUL");
  EXPECT_EQ(message(store.rename(key("a"), "b")), "data 'b' already exists");
  EXPECT_EQ(message(store.rename(key("none"), "c")), "data 'none' does not exist");
  ASSERT_TRUE(store.rename(key("a"), "c"));
  EXPECT_EQ(message(store.rename(key("a"), "d")), "data 'a' is already deleted or renamed");
}

TEST_F(ArtifactStoreTest, WritingUnderAnOldNameCutsTheForward) {
  write(store, draft("old", "1"));
  ASSERT_TRUE(store.rename(key("old"), "new"));
  write(store, draft("old", "fresh"));
  EXPECT_EQ(latest_content("old"), "fresh");
  EXPECT_EQ(latest_content("new"), "1");
}

TEST_F(ArtifactStoreTest, RemovingTheNewestVersionMovesTheMarker) {
  for (int i = 1; i <= 3; ++i)
    write(store, draft("result", std::to_string(i)));
  ASSERT_TRUE(store.flush());
  ASSERT_TRUE(store.remove_version(key("result"), 3));
  EXPECT_EQ(folder.read(path_of("result/latest")), "2");
  EXPECT_EQ(latest_content("result"), "2");
  const auto missing = store.remove_version(key("result"), 3);
  EXPECT_EQ(message(missing), "version 3 of data 'result' does not exist");
  EXPECT_EQ(missing.error().hint, "versions there are: 1, 2");
}

TEST_F(ArtifactStoreTest, RemovingTheLastVersionRemovesTheName) {
  write(store, draft("result"));
  ASSERT_TRUE(store.remove_version(key("result"), 1));
  EXPECT_FALSE(exists("result"));
  EXPECT_EQ(message(store.remove(key("result"))), "data 'result' does not exist");
}

TEST_F(ArtifactStoreTest, WritingGoesOnAfterSomebodyRemovedTheFolder) {
  write(store, draft("result"));
  std::filesystem::remove_all(folder.path() / "data");
  write(store, draft("result", "again"));
  EXPECT_EQ(latest_content("result"), "again");
}

TEST_F(ArtifactStoreTest, WithPruningOnWriteACountPolicyHoldsAtOnce) {
  auto pruning = options();
  pruning.prune_on_write = true;
  pruning.spare_run = [](std::string_view run) { return run == "live"; };
  ArtifactStore tidy(pruning);
  for (int i = 1; i <= 5; ++i) {
    Draft made = draft("result", std::to_string(i), i == 2 ? "live" : "");
    made.retention = std::int64_t{2};
    write(tidy, made);
  }
  EXPECT_THAT(*tidy.versions(key("result")), ElementsAre(2, 4, 5));
}

// --- checks and repair ---

TEST_F(ArtifactStoreTest, VerifyTellsWhatIsWrong) {
  const auto artifact = write(store, draft("result", "12345"));
  folder.write(path_of("result/1/raw"), "12346");
  EXPECT_EQ(store.verify(artifact), ArtifactStore::Check::checksum_differs);
  folder.write(path_of("result/1/raw"), "123");
  EXPECT_EQ(store.verify(artifact), ArtifactStore::Check::size_differs);
  std::filesystem::remove(folder / path_of("result/1/raw"));
  EXPECT_EQ(store.verify(artifact), ArtifactStore::Check::missing);
  EXPECT_EQ(message(store.content(artifact)), "content of data 'result', version 1, is missing");
}

TEST_F(ArtifactStoreTest, RestoreMakesAVersionWholeAgainAndIsIdleOtherwise) {
  const auto artifact = write(store, draft("result", "content"));
  ASSERT_TRUE(store.flush());
  EXPECT_EQ(store.restore(artifact, "content"), false);

  folder.write(path_of("result/1/raw"), "con");
  EXPECT_EQ(store.restore(artifact, "content"), true);
  EXPECT_EQ(store.verify(artifact), ArtifactStore::Check::good);

  std::filesystem::remove_all(folder.path() / "data");
  EXPECT_EQ(ArtifactStore(options()).restore(artifact, "content"), true);
  EXPECT_EQ(latest_content("result"), "content");
  EXPECT_EQ(folder.read(path_of("result/latest")), "1");
}

}  // namespace
}  // namespace swamp::store
