#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/artifact_store.h"
#include "store/crc32c.h"
#include "store/journal.h"
#include "store/journal_folder.h"
#include "store/journal_format.h"
#include "store/store_fixture.h"
#include "value/json.h"

namespace swamp::store {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

class RecoveryTest : public StoreTest {
 protected:
  /// Writes and returns the record that a step's end would be.
  Value ended(const std::vector<Draft>& drafts) {
    ArtifactStore store(options());
    List artifacts;
    for (const Draft& made : drafts)
      artifacts.push_back(to_journal(write(store, made), made.content));
    EXPECT_TRUE(store.flush());
    return Map{{"kind", "step-ended"}, {"artifacts", std::move(artifacts)}};
  }

  Recovery recover_from(const List& records, Missing missing = Missing::lost) {
    ArtifactStore store(options());
    auto recovery = recover(records, store, missing);
    EXPECT_TRUE(recovery) << message(recovery);
    return recovery.value_or(Recovery{});
  }
  static std::vector<std::string> told(const std::vector<Artifact>& artifacts) {
    std::vector<std::string> lines;
    for (const Artifact& artifact : artifacts)
      lines.push_back(fmt::format("{}/{}", artifact.key.name, artifact.metadata.version));
    return lines;
  }
};

TEST_F(RecoveryTest, AnArtifactSurvivesItsWayThroughTheJournal) {
  ArtifactStore store(options());
  for (const std::string& content :
       {std::string("text"), std::string("\x00\xff binary", 9), std::string()}) {
    const auto artifact = write(store, draft("a", content));
    const auto entry = parse_json(write_json(to_journal(artifact, content)));
    const auto back = from_journal(*entry);
    ASSERT_TRUE(back) << message(back);
    EXPECT_EQ(back->artifact, artifact);
    EXPECT_EQ(back->content, content);
  }
  const std::string large(kWholeContentLimit + 1, 'x');
  const auto entry = to_journal(write(store, draft("a", large)), large);
  EXPECT_EQ(from_journal(entry)->content, std::nullopt) << "large content lies in its file only";
}

TEST_F(RecoveryTest, ALargeArtifactWhoseContentNobodyKeptIsLeftAsItIs) {
  const std::string large(kWholeContentLimit + 1, 'x');
  ArtifactStore store(options());
  const auto artifact = write(store, draft("a", large));
  ASSERT_TRUE(store.flush());
  const auto entry = to_journal(artifact, "");
  EXPECT_EQ(from_journal(entry)->content, std::nullopt);

  Value of_an_earlier_version = entry;
  of_an_earlier_version.mutable_map().set("text", "");
  for (const Value& one : {entry, of_an_earlier_version}) {
    const auto recovery = recover_from({Map{{"kind", "step-ended"}, {"artifacts", List{one}}}});
    EXPECT_THAT(recovery.restored, IsEmpty());
    EXPECT_THAT(recovery.lost, IsEmpty());
    EXPECT_EQ(store.content(artifact).value_or("?"), large);
  }
}

TEST_F(RecoveryTest, WhatIsWholeIsLeftAlone) {
  const List records = {ended({draft("a", "1"), draft("b", "2")})};
  const auto recovery = recover_from(records);
  EXPECT_THAT(recovery.restored, IsEmpty());
  EXPECT_THAT(recovery.lost, IsEmpty());
  EXPECT_THAT(recovery.instances, ElementsAre(Instance{"command/shell", "m1"}));
}

TEST_F(RecoveryTest, MissingShortAndEmptyFilesAreWrittenAgain) {
  const List records = {ended(
      {draft("gone", "1"), draft("short", "12345"), draft("nameless", "3"), draft("whole", "4")})};
  std::filesystem::remove_all(folder / path_of("gone"));
  folder.write(path_of("short/1/raw"), "12");
  folder.write(path_of("nameless/1/metadata.yaml"), "");
  EXPECT_THAT(told(recover_from(records).restored), ElementsAre("gone/1", "short/1", "nameless/1"));
  EXPECT_THAT(recover_from(records).restored, IsEmpty()) << "once is enough";

  const ArtifactStore store(options());
  const auto items = journaled_artifacts(records);
  for (const JournaledArtifact& item : items.value()) {
    EXPECT_EQ(store.verify(item.artifact), ArtifactStore::Check::good);
  }
  EXPECT_EQ(folder.read(path_of("gone/latest")), "1");
}

TEST_F(RecoveryTest, AMarkerThatLagsBehindIsWritten) {
  const List records = {ended({draft("a", "1"), draft("a", "2")})};
  folder.write(path_of("a/latest"), "1");
  recover_from(records);
  EXPECT_EQ(folder.read(path_of("a/latest")), "2");
}

TEST_F(RecoveryTest, LargeContentThatIsNotGoodIsLost) {
  const List records = {ended({draft("large", std::string(kWholeContentLimit + 1, 'x'))})};
  std::filesystem::remove(folder / path_of("large/1/metadata.yaml"));
  EXPECT_THAT(told(recover_from(records).restored), ElementsAre("large/1"));
  folder.write(path_of("large/1/raw"), "xxx");
  EXPECT_THAT(told(recover_from(records).lost), ElementsAre("large/1"));
}

TEST_F(RecoveryTest, AVersionThatWasRemovedSinceStaysRemoved) {
  const List records = {ended({draft("a", "1"), draft("a", "2")})};
  ASSERT_TRUE(ArtifactStore(options()).remove_version(key("a"), 1));
  EXPECT_THAT(recover_from(records, Missing::removed).restored, IsEmpty());
  EXPECT_FALSE(exists("a/1"));
}

TEST_F(RecoveryTest, AVersionBelowAnotherThatTheMachineLostIsThereAgain) {
  const List records = {ended({draft("a", "1"), draft("a", "2")})};
  std::filesystem::remove_all(folder / path_of("a/1"));
  EXPECT_THAT(told(recover_from(records).restored), ElementsAre("a/1"));
}

TEST_F(RecoveryTest, AKilledRunLosesNoArtifactThatAFinishedStepLists) {
  const auto path = folder / "r1.journal";
  const pid_t child = fork_child([&] {
    auto journal = Journal::create(path);
    ArtifactStore store(options());
    for (int i = 0; i < 20; ++i) {
      const auto made = draft(fmt::format("a{}", i % 4), fmt::format("content {}", i), "r1",
                              fmt::format("s{}", i));
      const auto artifact = store.write(made);
      (*journal)->append(
          Map{{"kind", "step-ended"}, {"artifacts", List{to_journal(*artifact, made.content)}}});
    }
    (void)(*journal)->wait_written();
    return ::raise(SIGKILL);  // no marker was written
  });
  EXPECT_EQ(wait_for(child), -SIGKILL);
  const auto content = read_journal(path);
  ASSERT_TRUE(content);
  EXPECT_EQ(content->records.size(), 20u);
  // As if the machine had gone down with it: nothing but the journal was on the disk.
  std::filesystem::remove_all(folder / "data");
  EXPECT_EQ(recover_from(content->records).restored.size(), 20u);
  const ArtifactStore store(options());
  EXPECT_EQ(store.content(*store.latest(key("a3")).value()), "content 19");
}

// --- retiring ---

class RetireTest : public RecoveryTest {
 protected:
  std::filesystem::path journal(std::string_view run) {
    return folder / fmt::format("journals/{}.journal", run);
  }
  std::size_t retire() {
    ArtifactStore store(options());
    auto gone = retire_journals(folder / "journals", store);
    EXPECT_TRUE(gone) << message(gone);
    return gone.value_or(0);
  }
};

TEST_F(RetireTest, OnlyEndedRunsThatNobodyHoldsGo) {
  const auto held = Journal::create(journal("held"));
  ASSERT_TRUE((*held)->seal());
  ASSERT_TRUE(Journal::create(journal("interrupted")));
  {
    const auto ended_run = Journal::create(journal("ended"));
    ASSERT_TRUE((*ended_run)->seal());
  }
  folder.write("journals/broken.journal", "nonsense");
  EXPECT_EQ(retire(), 1u);
  EXPECT_FALSE(std::filesystem::exists(journal("ended")));
  for (const char* run : {"held", "interrupted", "broken"})
    EXPECT_TRUE(std::filesystem::exists(journal(run))) << run;
  EXPECT_EQ(retire(), 0u);
}

TEST_F(RetireTest, AJournalOfAnEarlierBootIsRecoveredFirst) {
  std::string bytes(kJournalMagic);
  append_frame(bytes, R"({"kind":"journal-opened","boot":"an earlier one"})");
  append_frame(bytes, write_json(ended({draft("a", "1")})));
  append_frame(bytes, R"({"kind":"journal-sealed"})");
  folder.write("journals/r1.journal", bytes);
  folder.write(path_of("a/1/raw"), "");
  EXPECT_EQ(retire(), 1u);
  EXPECT_EQ(folder.read(path_of("a/1/raw")), "1");
}

// --- the parts ---

TEST(Crc32cTest, IsTheCastagnoliSum) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(crc32c("56789", crc32c("1234")), 0xE3069283u);
  EXPECT_EQ(crc32c(""), 0u);
}

}  // namespace
}  // namespace swamp::store
