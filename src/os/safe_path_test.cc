#include "os/safe_path.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace swamp::os {
namespace {

namespace fs = std::filesystem;

class SafePathTest : public testing::Test {
 protected:
  SafePathTest() {
    dir_.write("repo/models/a.yaml", "");
    dir_.write("outside/secret", "");
    fs::create_directory_symlink("../outside", dir_ / "repo/escape");
    fs::create_symlink("../outside/not-yet", dir_ / "repo/dangling");
    fs::create_directory_symlink("models", dir_ / "repo/inner");
    fs::create_symlink("loop", dir_ / "repo/loop");
  }

  bool is_safe(std::string_view target) { return safe_path(dir_ / "repo", target).has_value(); }

  test::TempDir dir_;
};

TEST_F(SafePathTest, WhatLiesWithinIsGivenBackAsItReallyIs) {
  EXPECT_EQ(safe_path(dir_ / "repo", "inner/a.yaml"), fs::canonical(dir_ / "repo/models/a.yaml"));
  EXPECT_EQ(safe_path(dir_ / "repo", "models/new/b.yaml"),
            fs::canonical(dir_ / "repo") / "models/new/b.yaml");
  EXPECT_TRUE(is_safe("."));
  EXPECT_TRUE(is_safe("models/../models"));
  EXPECT_TRUE(safe_path(dir_ / "repo", dir_ / "repo/models"));
}

TEST_F(SafePathTest, DotsAndLinksThatLeadOutAreRefused) {
  auto result = safe_path(dir_ / "repo", "../outside/secret");
  EXPECT_EQ(result.error().code, ErrorCode::denied);
  EXPECT_EQ(result.error().message,
            "'../outside/secret' leads out of '" + (dir_ / "repo").native() + "'");
  EXPECT_FALSE(is_safe("escape/secret"));
  EXPECT_FALSE(is_safe("escape/../models"));
  EXPECT_FALSE(is_safe("models/../../outside"));
  EXPECT_FALSE(is_safe("/etc/passwd"));
}

TEST_F(SafePathTest, ALinkToWhereNothingIsYetIsFollowedToo) {
  EXPECT_FALSE(is_safe("dangling"));
}

TEST_F(SafePathTest, AFolderWhoseNameOnlyBeginsAlikeIsOutside) {
  fs::create_directory(dir_ / "repo-other");
  EXPECT_FALSE(safe_path(dir_ / "repo", dir_ / "repo-other/x"));
}

TEST_F(SafePathTest, CirclesAndNulAreRefused) {
  EXPECT_EQ(safe_path(dir_ / "repo", "loop").error().code, ErrorCode::invalid_input);
  EXPECT_EQ(safe_path(dir_ / "repo", std::string_view("a\0b", 3)).error().code,
            ErrorCode::invalid_input);
}

}  // namespace
}  // namespace swamp::os
