#include "store/journal_folder.h"

#include <gtest/gtest.h>

#include "os/directory.h"
#include "store/artifact_store.h"
#include "store/journal.h"
#include "store/store_fixture.h"
#include "support/run.h"

namespace swamp::store {
namespace {

using namespace test;
/// The journals of a folder as `r1 open, r2 ended`.
std::string states(const std::filesystem::path& folder) {
  constexpr std::string_view kNames[] = {"open", "resting", "ended"};
  std::string text;
  const auto journals = list_journals(folder);
  for (const JournalFile& journal : *journals) {
    text += text.empty() ? "" : ", ";
    text += journal.run_id + " " + std::string(kNames[static_cast<std::size_t>(journal.state)]);
  }
  return text;
}

class JournalFolderTest : public testing::Test {
 protected:
  std::unique_ptr<Journal> create(const std::string& run) {
    auto made = Journal::create(folder / (run + ".journal"));
    EXPECT_TRUE(made) << message(made);
    return *std::move(made);
  }
  std::unique_ptr<Journal> take_over(const std::string& run) {
    Journal::Content content;
    auto taken = Journal::take_over(folder / (run + ".journal"), content);
    EXPECT_TRUE(taken) << message(taken);
    return *std::move(taken);
  }
  std::vector<std::string> files() {
    const auto entries = os::list_directory(folder);
    std::vector<std::string> names;
    for (const os::DirectoryEntry& entry : *entries)
      names.push_back(entry.name);
    return names;
  }

  TempDir dir;
  const std::filesystem::path folder = dir / "journals";
};

TEST_F(JournalFolderTest, TheListingTellsWhatEachNeeds) {
  const auto alive = create("alive");
  create("died");
  ASSERT_TRUE(create("ended")->seal());
  ASSERT_TRUE(create("suspended")->rest());
  EXPECT_EQ(states(folder), "alive open, died open, ended ended, suspended resting");
  EXPECT_EQ(states(dir / "nowhere"), "");
}

TEST_F(JournalFolderTest, OneThatIsTakenOverIsOpenAgain) {
  ASSERT_TRUE(create("r1")->rest());
  const auto taken = take_over("r1");
  EXPECT_EQ(states(folder), "r1 open");
  ASSERT_TRUE(taken->seal());
  EXPECT_EQ(states(folder), "r1 ended");
}

TEST_F(JournalFolderTest, AMarkOfAnEarlierBootMeansNothing) {
  create("r1");
  dir.write("journals/r1.00000000.ended", "");
  EXPECT_EQ(states(folder), "r1 open");
}

TEST_F(JournalFolderTest, WithAJournalGoesItsMarkAndWhateverTheDeadLeft) {
  ASSERT_TRUE(create("ended")->seal());
  ASSERT_TRUE(create("suspended")->rest());
  dir.write("journals/suspended.00000000.resting", "");
  dir.write("journals/gone.00000000.ended", "");
  dir.write("journals/.0a1b2c3d-0000-4000-8000-000000000000.tmp", "never named");
  ArtifactStore store({.root = dir / "data", .clock = &system_clock(), .ids = &random_ids()});
  EXPECT_EQ(retire_journals(folder, store).value(), 1u);
  EXPECT_EQ(states(folder), "suspended resting");
  EXPECT_EQ(files().size(), 2u);
}

TEST_F(JournalFolderTest, OneThatIsMarkedAsEndedGoesUnread) {
  ASSERT_TRUE(create("ended")->seal());
  ASSERT_TRUE(create("gone on with")->seal());
  take_over("gone on with");  // and dies over it
  for (const char* name : {"ended", "gone on with"})
    dir.write(std::string("journals/") + name + ".journal", "nobody can read this");
  ArtifactStore store({.root = dir / "data", .clock = &system_clock(), .ids = &random_ids()});
  EXPECT_EQ(retire_journals(folder, store).value(), 1u);
  EXPECT_EQ(states(folder), "gone on with open");
}

TEST_F(JournalFolderTest, AJournalThatIsJustBeingMadeStays) {
  // Whoever makes one holds its lock before it has its name.
  const auto held = create("r1");
  const auto unnamed = folder / ".0a1b2c3d-0000-4000-8000-000000000000.tmp";
  std::filesystem::create_hard_link(folder / "r1.journal", unnamed);
  ArtifactStore store({.root = dir / "data", .clock = &system_clock(), .ids = &random_ids()});
  EXPECT_EQ(retire_journals(folder, store).value(), 0u);
  EXPECT_TRUE(std::filesystem::exists(unnamed));
}

}  // namespace
}  // namespace swamp::store
