#include "repo/init.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "repo/managed_section.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace swamp::repo {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

std::vector<std::string> files_below(const fs::path& root) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    names.push_back(fs::relative(entry.path(), root).string() + (entry.is_directory() ? "/" : ""));
  }
  std::sort(names.begin(), names.end());
  return names;
}

struct InitTest : testing::Test {
  Result<InitReport> init(InitOptions options = {}) {
    options.version = "0.1.0";
    return init_repo(dir / "r", options, clock, ids);
  }
  Result<UpgradeReport> upgrade(UpgradeOptions options = {}) {
    options.version = "0.2.0";
    return upgrade_repo(dir / "r", options, clock);
  }

  test::TempDir dir;
  test::FakeClock clock;
  test::CountingIds ids;
};

TEST_F(InitTest, ANewRepositoryHasItsFoldersAndFiles) {
  const auto report = init();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(
      files_below(dir / "r"),
      ElementsAre(".gitignore", ".swamp.yaml", ".swamp/", ".swamp/audit/", ".swamp/data/",
                  ".swamp/definitions-evaluated/", ".swamp/outputs/", ".swamp/secrets/",
                  ".swamp/vault-bundles/", ".swamp/workflow-runs/", ".swamp/workflows-evaluated/",
                  "CLAUDE.md", "grants/", "models/", "vaults/", "workflows/"));
  EXPECT_EQ(dir.read("r/.swamp.yaml"), R"(swampVersion: 0.1.0
initializedAt: "2026-01-02T03:04:05.678Z"
repoId: 00000000-0000-4000-8000-000000000001
tools:
  - claude
gitignoreManaged: true
)");
  EXPECT_EQ(report->gitignore, FileAction::created);
  EXPECT_EQ(report->instructions, FileAction::created);
  EXPECT_EQ(report->changed_files, (std::vector<std::string>{".gitignore", "CLAUDE.md"}));
}

TEST_F(InitTest, TheGitignoreIsThatOfTheOriginal) {
  ASSERT_TRUE(init());
  EXPECT_EQ(dir.read("r/.gitignore"), R"(# BEGIN swamp managed section - DO NOT EDIT

# Runtime data (not needed in version control)
.swamp/

# Local extension sources (developer-specific, not shared)
.swamp-sources.yaml

# Claude Code configuration (managed by swamp)
.claude/worktrees/
.claude/settings.local.json
.claude/scheduled_tasks.lock
.claude/scheduled_tasks.json
# END swamp managed section
)");
}

TEST_F(InitTest, OnlyTheManagedSectionOfAUsersFileChanges) {
  dir.write("r/.gitignore", "node_modules/\n");
  dir.write("r/CLAUDE.md", "# Our rules\n");
  ASSERT_TRUE(init({.tools = {"claude"}}));
  EXPECT_THAT(dir.read("r/.gitignore"),
              testing::StartsWith("node_modules/\n\n# BEGIN swamp managed section"));
  EXPECT_THAT(dir.read("r/CLAUDE.md"),
              testing::EndsWith("<!-- END swamp managed section -->\n\n# Our rules\n"));
  const auto before = dir.read("r/.gitignore");
  const auto again = upgrade();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->gitignore, FileAction::unchanged);
  EXPECT_EQ(dir.read("r/.gitignore"), before);
}

TEST_F(InitTest, ASecondInitIsRefusedUnlessForced) {
  ASSERT_TRUE(init());
  const auto refused = init({.tools = {"kiro"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "'" + (dir / "r").string() + "' is a swamp repository already (for claude)");
  const auto forced = init({.tools = {"kiro", "kiro"}, .force = true});
  ASSERT_TRUE(forced);
  EXPECT_EQ(forced->tools, std::vector<std::string>{"kiro"});
  EXPECT_EQ(forced->removed_tools, std::vector<std::string>{"claude"});
  EXPECT_TRUE(fs::exists(dir / "r/CLAUDE.md"));
  EXPECT_TRUE(fs::exists(dir / "r/AGENTS.md"));
  // Data belongs to the id of the repository.
  EXPECT_THAT(dir.read("r/.swamp.yaml"),
              testing::HasSubstr("repoId: 00000000-0000-4000-8000-000000000001\n"));
}

TEST_F(InitTest, ToolsAreChecked) {
  EXPECT_EQ(init({.tools = {"cluade"}}).error().hint, "did you mean 'claude'?");
  EXPECT_EQ(init({.tools = {"none", "kiro"}}).error().message,
            "the tool 'none' goes with no other");
  EXPECT_FALSE(fs::exists(dir / "r"));
  const auto none = init({.tools = {"none"}});
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->tools.empty());
  EXPECT_EQ(none->instructions, FileAction::skipped);
}

TEST_F(InitTest, AnUpgradeKeepsReplacesOrClearsTheTools) {
  ASSERT_TRUE(init());
  EXPECT_EQ(upgrade()->tools, std::vector<std::string>{"claude"});
  const auto replaced = upgrade({.tools = {{"codex"}}});
  EXPECT_EQ(replaced->added_tools, std::vector<std::string>{"codex"});
  EXPECT_EQ(replaced->removed_tools, std::vector<std::string>{"claude"});
  EXPECT_EQ(replaced->previous_version, "0.2.0");
  const auto cleared = upgrade({.tools = std::vector<std::string>{}});
  EXPECT_TRUE(cleared->tools.empty());
  EXPECT_EQ(cleared->upgraded_at, "2026-01-02T03:04:05.678Z");
  EXPECT_THAT(dir.read("r/.swamp.yaml"),
              testing::HasSubstr("upgradedAt: \"2026-01-02T03:04:05.678Z\"\n"));
}

TEST_F(InitTest, AToolThatWeDoNotKnowStaysWhereItIs) {
  dir.write("r/.swamp.yaml", "swampVersion: 1.0.0\ninitializedAt: x\ntools: [homemade]\n");
  EXPECT_EQ(upgrade({.tools = {{"homemade", "claude"}}})->tools,
            (std::vector<std::string>{"homemade", "claude"}));
}

TEST_F(InitTest, AnUpgradeNeedsARepository) {
  EXPECT_EQ(upgrade().error().message, "not a swamp repository: " + (dir / "r").string());
  fs::create_directories(dir / "r/.swamp");
  EXPECT_EQ(upgrade().error().message,
            "'" + (dir / "r").string() + "' has a folder '.swamp' but no '.swamp.yaml'");
}

TEST_F(InitTest, AnUnmanagedGitignoreIsLeftAloneUnlessAskedFor) {
  dir.write("r/.swamp.yaml", "swampVersion: 1.0.0\ninitializedAt: x\n");
  EXPECT_EQ(upgrade()->gitignore, FileAction::skipped);
  EXPECT_EQ(upgrade({.include_gitignore = true})->gitignore, FileAction::created);
}

TEST_F(InitTest, OldLayoutsAreMovedAndNothingIsOverwritten) {
  dir.write("r/.swamp.yaml", "swampVersion: 1.0.0\ninitializedAt: x\n");
  dir.write("r/.swamp/definitions/acme/web/a.yaml", "old a");
  dir.write("r/.swamp/definitions/acme/web/b.yaml", "old b");
  dir.write("r/models/acme/web/b.yaml", "new b");
  fs::create_symlink("../../../.swamp/definitions/acme/web/a.yaml",
                     dir / "r/models/acme/web/a.yaml");
  dir.write("r/elsewhere.yaml", "mine");
  fs::create_symlink("../elsewhere.yaml", dir / "r/models/mine.yaml");
  dir.write("r/.swamp/data/acme/web/id/result/3/raw", "x");
  fs::create_directory_symlink("3", dir / "r/.swamp/data/acme/web/id/result/latest");
  const auto report = upgrade();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->changed_files, std::vector<std::string>{"models/acme/web/a.yaml"});
  EXPECT_EQ(dir.read("r/models/acme/web/a.yaml"), "old a");
  EXPECT_FALSE(fs::is_symlink(dir / "r/models/acme/web/a.yaml"));
  EXPECT_EQ(dir.read("r/models/acme/web/b.yaml"), "new b");
  EXPECT_EQ(dir.read("r/.swamp/definitions/acme/web/b.yaml"), "old b");
  EXPECT_TRUE(fs::is_symlink(dir / "r/models/mine.yaml"));
  EXPECT_FALSE(fs::is_symlink(dir / "r/.swamp/data/acme/web/id/result/latest"));
  EXPECT_EQ(dir.read("r/.swamp/data/acme/web/id/result/latest"), "3");
}

TEST(ManagedSectionTest, TheSectionIsReplacedWhereItStands) {
  const auto with = [](std::string_view file) {
    return with_section(file, kGitignoreMarks, "new\n", SectionPlace::bottom, ".gitignore");
  };
  const auto section = [](std::string_view body) {
    return fmt::format("{}\n{}{}\n", kGitignoreMarks.begin, body, kGitignoreMarks.end);
  };
  EXPECT_EQ(*with(""), section("new\n"));
  EXPECT_EQ(*with("a"), "a\n\n" + section("new\n"));
  EXPECT_EQ(*with("a\n" + section("old\n") + "b\n"), "a\n" + section("new\n") + "b\n");
  EXPECT_EQ(*with(fmt::format("a\n{}\nb\n", kGitignoreMarks.begin)),
            "a\n" + section("new\n") + "b\n");
  const auto twice = with(section("x\n") + section("y\n"));
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().message, "'.gitignore' has two managed sections");
}

TEST_F(InitTest, TheBlockOfOldVersionsIsReplaced) {
  dir.write("r/.swamp.yaml", "swampVersion: 1.0.0\ninitializedAt: x\ngitignoreManaged: true\n");
  dir.write("r/.gitignore", "mine\n\n# Swamp managed defaults\n.swamp/\n.claude/x\n\nalso-mine\n");
  ASSERT_TRUE(upgrade());
  EXPECT_THAT(dir.read("r/.gitignore"),
              testing::StartsWith("mine\n\n\nalso-mine\n\n# BEGIN swamp managed"));
}

}  // namespace
}  // namespace swamp::repo
