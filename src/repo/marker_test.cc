#include "repo/marker.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace swamp::repo {
namespace {

constexpr std::string_view kOriginal = R"(swampVersion: 20260206.200442.0
initializedAt: "2026-11-20T21:28:57.098Z"
repoId: bb51fbdc-1a69-463f-b077-9eb6623c2b44
tools:
  - claude
gitignoreManaged: true
)";

TEST(MarkerTest, AMarkerOfTheOriginalIsReadAndWrittenBackByteForByte) {
  const auto marker = parse_marker(std::string(kOriginal), ".swamp.yaml");
  ASSERT_TRUE(marker) << marker.error().message;
  EXPECT_EQ(marker->swamp_version, "20260206.200442.0");
  EXPECT_EQ(marker->initialized_at, "2026-11-20T21:28:57.098Z");
  EXPECT_EQ(marker->repo_id, "bb51fbdc-1a69-463f-b077-9eb6623c2b44");
  EXPECT_EQ(marker->tools, std::vector<std::string>{"claude"});
  EXPECT_TRUE(marker->gitignore_managed);
  EXPECT_EQ(marker->trusted_collectives, std::vector<std::string>{"swamp"});
  EXPECT_EQ(encode_marker(*marker), kOriginal);
}

TEST(MarkerTest, EveryKeyThatCountsIsRead) {
  const auto marker = parse_marker(R"(swampVersion: 1.2.3-dev
initializedAt: 2026-01-02T03:04:05.678Z
upgradedAt: 2026-02-02T03:04:05.678Z
repoId: bb51fbdc-1a69-463f-b077-9eb6623c2b44
tools: []
logLevel: debug
trustedCollectives: [swamp, acme]
trustMemberCollectives: true
autoGc: true
defaultVault: main
defaultDriver: docker
defaultDriverConfig: {image: alpine}
datastore: {type: filesystem, path: /d}
permissions: {net: true}
)",
                                   ".swamp.yaml");
  ASSERT_TRUE(marker) << marker.error().message;
  EXPECT_EQ(marker->swamp_version, "1.2.3");
  EXPECT_EQ(marker->upgraded_at, "2026-02-02T03:04:05.678Z");
  EXPECT_TRUE(marker->tools.empty());
  EXPECT_EQ(marker->log_level, "debug");
  EXPECT_EQ(marker->trusted_collectives, (std::vector<std::string>{"swamp", "acme"}));
  EXPECT_TRUE(marker->trust_member_collectives);
  EXPECT_TRUE(marker->auto_gc);
  EXPECT_EQ(marker->default_vault, "main");
  EXPECT_EQ(marker->default_driver, "docker");
  EXPECT_EQ(marker->default_driver_config["image"], Value("alpine"));
  EXPECT_EQ(marker->datastore["path"], Value("/d"));
  EXPECT_EQ(marker->permissions["net"], Value(true));
}

TEST(MarkerTest, AnOldMarkerWithOneToolIsMigrated) {
  const auto one = *parse_marker("swampVersion: 1.0.0\ninitializedAt: x\ntool: kiro\n", "m");
  EXPECT_EQ(one.tools, std::vector<std::string>{"kiro"});
  EXPECT_EQ(encode_marker(one), "swampVersion: 1.0.0\ninitializedAt: x\ntools:\n  - kiro\n");
  EXPECT_TRUE(parse_marker("tool: none\n", "m")->tools.empty());
  EXPECT_EQ(parse_marker("tool: kiro\ntools: [claude]\n", "m")->tools,
            std::vector<std::string>{"claude"});
}

TEST(MarkerTest, UnknownKeysAreKeptBehindTheKnown) {
  auto marker = *parse_marker(
      "colour: red\nlastStalenessWarning: y\nswampVersion: 1.0.0\nmodelsDir: m\n", "m");
  marker.repo_id = "bb51fbdc-1a69-463f-b077-9eb6623c2b44";
  marker.auto_gc = true;
  EXPECT_EQ(encode_marker(marker), R"(swampVersion: 1.0.0
repoId: bb51fbdc-1a69-463f-b077-9eb6623c2b44
modelsDir: m
tools: []
autoGc: true
lastStalenessWarning: "y"
colour: red
)");
}

TEST(MarkerTest, WrongTypesAreToldAtTheirPlaces) {
  const auto marker = parse_marker("tools: claude\nautoGc: sometimes\n", ".swamp.yaml");
  ASSERT_FALSE(marker);
  EXPECT_EQ(marker.error().message, "'tools' must be a list, not a string");
  EXPECT_EQ(marker.error().where->to_string(), ".swamp.yaml:1:8");
  ASSERT_EQ(marker.error().also.size(), 1U);
  EXPECT_EQ(marker.error().also[0].message, "'autoGc' must be true or false, not a string");
  EXPECT_FALSE(parse_marker("- a\n", "m"));
}

TEST(MarkerTest, AMissingMarkerIsNotFound) {
  const test::TempDir dir;
  EXPECT_EQ(read_marker(dir.path()).error().code, ErrorCode::not_found);
  ASSERT_TRUE(write_marker(dir.path(), *parse_marker(std::string(kOriginal), "m")));
  EXPECT_EQ(dir.read(".swamp.yaml"), kOriginal);
}

}  // namespace
}  // namespace swamp::repo
