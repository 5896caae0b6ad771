#include "repo/repo.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace swamp::repo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMarker = "swampVersion: 1.0.0\ninitializedAt: x\n";

TEST(RepoTest, TheFlagGoesBeforeTheVariableAndThatBeforeTheWorkingDirectory) {
  EXPECT_EQ(meant_folder({.flag = "/a", .environment = "/b", .working_directory = "/c"}), "/a");
  EXPECT_EQ(meant_folder({.environment = "/b/", .working_directory = "/c"}), "/b");
  EXPECT_EQ(meant_folder({.flag = "sub/../x", .working_directory = "/c"}), "/c/x");
  EXPECT_EQ(meant_folder({.flag = "", .environment = "", .working_directory = "/nowhere/at/all"}),
            "/nowhere/at/all");
}

TEST(RepoTest, TheNearestFolderAboveWithAMarkerIsMeant) {
  const test::TempDir dir;
  dir.write(".swamp.yaml", kMarker);
  dir.write("a/.swamp.yaml", kMarker);
  dir.write("a/b/c/file", "");
  EXPECT_EQ(meant_folder({.working_directory = dir / "a/b/c"}), dir / "a");
  EXPECT_EQ(meant_folder({.working_directory = dir.path()}), dir.path());
}

TEST(RepoTest, NobodyLooksBeyondTheTopOfAWorkTree) {
  const test::TempDir dir;
  dir.write(".swamp.yaml", kMarker);
  dir.write("clone/.git/HEAD", "");
  dir.write("clone/src/file", "");
  EXPECT_EQ(meant_folder({.working_directory = dir / "clone/src"}), dir / "clone/src");
  dir.write("clone/.swamp.yaml", kMarker);
  EXPECT_EQ(meant_folder({.working_directory = dir / "clone/src"}), dir / "clone");
}

TEST(RepoTest, AFolderWithoutAMarkerIsNoRepository) {
  const test::TempDir dir;
  const auto repo = Repo::find({.flag = dir.path().string(), .working_directory = "/"});
  ASSERT_FALSE(repo);
  EXPECT_EQ(repo.error().code, ErrorCode::not_found);
  EXPECT_EQ(repo.error().message, "not a swamp repository: " + dir.path().string());
  EXPECT_EQ(repo.error().hint,
            "run 'swamp repo init' to make it one, or name another with --repo-dir");
}

TEST(RepoTest, ABrokenMarkerIsSaidToBeSo) {
  const test::TempDir dir;
  dir.write(".swamp.yaml", "tools: 5\n");
  const auto repo = Repo::open(dir.path());
  ASSERT_FALSE(repo);
  EXPECT_EQ(repo.error().message, "'tools' must be a list, not a number");
  EXPECT_EQ(repo.error().notes, std::vector<std::string>{"opening " + dir.path().string()});
}

TEST(RepoTest, ThingsLieWhereTheOriginalHasThem) {
  const test::TempDir dir;
  dir.write(".swamp.yaml", kMarker);
  const auto repo = *Repo::open(dir.path());
  const auto type = *spec::TypeName::parse("@Acme/Web");
  const std::string id = "bc6cd9c0-d905-46d4-b0a3-31ec487c400c";
  EXPECT_EQ(repo.relative(definition_path(repo.models(), type, "site_1", id)),
            "models/@acme/web/site_1.yaml");
  EXPECT_EQ(repo.relative(definition_path(repo.models(), type, "@acme/site", id)),
            "models/@acme/web/" + id + ".yaml");
  EXPECT_EQ(workflow_file_name("nightly", id), "workflow-nightly.yaml");
  EXPECT_EQ(workflow_file_name("@acme/nightly", id), "workflow-" + id + ".yaml");
  EXPECT_EQ(repo.relative(fs::path("/elsewhere/x")), "/elsewhere/x");
}

}  // namespace
}  // namespace swamp::repo
