#include "store/output_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/store_fixture.h"
#include "yaml/parse.h"
#include "yaml/write.h"

namespace swamp::store {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;

OutputRecord output(unsigned number) {
  return {.id = fmt::format("{:08x}-0000-4000-8000-000000000000", number),
          .definition_id = "d1",
          .method = "execute",
          .started_at = *parse_iso8601("2026-01-02T03:04:05.678Z") + std::chrono::seconds(number),
          .provenance = {
              .definition_hash = "h", .model_version = "2026.02.09.1", .triggered_by = "manual"}};
}

TEST(OutputRecordTest, IsWrittenWithTheKeysOfTheOriginalInItsOrder) {
  OutputRecord record = output(1);
  record.status = OutputStatus::failed;
  record.provenance.workflow_run_id = "r1";
  record.provenance.job_name = "main";
  record.provenance.attempt = 2;
  record.artifacts = {{.data_id = "x", .name = "log", .version = 1, .tags = {{"type", "file"}}}};
  record.completed_at = record.started_at;
  record.duration_ms = 0;
  record.error = OutputRecord::Failure{.message = "no", .stack = "at x"};
  record.log_file = ".swamp/outputs/x.log";
  record.pid = 7;
  EXPECT_EQ(yaml::write(record.to_value()), R"(id: 00000001-0000-4000-8000-000000000000
definitionId: d1
methodName: execute
status: failed
startedAt: '2026-01-02T03:04:06.678Z'
retryCount: 0
provenance:
  definitionHash: h
  modelVersion: 2026.02.09.1
  triggeredBy: manual
  workflowRunId: r1
  jobName: main
  attempt: 2
artifacts:
  dataArtifacts:
    - dataId: x
      name: log
      version: 1
      tags:
        type: file
completedAt: '2026-01-02T03:04:06.678Z'
durationMs: 0
error:
  message: 'no'
  stack: at x
logFile: .swamp/outputs/x.log
pid: 7
)");
  const auto document = yaml::parse(yaml::write(record.to_value()), "output");
  ASSERT_TRUE(document);
  EXPECT_EQ(OutputRecord::from_value(document->to_value())->to_value(), record.to_value());
}

class OutputStoreTest : public testing::Test {
 protected:
  TempDir folder;
  OutputStore store{Layout::in(folder.path())};

  std::filesystem::path write(const OutputRecord& record, std::string_view type = "command/shell") {
    const auto path = store.write(type, record);
    EXPECT_TRUE(path) << message(path);
    return path.value_or("");
  }
};

TEST_F(OutputStoreTest, ARecordLiesWhereTheOriginalPutsIt) {
  EXPECT_EQ(write(output(1)),
            folder / ".swamp/outputs/command/shell/execute/d1-2026-01-02T03-04-06-678Z.yaml");
  EXPECT_EQ(store.log_path("command/shell", "execute", "d1", output(1).started_at),
            folder / ".swamp/outputs/command/shell/execute/d1-2026-01-02T03-04-06-678Z.log");
}

TEST_F(OutputStoreTest, TwoCallsOfOneMillisecondBothKeepTheirRecord) {
  OutputRecord twin = output(1);
  twin.id = "00000002-0000-4000-8000-000000000000";
  write(output(1));
  EXPECT_EQ(write(twin).filename(), "d1-2026-01-02T03-04-06-678Z-2.yaml");
  EXPECT_EQ(store.list().outputs.size(), 2u);
}

TEST_F(OutputStoreTest, IsFoundByTheBeginningOfItsIdWhateverItsType) {
  write(output(0xabc00000), "@acme/cloud/pod");
  write(output(0xabd00000));
  const auto found = store.find("abc");
  ASSERT_TRUE(found) << message(found);
  EXPECT_EQ(found->type, "@acme/cloud/pod");
  EXPECT_EQ(message(store.find("ab0")), "output 'ab0' does not exist");
  EXPECT_EQ(message(store.find("a")), "output 'a' does not exist");
}

TEST_F(OutputStoreTest, ListsNewestFirstAndWarnsOfBrokenFiles) {
  for (unsigned i : {1u, 3u, 2u})
    write(output(i));
  folder.write(".swamp/outputs/command/shell/execute/d1-broken.yaml", "id: [");
  const auto listing = store.list();
  std::vector<std::string> ids;
  for (const auto& found : listing.outputs)
    ids.push_back(found.record.id.substr(0, 8));
  EXPECT_THAT(ids, ElementsAre("00000003", "00000002", "00000001"));
  ASSERT_EQ(listing.warnings.size(), 1u);
  EXPECT_THAT(listing.warnings[0].where->to_string(), HasSubstr("d1-broken.yaml"));
  EXPECT_TRUE(store.list("d2").outputs.empty());
  EXPECT_EQ(store.list("d1").outputs.size(), 3u);
}

TEST_F(OutputStoreTest, TheLatestOfADefinitionIsTheOneThatStartedLast) {
  OutputRecord other = output(9);
  other.method = "deploy";
  write(other);
  write(output(1));
  EXPECT_EQ(store.latest("command/shell", "d1").value()->record.id, other.id);
  EXPECT_FALSE(*store.latest("command/shell", "d2"));
}

TEST_F(OutputStoreTest, RemovingARecordTakesTheLogItNamesButNothingElse) {
  OutputRecord record = output(1);
  record.log_file = ".swamp/outputs/command/shell/execute/x.log";
  folder.write(record.log_file, "log");
  write(record);
  ASSERT_TRUE(store.remove(*store.find("00000001")));
  EXPECT_FALSE(std::filesystem::exists(folder / record.log_file));

  OutputRecord stray = output(2);
  stray.log_file = ".swamp/outputs/../../precious.log";
  folder.write("precious.log", "log");
  write(stray);
  const auto found = *store.find("00000002");
  ASSERT_TRUE(store.remove(found));
  EXPECT_TRUE(std::filesystem::exists(folder / "precious.log"));
  EXPECT_EQ(store.remove(found).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace swamp::store
