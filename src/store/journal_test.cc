#include "store/journal.h"

#include <csignal>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/journal_folder.h"
#include "store/journal_format.h"
#include "store/store_fixture.h"
#include "support/run.h"
#include "value/json.h"

namespace swamp::store {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

Value record(int number) {
  return Map{{"kind", "step-ended"}, {"number", number}};
}

std::vector<std::int64_t> numbers(const Journal::Content& content) {
  std::vector<std::int64_t> found;
  for (const Value& entry : content.records)
    found.push_back(entry["number"].as_int());
  return found;
}

class JournalTest : public testing::Test {
 protected:
  std::unique_ptr<Journal> create() {
    auto made = Journal::create(path);
    EXPECT_TRUE(made) << message(made);
    return made ? *std::move(made) : nullptr;
  }
  Journal::Content read() {
    auto content = read_journal(path);
    EXPECT_TRUE(content) << message(content);
    return content.value_or(Journal::Content{});
  }

  TempDir folder;
  const std::filesystem::path path = folder / "runs/r1.journal";
};

TEST_F(JournalTest, WhatWasAppendedIsReadInOrder) {
  auto journal = create();
  for (int i = 1; i <= 3; ++i)
    EXPECT_EQ(journal->append(record(i)), static_cast<Journal::Sequence>(i));
  ASSERT_TRUE(journal->wait_written());
  EXPECT_THAT(numbers(read()), ElementsAre(1, 2, 3));
  EXPECT_FALSE(read().sealed);
  EXPECT_FALSE(read().torn);
}

Task<> append_and_wait(Journal& journal, int from, int to) {
  for (int i = from; i < to; ++i)
    SWAMP_CO_CHECK(co_await journal.durable(journal.append(record(i))));
  co_return co_await journal.durable(1);  // what is durable already is not waited for
}

TEST_F(JournalTest, ARecordIsDurableWhenTheTaskHasWaited) {
  auto journal = create();
  ASSERT_TRUE(swamp::test::run(append_and_wait(*journal, 0, 5)));
  EXPECT_THAT(numbers(read()), ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(JournalTest, AnythingStillQueuedIsWrittenWhenItCloses) {
  {
    auto journal = create();
    for (int i = 0; i < 1000; ++i)
      journal->append(record(i));
  }
  EXPECT_EQ(numbers(read()).size(), 1000u);
}

TEST_F(JournalTest, ASealedJournalSaysSo) {
  {
    auto journal = create();
    journal->append(record(1));
    ASSERT_TRUE(journal->seal());
  }
  EXPECT_TRUE(read().sealed);
  EXPECT_THAT(numbers(read()), ElementsAre(1));
}

TEST_F(JournalTest, SecretsAreWrittenAsTheirExpressions) {
  auto journal = create();
  const auto origin =
      std::make_shared<SecretOrigin>(SecretOrigin{.expression = "${{ vault.get('v', 'k') }}"});
  journal->append(Map{{"kind", "x"}, {"token", Value::secret("hunter2", origin)}});
  ASSERT_TRUE(journal->wait_written());
  EXPECT_EQ(read().records[0]["token"], Value("${{ vault.get('v', 'k') }}"));
}

TEST_F(JournalTest, ContentIsSyncedBeforeTheRecordThatNamesIt) {
  folder.write("content", "large");
  auto journal = create();
  const auto good = journal->append(record(1), {folder / "content"});
  EXPECT_TRUE(journal->wait_durable(good));
  const auto bad = journal->append(record(2), {folder / "missing"});
  const auto later = journal->append(record(3));
  EXPECT_FALSE(journal->wait_durable(bad));
  EXPECT_FALSE(journal->wait_durable(later)) << "nothing is written after a gap";
  EXPECT_THAT(numbers(read()), ElementsAre(1));
}

// --- who is alive ---

TEST_F(JournalTest, ARunIsAliveAsLongAsItsJournalIsHeld) {
  EXPECT_EQ(is_alive(path), false);
  auto journal = create();
  EXPECT_EQ(is_alive(path), true);
  EXPECT_EQ(is_alive(path), true) << "asking changes nothing";
  journal.reset();
  EXPECT_EQ(is_alive(path), false);
}

TEST_F(JournalTest, ARunThatWasKilledIsNotAlive) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = fork_child([&] {
    auto journal = Journal::create(path);
    (*journal)->append(record(1));
    (void)(*journal)->wait_written();
    (void)!::write(ready[1], "x", 1);
    return ::pause();
  });
  char byte;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_EQ(is_alive(path), true);
  Journal::Content content;
  EXPECT_EQ(Journal::take_over(path, content).error().code, ErrorCode::conflict);
  ::kill(child, SIGKILL);
  wait_for(child);
  EXPECT_EQ(is_alive(path), false);
  EXPECT_THAT(numbers(read()), ElementsAre(1));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(JournalTest, OneRunHasOneJournal) {
  auto journal = create();
  const auto second = Journal::create(path);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  EXPECT_EQ(is_alive(path), true) << "the first is not disturbed";
}

TEST_F(JournalTest, ATakeOverGoesOnWhereTheLastWholeRecordEnds) {
  {
    auto journal = create();
    journal->append(record(1));
    journal->append(record(2));
  }
  std::ofstream(path, std::ios::app | std::ios::binary) << "half a rec";
  Journal::Content content;
  {
    auto journal = Journal::take_over(path, content);
    ASSERT_TRUE(journal) << message(journal);
    EXPECT_TRUE(content.torn);
    EXPECT_THAT(numbers(content), ElementsAre(1, 2));
    EXPECT_EQ(is_alive(path), true);
    (*journal)->append(record(3));
  }
  EXPECT_THAT(numbers(read()), ElementsAre(1, 2, 3));
  EXPECT_FALSE(read().torn);
}

TEST_F(JournalTest, AMissingOrForeignFileCannotBeTakenOver) {
  Journal::Content content;
  EXPECT_EQ(Journal::take_over(path, content).error().code, ErrorCode::not_found);
  folder.write("runs/r1.journal", "something else");
  EXPECT_EQ(message(Journal::take_over(path, content)),
            fmt::format("'{}' is no journal", path.string()));
}

TEST_F(JournalTest, OneListingFindsAllJournals) {
  for (const char* run : {"b", "a"})
    ASSERT_TRUE(Journal::create(folder / fmt::format("runs/{}.journal", run)));
  folder.write("runs/notes.txt", "");
  const auto journals = list_journals(folder / "runs");
  ASSERT_TRUE(journals);
  ASSERT_EQ(journals->size(), 2u);
  EXPECT_EQ(journals->at(0).run_id, "a");
  EXPECT_EQ(journals->at(1).path, folder / "runs/b.journal");
  EXPECT_THAT(*list_journals(folder / "nowhere"), IsEmpty());
}

// --- torn and damaged ---

std::string journal_of(int records) {
  std::string bytes(kJournalMagic);
  for (int i = 1; i <= records; ++i)
    append_frame(bytes, write_json(record(i)));
  return bytes;
}

TEST(JournalFormatTest, ATailTornAtAnyByteCostsOnlyTheRecordItIsIn) {
  const auto whole = journal_of(3);
  const auto frame = (whole.size() - kJournalMagic.size()) / 3;
  for (std::size_t size = kJournalMagic.size(); size <= whole.size(); ++size) {
    const auto content = parse_journal(std::string_view(whole).substr(0, size), "j");
    ASSERT_TRUE(content);
    const auto records = (size - kJournalMagic.size()) / frame;
    EXPECT_EQ(content->records.size(), records) << size;
    EXPECT_EQ(content->size, kJournalMagic.size() + records * frame) << size;
    EXPECT_EQ(content->torn, content->size != size) << size;
  }
}

TEST(JournalFormatTest, ADamagedByteEndsTheJournalBeforeItsRecord) {
  const auto whole = journal_of(3);
  const auto frame = (whole.size() - kJournalMagic.size()) / 3;
  for (std::size_t at = kJournalMagic.size(); at < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    const auto content = parse_journal(damaged, "j");
    ASSERT_TRUE(content);
    EXPECT_EQ(content->records.size(), (at - kJournalMagic.size()) / frame) << at;
    EXPECT_TRUE(content->torn) << at;
  }
}

TEST(JournalFormatTest, ZeroesAfterAPowerCutAreATornTail) {
  const auto content = parse_journal(journal_of(2) + std::string(4096, '\0'), "j");
  ASSERT_TRUE(content);
  EXPECT_EQ(content->records.size(), 2u);
  EXPECT_TRUE(content->torn);
}

TEST(JournalFormatTest, AFileThatDoesNotBeginAsAJournalIsNone) {
  EXPECT_EQ(message(parse_journal("", "j")), "'j' is no journal");
  EXPECT_EQ(message(parse_journal("SWAMPJ2\n", "j")), "'j' is no journal");
}

}  // namespace
}  // namespace swamp::store
