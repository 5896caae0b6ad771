#include "os/copy_tree.h"

#include <string>
#include <sys/stat.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "os/directory.h"
#include "support/temp_dir.h"

namespace swamp::os {
namespace {

namespace fs = std::filesystem;

TEST(CopyTreeTest, PermissionsTimesLinksAndEmptyFoldersSurvive) {
  test::TempDir dir;
  dir.write("from/bin/tool", "#!/bin/sh\n");
  ::chmod((dir / "from/bin/tool").c_str(), 0751);
  fs::create_directory(dir / "from/empty");
  fs::create_symlink("bin/tool", dir / "from/link");
  fs::create_symlink("nowhere", dir / "from/dangling");
  ::chmod((dir / "from/bin").c_str(), 0555);
  const auto time = fs::last_write_time(dir / "from/bin/tool") - std::chrono::hours(30);
  fs::last_write_time(dir / "from/bin/tool", time);

  ASSERT_TRUE(copy_tree(dir / "from/", dir / "deep/to"));
  EXPECT_EQ(dir.read("deep/to/bin/tool"), "#!/bin/sh\n");
  EXPECT_EQ(fs::status(dir / "deep/to/bin/tool").permissions(), fs::perms(0751));
  EXPECT_EQ(fs::status(dir / "deep/to/bin").permissions(), fs::perms(0555));
  EXPECT_EQ(fs::last_write_time(dir / "deep/to/bin/tool"), time);
  EXPECT_EQ(fs::read_symlink(dir / "deep/to/link"), "bin/tool");
  EXPECT_EQ(fs::read_symlink(dir / "deep/to/dangling"), "nowhere");
  EXPECT_TRUE(fs::is_empty(dir / "deep/to/empty"));
  EXPECT_TRUE(remove_tree(dir / "from"));
  EXPECT_TRUE(remove_tree(dir / "deep"));
}

TEST(CopyTreeTest, FoldersAreMergedAndFilesReplaced) {
  test::TempDir dir;
  dir.write("from/a", "new");
  dir.write("to/a", "old");
  dir.write("to/b", "stays");
  ASSERT_TRUE(copy_tree(dir / "from", dir / "to"));
  EXPECT_EQ(dir.read("to/a"), "new");
  EXPECT_EQ(dir.read("to/b"), "stays");
}

TEST(CopyTreeTest, ALargeFileArrivesWhole) {
  test::TempDir dir;
  std::string bytes;
  for (int i = 0; i < 300'000; ++i)
    bytes += fmt::format("{},", i);
  dir.write("large", bytes);
  ASSERT_TRUE(copy_tree(dir / "large", dir / "copy"));
  EXPECT_EQ(dir.read("copy"), bytes);
}

TEST(CopyTreeTest, AFileAndAFolderDoNotReplaceEachOther) {
  test::TempDir dir;
  dir.write("file", "");
  dir.write("folder/x", "");
  auto onto_folder = copy_tree(dir / "file", dir / "folder");
  EXPECT_EQ(onto_folder.error().code, ErrorCode::conflict);
  EXPECT_EQ(
      onto_folder.error().message,
      fmt::format("cannot write the file '{}': a folder is there", (dir / "folder").native()));
  auto onto_file = copy_tree(dir / "folder", dir / "file");
  EXPECT_EQ(onto_file.error().message,
            fmt::format("cannot make the folder '{}': a file is there", (dir / "file").native()));
  EXPECT_EQ(list_directory(dir.path())->size(), 2U);
}

TEST(CopyTreeTest, AFolderIsNotCopiedIntoItself) {
  test::TempDir dir;
  dir.write("a/f", "");
  fs::create_directory_symlink("a", dir / "b");
  EXPECT_EQ(copy_tree(dir / "a", dir / "a/copy").error().code, ErrorCode::invalid_input);
  EXPECT_EQ(copy_tree(dir / "a", dir / "b/copy").error().code, ErrorCode::invalid_input);
  EXPECT_TRUE(copy_tree(dir / "a", dir / "ab"));
}

TEST(CopyTreeTest, WhatIsNoFileIsRefusedByName) {
  test::TempDir dir;
  ::mkfifo((dir / "pipe").c_str(), 0600);
  auto result = copy_tree(dir / "pipe", dir / "copy");
  EXPECT_EQ(
      result.error().message,
      fmt::format("cannot copy '{}': it is a socket, a device or a FIFO", (dir / "pipe").native()));
  EXPECT_EQ(copy_tree(dir / "gone", dir / "copy").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace swamp::os
