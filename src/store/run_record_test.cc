#include "store/run_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/run_index.h"
#include "store/store_fixture.h"
#include "value/json.h"
#include "yaml/parse.h"
#include "yaml/write.h"

namespace swamp::store {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kWorkflow = "2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50";

std::string run_id(unsigned number) {
  return fmt::format("{:08x}-0000-4000-8000-000000000000", number);
}

/// A run of one job with steps `name:status`.
RunRecord run_of(unsigned number, const std::vector<std::pair<std::string, RunStatus>>& steps,
                 RunStatus status = RunStatus::succeeded) {
  RunRecord record{.id = run_id(number),
                   .workflow_id = std::string(kWorkflow),
                   .workflow_name = "release",
                   .status = status};
  record.started_at = *parse_iso8601("2026-01-02T03:04:05.678Z") + std::chrono::seconds(number);
  JobRecord job{.name = "build", .status = RunStatus::succeeded};
  for (const auto& [name, step_status] : steps) {
    job.steps.push_back({.name = name,
                         .status = step_status,
                         .error = step_status == RunStatus::failed ? name + " broke" : ""});
  }
  record.jobs.push_back(std::move(job));
  return record;
}

TEST(RunRecordTest, IsWrittenWithTheKeysOfTheOriginalAndOursAfterThem) {
  RunRecord record = run_of(1, {});
  record.status = RunStatus::suspended;
  record.pid = 42;
  record.log_file = ".swamp/log";
  record.tags = {{"kind", "tour"}};
  record.inputs = Map{{"n", 1}};
  record.resume_inputs = {"n"};
  record.initiated_by = "ada";
  record.instance_id = "i1";
  record.trigger_source = "manual";
  record.expressions = std::vector<std::string>{"inputs.n"};
  record.jobs[0].steps.push_back(
      {.name = "ask",
       .status = RunStatus::waiting_approval,
       .started_at = record.started_at,
       .output = Map{{"type", "workflow"}},
       .allowed_failure = true,
       .approval =
           ApprovalDecision{
               .approved = true, .decided_by = "ada", .decided_at = *record.started_at},
       .approval_prompt = "Go on?",
       .assertion =
           AssertResult{.passed = true, .expr = "1 == 1", .message = "m", .severity = "high"},
       .reason = "timeout",
       .attempts = 2});
  summarize(record);
  EXPECT_EQ(yaml::write(record.to_value()), R"(id: 00000001-0000-4000-8000-000000000000
workflowId: 2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50
workflowName: release
status: suspended
startedAt: '2026-01-02T03:04:06.678Z'
jobs:
  - jobName: build
    status: succeeded
    steps:
      - stepName: ask
        status: waiting_approval
        startedAt: '2026-01-02T03:04:06.678Z'
        output:
          type: workflow
        allowedFailure: true
        approvalDecision:
          approved: true
          decidedBy: ada
          decidedAt: '2026-01-02T03:04:06.678Z'
        approvalPrompt: Go on?
        assertResult:
          passed: true
          expr: 1 == 1
          message: m
          severity: high
        reason: timeout
        attempts: 2
tags:
  kind: tour
pid: 42
logFile: .swamp/log
inputs:
  'n': 1
resumeInputs:
  - 'n'
initiatedBy: ada
instanceId: i1
triggerSource: manual
stepProgress:
  completed: 0
  total: 1
expressions:
  - inputs.n
)");
  const auto document = yaml::parse(yaml::write(record.to_value()), "run");
  ASSERT_TRUE(document);
  EXPECT_EQ(RunRecord::from_value(document->to_value())->to_value(), record.to_value());
}

TEST(RunRecordTest, IsWrittenStepByStepAsItIsWrittenWhole) {
  RunRecord record = run_of(1, {{"a", RunStatus::succeeded}, {"b", RunStatus::failed}});
  EXPECT_EQ(record.to_yaml(), yaml::write(record.to_value()));
  record.jobs[0].reason = "timeout";
  record.jobs.push_back({.name = "later"});
  record.jobs.push_back({.name = "folded", .steps = {{.name = std::string(200, 'x') + " y"}}});
  EXPECT_EQ(record.to_yaml(), yaml::write(record.to_value()));
  record.jobs.clear();
  EXPECT_EQ(record.to_yaml(), yaml::write(record.to_value()));
}

TEST(RunRecordTest, SummarizesTheFirstFailureThatWasNotAllowed) {
  RunRecord record = run_of(1, {{"a", RunStatus::succeeded},
                                {"b", RunStatus::failed},
                                {"c", RunStatus::failed},
                                {"d", RunStatus::running}});
  record.jobs[0].steps[1].allowed_failure = true;
  summarize(record);
  EXPECT_EQ(record.failed_step, "c");
  EXPECT_EQ(record.failure_reason, "c broke");
  EXPECT_EQ(record.step_progress->completed, 3u);
  EXPECT_EQ(record.step_progress->total, 4u);
}

class RunStoreTest : public testing::Test {
 protected:
  TempDir folder;
  RunStore store{Layout::in(folder.path())};

  void save(RunRecord record, RunStore::Index index = RunStore::Index::update) {
    const auto saved = store.save(record, index);
    ASSERT_TRUE(saved) << message(saved);
  }
  std::string index_path() {
    return fmt::format(".swamp/workflow-runs/{}/.runs-index.json", kWorkflow);
  }
  std::string record_path(unsigned number) {
    return fmt::format(".swamp/workflow-runs/{}/workflow-run-{}.yaml", kWorkflow, run_id(number));
  }
  static std::vector<std::string> told(const RunStore::Listing& listing) {
    std::vector<std::string> lines;
    for (const RunSummary& run : listing.runs)
      lines.push_back(fmt::format("{} {}", run.id.substr(0, 8), to_string(run.status)));
    return lines;
  }
};

TEST_F(RunStoreTest, ARunIsSavedWithItsEntryInTheIndex) {
  save(run_of(1, {{"a", RunStatus::failed}}, RunStatus::failed));
  EXPECT_EQ(folder.read(index_path()),
            R"({"version":2,"entries":{"00000001-0000-4000-8000-000000000000":{"status":"failed",)"
            R"("workflowId":"2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50","workflowName":"release",)"
            R"("startedAt":"2026-01-02T03:04:06.678Z","tags":{},"inputs":{},"failedStep":"a",)"
            R"("failureReason":"a broke","stepProgress":{"completed":1,"total":1}}}})");
  EXPECT_EQ(store.load(kWorkflow, run_id(1))->failed_step, "a");
}

TEST_F(RunStoreTest, TheIndexWithOneMoreRunIsTheOneOfAllRuns) {
  RunIndex index;
  for (int i : {3, 1, 2}) {
    const RunSummary run = summary_of(run_of(i, {{"a", RunStatus::failed}}));
    const auto grown = RunIndex::with_new(index.to_json(), run);
    index.set(run);
    EXPECT_EQ(grown, index.to_json());
    EXPECT_EQ(RunIndex::with_new(index.to_json(), run), std::nullopt) << "it is there";
  }
  EXPECT_EQ(RunIndex::with_new("{\"version\": 2, \"entries\": {}}", summary_of(run_of(4, {}))),
            std::nullopt)
      << "written by somebody else";
  save(run_of(1, {}, RunStatus::suspended));
  save(run_of(2, {}));
  save(run_of(1, {}));
  EXPECT_THAT(told(store.list()), ElementsAre("00000002 succeeded", "00000001 succeeded"));
  EXPECT_EQ(RunIndex::from_json(folder.read(index_path()))->entries.size(), 2u);
}

TEST_F(RunStoreTest, RunsAreListedNewestFirst) {
  for (int i : {2, 3, 1})
    save(run_of(i, {}));
  EXPECT_THAT(told(store.list(kWorkflow)),
              ElementsAre("00000003 succeeded", "00000002 succeeded", "00000001 succeeded"));
  EXPECT_EQ(store.latest(kWorkflow).value()->id, run_id(3));
  EXPECT_FALSE(*store.latest("other"));
}

TEST_F(RunStoreTest, TheIndexMayBeLostBrokenOrBehind) {
  for (int i : {1, 2})
    save(run_of(i, {}));
  for (const char* index :
       {"", "{", R"({"version":1,"entries":{}})", R"({"version":2,"entries":{}})"}) {
    folder.write(index_path(), index);
    EXPECT_EQ(store.list().runs.size(), 2u) << index;
    EXPECT_EQ(RunIndex::from_json(folder.read(index_path()))->entries.size(), 2u)
        << "it was made again";
  }
}

TEST_F(RunStoreTest, ARecordKnowsMoreThanAnIndexThatSaysRunning) {
  save(run_of(1, {}, RunStatus::running));
  save(run_of(1, {}, RunStatus::succeeded), RunStore::Index::keep);
  EXPECT_THAT(told(store.list()), ElementsAre("00000001 succeeded"));
}

TEST_F(RunStoreTest, WhoLooksAtARunThatGoesOnWritesNothing) {
  save(run_of(1, {}, RunStatus::running), RunStore::Index::keep);
  EXPECT_THAT(told(store.list()), ElementsAre("00000001 running"));
  EXPECT_FALSE(std::filesystem::exists(folder / index_path()));
}

TEST_F(RunStoreTest, ARunIsFoundByTheBeginningOfItsId) {
  save(run_of(0xabc12345, {}));
  save(run_of(0xabd12345, {}));
  EXPECT_EQ(store.find("ABC")->id, run_id(0xabc12345));
  EXPECT_EQ(store.find(run_id(0xabd12345))->id, run_id(0xabd12345));
  EXPECT_EQ(store.find("abc12345-00")->id, run_id(0xabc12345)) << "dashes do not count";
  EXPECT_EQ(message(store.find("ab")), "run 'ab' does not exist") << "two digits are too few";
  EXPECT_EQ(message(store.find("release")), "run 'release' does not exist");
  save(run_of(0xabc22222, {}));
  const auto several = store.find("abc");
  EXPECT_EQ(message(several), "'abc' is the beginning of 2 ids");
  EXPECT_THAT(several.error().hint, HasSubstr(run_id(0xabc22222)));
}

TEST_F(RunStoreTest, OneBrokenRecordIsAWarning) {
  save(run_of(1, {}, RunStatus::running));
  save(run_of(2, {}));
  folder.write(record_path(1), "status: [");
  const auto listing = store.list();
  EXPECT_THAT(told(listing), ElementsAre("00000002 succeeded"));
  EXPECT_EQ(listing.warnings.size(), 1u);
}

TEST_F(RunStoreTest, RemovingARunTakesItsLogItsEntryAndAtLastTheFolder) {
  save(run_of(1, {}));
  save(run_of(2, {}));
  folder.write(fmt::format(".swamp/workflow-runs/{}/workflow-run-{}.log", kWorkflow, run_id(1)),
               "log");
  ASSERT_TRUE(store.remove(kWorkflow, run_id(1)));
  EXPECT_THAT(told(store.list()), ElementsAre("00000002 succeeded"));
  EXPECT_EQ(RunIndex::from_json(folder.read(index_path()))->entries.size(), 1u);
  ASSERT_TRUE(store.remove(kWorkflow, run_id(2)));
  EXPECT_TRUE(std::filesystem::is_empty(folder / ".swamp/workflow-runs"));
  EXPECT_EQ(message(store.remove(kWorkflow, run_id(2))),
            fmt::format("run '{}' does not exist", run_id(2)));
}

}  // namespace
}  // namespace swamp::store
