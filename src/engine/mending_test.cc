#include "engine/mending.h"

#include <chrono>
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/method_journal.h"
#include "engine/run_world.h"
#include "model/builtin/all.h"
#include "os/file.h"
#include "store/journal.h"
#include "store/journal_folder.h"
#include "store/journal_format.h"
#include "value/json.h"

namespace swamp::engine {
namespace {

using test::World;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kTwoSteps = R"(
jobs:
  - name: main
    steps:
      - name: a
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: 'echo of-a'}}
      - name: b
        dependsOn: [{step: a, condition: {type: succeeded}}]
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: 'echo begun; sleep 0.05'}}
)";

/// What a run left whose process died while step `b` was running.
std::unique_ptr<World> dead_in_b() {
  World world;
  std::unique_ptr<World> dead;
  world.heard().on_line = [&](const std::string& line) {
    if (line == "main/b: begun") dead = std::make_unique<World>(world);
  };
  const auto ran = world.run(std::string(kTwoSteps));
  EXPECT_TRUE(ran) << (ran ? "" : ran.error().message);
  EXPECT_NE(dead, nullptr);
  return dead;
}

struct Mended {
  std::vector<MendedRun> runs;
  std::vector<std::string> ended;  // runs whose processes were to be ended
};

Task<> end_nothing(std::vector<std::string>& ended, std::string run_id) {
  ended.push_back(std::move(run_id));
  co_return Result<>{};
}

Task<> mend_into(EngineServices& services, Mended& mended) {
  EndLeftovers end = [&mended](std::string run_id) {
    return end_nothing(mended.ended, std::move(run_id));
  };
  SWAMP_CO_TRY(mended.runs, co_await mend_left_runs(services, std::move(end)));
  co_return Result<>{};
}

Mended mend(World& world) {
  Mended mended;
  const auto done =
      world.with_services([&](EngineServices& services) { return mend_into(services, mended); });
  EXPECT_TRUE(done) << (done ? "" : done.error().message);
  return mended;
}

/// Where the content of the first `result` lies that a step wrote and told.
std::filesystem::path content_of_result(const World& world) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(world.layout().data)) {
    if (entry.path().string().ends_with("/result/1/raw")) return entry.path();
  }
  ADD_FAILURE() << "no result below " << world.layout().data;
  return {};
}

TEST(MendingTest, ARunThatDiedWaitsForSomebodyToResumeIt) {
  const auto dead = dead_in_b();
  const std::string id = dead->only_run();
  const Mended mended = mend(*dead);
  ASSERT_THAT(mended.runs, SizeIs(1));
  EXPECT_EQ(mended.runs[0].name, "flow");
  EXPECT_TRUE(mended.runs[0].had_died);
  EXPECT_TRUE(mended.runs[0].can_resume);
  EXPECT_THAT(mended.runs[0].losses, IsEmpty());
  EXPECT_THAT(mended.ended, ElementsAre(id));
  // The file has what only the journal knew.
  const auto record = store::RunStore(dead->layout()).load(test::id_of("flow"), id);
  ASSERT_TRUE(record);
  EXPECT_EQ(World::steps(*record), "a succeeded, b running");
  const auto resumed = dead->resume(id);
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ(World::steps(*resumed), "a succeeded, b succeeded");
}

TEST(MendingTest, WhatWasLookedAfterIsNotLookedAtAgain) {
  const auto dead = dead_in_b();
  mend(*dead);
  const Mended again = mend(*dead);
  EXPECT_THAT(again.runs, IsEmpty());
  EXPECT_THAT(again.ended, IsEmpty());
}

TEST(MendingTest, DataThatTheJournalNamesIsThereAgain) {
  const auto dead = dead_in_b();
  const auto raw = content_of_result(*dead);
  const auto before = os::read_file(raw);
  std::filesystem::resize_file(raw, 0);
  EXPECT_EQ(mend(*dead).runs.at(0).restored, 1U);
  EXPECT_EQ(*os::read_file(raw), *before);
}

TEST(MendingTest, FilesThatNeverGotTheirNamesGo) {
  const auto dead = dead_in_b();
  constexpr std::string_view kName = ".0a1b2c3d-0000-4000-8000-000000000000.tmp";
  const auto raw = content_of_result(*dead);
  std::vector<std::filesystem::path> left{
      raw.parent_path() / kName, raw.parent_path().parent_path() / kName,
      dead->layout().runs_of(test::id_of("flow")) / kName,
      dead->layout().method_outputs("command/shell", "execute") / kName};
  for (const auto& path : left) {
    ASSERT_TRUE(os::write_new_file(path, "half"));
  }
  mend(*dead);
  std::erase_if(left, [](const auto& path) { return !std::filesystem::exists(path); });
  EXPECT_THAT(left, IsEmpty());
}

TEST(MendingTest, ARunThatIsAliveAndOneThatWaitsAreLeftAlone) {
  World world;
  const auto suspended = world.run(
      "jobs: [{name: main, steps: [{name: gate, task: {type: manual_approval, prompt: x}}]}]");
  ASSERT_TRUE(suspended);
  const auto alive = store::Journal::create(world.layout().journal("alive"));
  ASSERT_TRUE(alive);
  const Mended mended = mend(world);
  EXPECT_THAT(mended.runs, IsEmpty());
  EXPECT_THAT(mended.ended, IsEmpty());
}

TEST(MendingTest, ARunOfAnEarlierBootThatHadEndedIsCheckedAndSealed) {
  World world;
  const auto run = world.run(
      "jobs: [{name: main, steps: [{name: a, task: {type: model_method, "
      "modelType: command/shell, methodName: execute, inputs: {run: ':'}}}]}]");
  ASSERT_TRUE(run);
  const auto journal = world.layout().journal(run->run_id);
  ASSERT_TRUE(store::unmark_journal(journal));
  // The machine stopped: the record and some content never reached the disk.
  std::filesystem::resize_file(content_of_result(world), 0);
  auto record = world.saved(*run);
  record.status = store::RunStatus::running;
  ASSERT_TRUE(store::RunStore(world.layout()).save(record, store::RunStore::Index::update));
  const Mended mended = mend(world);
  ASSERT_THAT(mended.runs, SizeIs(1));
  EXPECT_FALSE(mended.runs[0].had_died);
  EXPECT_EQ(mended.runs[0].restored, 1U);
  EXPECT_THAT(mended.ended, IsEmpty());
  EXPECT_EQ(world.saved(*run).status, store::RunStatus::succeeded);
  const auto journals = store::list_journals(world.layout().journals);
  ASSERT_THAT(*journals, SizeIs(1));
  EXPECT_EQ(journals->front().state, store::JournalState::ended);
}

TEST(MendingTest, ARunThatSomebodyDeletedDoesNotComeBack) {
  const auto dead = dead_in_b();
  ASSERT_TRUE(store::RunStore(dead->layout()).remove(test::id_of("flow"), dead->only_run()));
  EXPECT_TRUE(mend(*dead).ended.empty());
  EXPECT_THAT(store::RunStore(dead->layout()).list().runs, IsEmpty());
}

/// Replaces the boot under which a journal was written, as if the machine had started anew since.
void start_anew(World& world, const std::string& run_id) {
  const auto path = world.layout().journal(run_id);
  const auto content = store::read_journal(path);
  ASSERT_TRUE(content);
  std::string bytes(store::kJournalMagic);
  store::append_frame(bytes, R"({"kind":"journal-opened","boot":"an earlier one"})");
  for (const Value& record : content->records)
    store::append_frame(bytes, write_json(record));
  if (content->sealed) store::append_frame(bytes, R"({"kind":"journal-sealed"})");
  ASSERT_TRUE(os::write_file_atomically(path, bytes));
  ASSERT_TRUE(store::unmark_journal(path));
  for (const auto& entry : std::filesystem::directory_iterator(world.layout().journals)) {
    if (entry.path().filename().string().starts_with(".looked-after."))
      std::filesystem::remove(entry.path());
  }
}

TEST(MendingTest, AfterTheMachineStoppedTheJournalAloneTells) {
  const auto dead = dead_in_b();
  const std::string id = dead->only_run();
  start_anew(*dead, id);
  // The record reached the disk, with a step that the journal does not know; the data did not.
  auto record = store::RunStore(dead->layout()).load(test::id_of("flow"), id);
  ASSERT_TRUE(record);
  record->jobs[0].steps[1].status = store::RunStatus::succeeded;
  ASSERT_TRUE(store::RunStore(dead->layout()).save(*record, store::RunStore::Index::update));
  std::filesystem::remove_all(dead->layout().data);
  const Mended mended = mend(*dead);
  ASSERT_THAT(mended.runs, SizeIs(1));
  EXPECT_THAT(mended.runs[0].losses, IsEmpty());
  EXPECT_EQ(World::steps(dead->current(id)), "a succeeded, b running");
  EXPECT_THAT(*os::read_file(content_of_result(*dead)), testing::HasSubstr("of-a"));
}

TEST(MendingTest, WhatWasBeingWrittenWhenTheMachineStoppedGoes) {
  const auto dead = dead_in_b();
  const std::string id = dead->only_run();
  start_anew(*dead, id);
  const auto result = content_of_result(*dead).parent_path();
  const auto half = result.parent_path() / "2";
  std::filesystem::create_directory(half);
  std::filesystem::copy_file(result / "metadata.yaml", half / "metadata.yaml");
  const auto record = dead->layout().runs_of(test::id_of("flow")) /
                      "workflow-run-0a1b2c3d-0000-4000-8000-000000000000.yaml";
  ASSERT_TRUE(os::write_new_file(record, ""));
  ASSERT_TRUE(os::write_file_atomically(result.parent_path() / "latest", ""));
  mend(*dead);
  EXPECT_FALSE(std::filesystem::exists(half));
  EXPECT_FALSE(std::filesystem::exists(record));
  EXPECT_EQ(*os::read_file(result.parent_path() / "latest"), "1");
  const auto resumed = dead->resume(id);
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ(World::steps(*resumed), "a succeeded, b succeeded");
}

TEST(MendingTest, NothingIsRemovedWhileSomebodyWorks) {
  const auto dead = dead_in_b();
  start_anew(*dead, dead->only_run());
  const auto half = content_of_result(*dead).parent_path().parent_path() / "2";
  std::filesystem::create_directory(half);
  const auto alive = store::Journal::create(dead->layout().journal("alive"));
  ASSERT_TRUE(alive);
  mend(*dead);
  EXPECT_TRUE(std::filesystem::exists(half));
}

TEST(MendingTest, WhatIsNoJournalIsSetAsideAndTold) {
  World world;
  const auto journal = world.layout().journal("r1");
  world.folder().write(".swamp/workflow-runs/.journals/r1.journal", "");
  const Mended mended = mend(world);
  ASSERT_THAT(mended.runs, SizeIs(1));
  EXPECT_THAT(mended.runs[0].losses, SizeIs(1));
  EXPECT_FALSE(std::filesystem::exists(journal));
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(journal).replace_extension("broken")));
}

// Single calls.

MethodCall call_of_web(const World&) {
  static const model::Registry types = model::builtin_types();
  return {.type = types.find("command/shell"),
          .method = "execute",
          .instance = {.id = test::id_of("web"), .name = "web", .type = "command/shell"},
          .log_file = "web.log"};
}

TEST(MendingTest, ASingleCallThatDiedHasFailed) {
  World world;
  ASSERT_TRUE(MethodJournal::begin(world.layout(), "r1", call_of_web(world), system_clock()));
  const Mended mended = mend(world);
  ASSERT_THAT(mended.runs, SizeIs(1));
  EXPECT_EQ(mended.runs[0].name, "web.execute");
  EXPECT_TRUE(mended.runs[0].had_died);
  EXPECT_FALSE(mended.runs[0].can_resume);
  EXPECT_THAT(mended.ended, ElementsAre("r1"));
  const auto outputs = store::OutputStore(world.layout()).list().outputs;
  ASSERT_THAT(outputs, SizeIs(1));
  const store::OutputRecord& record = outputs.front().record;
  EXPECT_EQ(record.status, store::OutputStatus::failed);
  EXPECT_EQ(record.error->message, "its process died before the method had ended");
  EXPECT_EQ(record.log_file, "web.log");
  EXPECT_EQ(record.definition_id, test::id_of("web"));
  EXPECT_THAT(mend(world).runs, IsEmpty());
}

Task<> conclude_call(World& world, EngineServices& services) {
  SWAMP_CO_TRY(auto journal,
               MethodJournal::begin(world.layout(), "r1", call_of_web(world), system_clock()));
  const MethodOutcome outcome{.succeeded = true};
  SWAMP_CO_CHECK(co_await journal.conclude(outcome, services.artifacts));
  co_return Result<>{};
}

TEST(MendingTest, ASingleCallThatHadEndedIsOnlyCheckedAgain) {
  World world;
  ASSERT_TRUE(world.with_services(
      [&](EngineServices& services) { return conclude_call(world, services); }));
  ASSERT_TRUE(store::unmark_journal(world.layout().journal("r1")));
  const Mended mended = mend(world);
  ASSERT_THAT(mended.runs, SizeIs(1));
  EXPECT_FALSE(mended.runs[0].had_died);
  EXPECT_THAT(mended.ended, IsEmpty());
  EXPECT_THAT(store::OutputStore(world.layout()).list().outputs, IsEmpty());
}

}  // namespace
}  // namespace swamp::engine
