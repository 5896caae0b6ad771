#include "os/file.h"

#include <atomic>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/directory.h"
#include "support/temp_dir.h"

namespace swamp::os {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

/// Makes every file that grows beyond `bytes` an error while it lives, as a full disk does.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_{};
};

TEST(TemporaryFileTest, OnlyFilesWithoutANameOfTheirOwnAreRemoved) {
  test::TempDir dir;
  dir.write(".0a1b2c3d-0000-4000-8000-000000000000.tmp", "left by somebody who died");
  for (const char* kept : {".tmp", ".notes.tmp", "0a1b2c3d-0000-4000-8000-000000000000.tmp"})
    dir.write(kept, "somebody's");
  ASSERT_TRUE(remove_temporary_files(dir.path()));
  const auto entries = list_directory(dir.path());
  ASSERT_TRUE(entries);
  std::vector<std::string> names;
  for (const DirectoryEntry& entry : *entries)
    names.push_back(entry.name);
  EXPECT_THAT(names, ElementsAre(".notes.tmp", ".tmp", "0a1b2c3d-0000-4000-8000-000000000000.tmp"));
  EXPECT_TRUE(remove_temporary_files(dir / "nowhere"));
}

TEST(TemporaryFileTest, AWriterWhoseFileIsSweptAwayWritesItAgain) {
  test::TempDir dir;
  std::atomic<bool> done{false};
  std::thread sweeper([&] {
    while (!done)
      (void)remove_temporary_files(dir.path());
  });
  bool all_written = true;
  for (int i = 0; i < 500; ++i) {
    all_written &= write_file_atomically(dir / "f", std::to_string(i)).has_value();
    all_written &= write_new_file(dir / fmt::format("g{}", i), "new").has_value();
  }
  done = true;
  sweeper.join();
  EXPECT_TRUE(all_written);
  EXPECT_EQ(dir.read("f"), "499");
}

TEST(ReadFileTest, AllBytesComeBack) {
  test::TempDir dir;
  const std::string bytes("a\0b\n\xff", 5);
  dir.write("f", bytes);
  EXPECT_EQ(read_file(dir / "f"), bytes);
  dir.write("empty", "");
  EXPECT_EQ(read_file(dir / "empty"), "");
  EXPECT_FALSE(read_file("/proc/self/status")->empty());
}

TEST(ReadFileTest, ALimitIsKept) {
  test::TempDir dir;
  dir.write("f", "12345");
  EXPECT_TRUE(read_file(dir / "f", 5));
  auto result = read_file(dir / "f", 4);
  EXPECT_EQ(result.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(result.error().message,
            fmt::format("cannot read '{}': it has more than 4 bytes", (dir / "f").native()));
  EXPECT_FALSE(read_file("/proc/self/status", 10));
}

TEST(ReadFileTest, ErrorsNameThePathAndTheCause) {
  test::TempDir dir;
  auto gone = read_file(dir / "gone");
  EXPECT_EQ(gone.error().code, ErrorCode::not_found);
  EXPECT_EQ(gone.error().message,
            fmt::format("cannot read '{}': no such file or directory", (dir / "gone").native()));
  auto folder = read_file(dir.path());
  EXPECT_EQ(folder.error().message,
            fmt::format("cannot read '{}': is a directory", dir.path().native()));
  EXPECT_EQ(folder.error().hint, "name a file, not a folder");
}

TEST(WriteFileTest, AFileIsReplacedWholeAndKeepsItsPermissions) {
  test::TempDir dir;
  dir.write("f", "old");
  ::chmod((dir / "f").c_str(), 0640);
  EXPECT_TRUE(write_file_atomically(dir / "f", "new", Durability::synced));
  EXPECT_EQ(dir.read("f"), "new");
  EXPECT_EQ(mode_of(dir / "f"), 0640U);
  EXPECT_TRUE(write_file_atomically(dir / "f", "secret", Durability::none, kPrivateFile));
  EXPECT_EQ(mode_of(dir / "f"), 0600U);
  EXPECT_THAT(*list_directory(dir.path()), ElementsAre(DirectoryEntry{"f", EntryKind::file}));
}

TEST(WriteFileTest, AFailureLeavesTheOldFileAndNothingElse) {
  test::TempDir dir;
  dir.write("f", "old");
  {
    FileSizeLimit full(1000);
    auto result = write_file_atomically(dir / "f", std::string(100'000, 'x'));
    EXPECT_EQ(result.error().message,
              fmt::format("cannot write '{}': file too large", (dir / "f").native()));
  }
  EXPECT_EQ(dir.read("f"), "old");
  EXPECT_THAT(*list_directory(dir.path()), ElementsAre(DirectoryEntry{"f", EntryKind::file}));

  fs::create_directory(dir / "folder");
  EXPECT_FALSE(write_file_atomically(dir / "folder", "x"));
  EXPECT_EQ(list_directory(dir.path())->size(), 2U);
  EXPECT_EQ(write_file_atomically(dir / "no/such/f", "x").error().code, ErrorCode::not_found);
}

TEST(WriteFileTest, ANewFileNeverReplacesAnother) {
  test::TempDir dir;
  EXPECT_TRUE(write_new_file(dir / "f", "first"));
  auto second = write_new_file(dir / "f", "second");
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  EXPECT_EQ(second.error().message,
            fmt::format("cannot make '{}': file exists", (dir / "f").native()));
  EXPECT_EQ(dir.read("f"), "first");
  EXPECT_EQ(list_directory(dir.path())->size(), 1U);
}

TEST(FileIdentityTest, ItChangesWithTheFile) {
  test::TempDir dir;
  dir.write("f", "1");
  const auto before = identity_of(dir / "f");
  ASSERT_TRUE(before);
  EXPECT_EQ(*identity_of(dir / "f"), *before);
  EXPECT_TRUE(write_file_atomically(dir / "f", "2"));
  EXPECT_NE(*identity_of(dir / "f"), *before);
  EXPECT_EQ(identity_of(dir / "gone").error().code, ErrorCode::not_found);
}

TEST(FileIdentityTest, AnOpenFileHasTheSame) {
  test::TempDir dir;
  dir.write("f", "12");
  auto file = open_descriptor(dir / "f", 0, "read");
  ASSERT_TRUE(file);
  EXPECT_EQ(*identity_of(*file, dir / "f"), *identity_of(dir / "f"));
  EXPECT_EQ(identity_of(dir / "f")->size, 2U);
}

TEST(AbsenceTest, WhatIsNotThereIsToldApartFromWhatFails) {
  test::TempDir dir;
  dir.write("f", "text");
  EXPECT_EQ(*read_file_if_there(dir / "f"), "text");
  EXPECT_EQ(*read_file_if_there(dir / "gone"), std::nullopt);
  EXPECT_EQ(*read_file_if_there(dir / "f/below"), std::nullopt);
  EXPECT_EQ(read_file_if_there(dir.path()).error().message,
            fmt::format("cannot read '{}': is a directory", dir.path().native()));
  EXPECT_EQ(find_identity(dir / "gone"), std::nullopt);
  EXPECT_EQ(find_identity(dir / "f"), *identity_of(dir / "f"));
  EXPECT_TRUE(os::exists(dir / "f"));
  EXPECT_FALSE(os::exists(dir / "gone"));
  EXPECT_THAT(*list_if_there(dir.path()), ElementsAre(DirectoryEntry{"f", EntryKind::file}));
  EXPECT_THAT(find_entries(dir.path()), ElementsAre(DirectoryEntry{"f", EntryKind::file}));
  EXPECT_THAT(*list_if_there(dir / "gone"), IsEmpty());
  EXPECT_FALSE(list_if_there(dir / "f"));
  EXPECT_THAT(find_entries(dir / "gone"), IsEmpty());
  EXPECT_THAT(find_entries(dir / "f"), IsEmpty());
  EXPECT_EQ(*remove_file(dir / "f"), true);
  EXPECT_EQ(*remove_file(dir / "f"), false);
  EXPECT_FALSE(remove_file(dir.path()));
}

TEST(MakeFileTest, AFileThatIsThereIsNotTouched) {
  test::TempDir dir;
  EXPECT_TRUE(make_file(dir / "f", "one"));
  EXPECT_TRUE(sync_file(dir / "f"));
  EXPECT_EQ(make_file(dir / "f", "two").error().code, ErrorCode::conflict);
  EXPECT_EQ(dir.read("f"), "one");
}

TEST(DirectoryTest, ListingIsSortedAndTellsLinksFromFolders) {
  test::TempDir dir;
  dir.write("b", "");
  fs::create_directory(dir / "a");
  fs::create_directory_symlink("a", dir / "c");
  EXPECT_THAT(*list_directory(dir.path()), ElementsAre(DirectoryEntry{"a", EntryKind::directory},
                                                       DirectoryEntry{"b", EntryKind::file},
                                                       DirectoryEntry{"c", EntryKind::symlink}));
  EXPECT_EQ(list_directory(dir / "b").error().code, ErrorCode::invalid_input);
}

TEST(DirectoryTest, FoldersAreMadeWithThoseAbove) {
  test::TempDir dir;
  EXPECT_TRUE(make_directories(dir / "a/b/c"));
  EXPECT_TRUE(make_directories(dir / "a/b/c/"));
  EXPECT_TRUE(fs::is_directory(dir / "a/b/c"));
  dir.write("file", "");
  EXPECT_EQ(make_directories(dir / "file").error().hint,
            "a part of the path is a file, not a folder");
  EXPECT_FALSE(make_directories(dir / "file/below"));
}

TEST(RemoveTreeTest, LinksAreRemovedAndNotFollowed) {
  test::TempDir dir;
  dir.write("keep/f", "precious");
  dir.write("tree/sub/f", "");
  fs::create_directory_symlink(dir / "keep", dir / "tree/link");
  fs::create_directory_symlink(dir / "keep", dir / "top-link");
  EXPECT_TRUE(remove_tree(dir / "tree"));
  EXPECT_TRUE(remove_tree(dir / "top-link/"));
  EXPECT_TRUE(remove_tree(dir / "never-was"));
  EXPECT_THAT(*list_directory(dir.path()),
              ElementsAre(DirectoryEntry{"keep", EntryKind::directory}));
  EXPECT_EQ(dir.read("keep/f"), "precious");
}

TEST(RemoveTreeTest, WriteProtectedFoldersAreNoObstacle) {
  test::TempDir dir;
  dir.write("tree/cache/f", "");
  ::chmod((dir / "tree/cache").c_str(), 0500);
  EXPECT_TRUE(remove_tree(dir / "tree"));
  EXPECT_THAT(*list_directory(dir.path()), IsEmpty());
}

TEST(RemoveTreeTest, ATreeDeeperThanPathsMayBeIsRemoved) {
  test::TempDir dir;
  const std::string name(200, 'd');
  fs::create_directory(dir / "tree");
  // Built from the inside out: no path may be as long as the whole.
  for (int i = 0; i < 150; ++i) {
    fs::create_directory(dir / "outer");
    fs::rename(dir / "tree", dir / "outer" / name);
    fs::rename(dir / "outer", dir / "tree");
  }
  EXPECT_TRUE(remove_tree(dir / "tree"));
  EXPECT_THAT(*list_directory(dir.path()), IsEmpty());
}

TEST(SyncTest, FoldersAndFileSystemsAreSynced) {
  test::TempDir dir;
  EXPECT_TRUE(sync_directory(dir.path()));
  EXPECT_TRUE(sync_filesystem(dir.path()));
  EXPECT_EQ(sync_directory(dir / "gone").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace swamp::os
