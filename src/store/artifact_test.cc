#include "store/artifact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "value/json.h"
#include "yaml/parse.h"
#include "yaml/write.h"

namespace swamp::store {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::string message(const Result<>& result) {
  return result ? "" : result.error().message;
}

Metadata whole_metadata() {
  return {.id = "0b1c2d3e-0000-4000-8000-000000000001",
          .name = "result",
          .version = 3,
          .content_type = "application/json",
          .lifetime = "30d",
          .retention = std::int64_t{5},
          .streaming = true,
          .tags = {{"type", "resource"}, {"modelName", "web"}},
          .owner = {.definition_hash = "abc",
                    .ref = "m1",
                    .workflow_id = "w1",
                    .workflow_run_id = "r1",
                    .workflow_name = "release",
                    .job_name = "build",
                    .step_name = "compile",
                    .source = "step-output",
                    .attempt = 2},
          .created_at = *parse_iso8601("2026-11-21T03:19:22.214Z"),
          .size = 10,
          .checksum = std::string(64, 'a'),
          .lifecycle = Lifecycle::deleted,
          .renamed_to = "other"};
}

TEST(TagsTest, KeepTheOrderInWhichNamesWereFirstSet) {
  Tags tags{{"type", "file"}, {"env", "dev"}};
  tags.set("team", "infra");
  tags.set("env", "prod");
  EXPECT_THAT(tags, ElementsAre(Pair("type", "file"), Pair("env", "prod"), Pair("team", "infra")));
}

TEST(TagsTest, NumbersInAFileMadeByHandAreTexts) {
  const auto tags = Tags::from_value(*parse_json(R"({"port": 80, "on": true})"));
  ASSERT_TRUE(tags);
  EXPECT_THAT(*tags, ElementsAre(Pair("port", "80"), Pair("on", "true")));
}

TEST(MetadataTest, IsWrittenWithTheKeysOfTheOriginalInItsOrder) {
  EXPECT_EQ(yaml::write(whole_metadata().to_value()), R"(id: 0b1c2d3e-0000-4000-8000-000000000001
name: result
version: 3
contentType: application/json
lifetime: 30d
garbageCollection: 5
streaming: true
tags:
  type: resource
  modelName: web
ownerDefinition:
  definitionHash: abc
  ownerType: model-method
  ownerRef: m1
  workflowId: w1
  workflowRunId: r1
  workflowName: release
  jobName: build
  stepName: compile
  source: step-output
  attempt: 2
createdAt: '2026-11-21T03:19:22.214Z'
size: 10
checksum: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
lifecycle: deleted
renamedTo: other
)");
}

TEST(MetadataTest, ReadsBackWhatItWrote) {
  const auto document = yaml::parse(yaml::write(whole_metadata().to_value()), "metadata.yaml");
  ASSERT_TRUE(document);
  EXPECT_EQ(Metadata::from_value(document->to_value()), whole_metadata());
}

TEST(MetadataTest, WithoutATypeTagIsRefused) {
  Metadata metadata = whole_metadata();
  metadata.tags.erase("type");
  const auto read = Metadata::from_value(metadata.to_value());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "metadata has no tag 'type'");
}

TEST(MetadataTest, TellsTheFirstKeyThatIsMissing) {
  const auto read = Metadata::from_value(*parse_json(R"({"id": "x", "name": "y"})"));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "metadata has no 'version'");
}

TEST(MetadataTest, ALifetimeOfZeroIsThatOfTheRun) {
  Metadata metadata = whole_metadata();
  metadata.lifetime = "0h";
  EXPECT_EQ(Metadata::from_value(metadata.to_value())->lifetime, "workflow");
}

TEST(DataNameTest, RefusesWhatCouldLeadElsewhere) {
  EXPECT_TRUE(check_data_name("report-2026.1"));
  EXPECT_EQ(message(check_data_name("")), "data name '' is empty");
  EXPECT_EQ(message(check_data_name("a..b")), "data name 'a..b' holds '..'");
  EXPECT_EQ(message(check_data_name("a/b")), "data name 'a/b' holds a slash, a backslash or a NUL");
  EXPECT_EQ(message(check_data_name("Latest")), "data name 'Latest' is reserved");
}

TEST(LifetimeTest, IsAWordOrAnAge) {
  EXPECT_EQ(check_lifetime("ephemeral"), "ephemeral");
  EXPECT_EQ(check_lifetime("10d"), "10d");
  EXPECT_EQ(check_lifetime("00w"), "workflow");
  EXPECT_FALSE(check_lifetime("10s"));
  EXPECT_FALSE(check_lifetime("Infinite"));
}

TEST(RetentionTest, IsACountOfAtLeastOneOrAnAgeAboveZero) {
  EXPECT_TRUE(check_retention(std::int64_t{1}));
  EXPECT_TRUE(check_retention("5d"));
  EXPECT_EQ(message(check_retention(std::int64_t{0})), "0 versions cannot be kept");
  EXPECT_EQ(message(check_retention("0d")), "'0d' is no age above zero");
}

TEST(ArtifactRefTest, IsWrittenAsRecordsHoldIt) {
  const Artifact artifact{.key = {"command/shell", "m1", "result"}, .metadata = whole_metadata()};
  EXPECT_EQ(write_json(artifact.ref().to_value()),
            R"({"dataId":"0b1c2d3e-0000-4000-8000-000000000001","name":"result","version":3,)"
            R"("tags":{"type":"resource","modelName":"web"}})");
}

}  // namespace
}  // namespace swamp::store
