// What several processes, and processes that die, leave behind.
#include <csignal>
#include <ctime>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/artifact_store.h"
#include "store/artifact_tree.h"
#include "store/store_fixture.h"

namespace swamp::store {
namespace {

using namespace test;
using testing::IsEmpty;

class ArtifactCrashTest : public StoreTest {};

TEST_F(ArtifactCrashTest, TwoProcessesWritingOneNameNeverLoseAVersion) {
  constexpr int kEach = 150;
  const auto writer = [this](std::string_view who) {
    ArtifactStore store(options());
    for (int i = 0; i < kEach; ++i) {
      if (!store.write(draft("result", fmt::format("{} {}", who, i)))) return 1;
      if (i % 10 == 0 && !store.flush()) return 2;
    }
    return 0;
  };
  const pid_t first = fork_child([&] { return writer("first"); });
  const pid_t second = fork_child([&] { return writer("second"); });
  EXPECT_EQ(wait_for(first), 0);
  EXPECT_EQ(wait_for(second), 0);

  const ArtifactStore store(options());
  const auto found = list_artifacts(options().root);
  EXPECT_THAT(found.warnings, IsEmpty());
  std::set<std::string> contents;
  for (const Artifact& artifact : found.items) {
    EXPECT_EQ(store.verify(artifact), ArtifactStore::Check::good);
    contents.insert(store.content(artifact).value_or("?"));
  }
  EXPECT_EQ(contents.size(), 2u * kEach);
  EXPECT_EQ(found.items.back().metadata.version, 2u * kEach) << "no number is burnt";
  EXPECT_EQ(store.latest(key("result")).value()->metadata.version, 2u * kEach);
}

/// Writes without end: plain versions, streams, tombstones, renames, markers.
[[noreturn]] void write_for_ever(ArtifactStore& store) {
  for (int i = 0;; ++i) {
    (void)store.write(draft("result", std::string(static_cast<std::size_t>(i % 5000), 'x')));
    if (auto stream = store.begin_stream(draft("log", "line\n"))) {
      (void)(*stream)->append("more\n");
      (void)(*stream)->finalize();
    }
    if (i % 3 == 0) (void)store.flush();
    if (i % 7 == 0) (void)store.write_tombstone(key("result"), "delete");
    if (i % 11 == 0) {
      const auto versions = store.versions(key("result")).value_or(std::vector<std::uint32_t>{});
      if (versions.size() > 2) (void)store.remove_version(key("result"), versions.back());
    }
  }
}

TEST_F(ArtifactCrashTest, AKilledWriterLeavesNeitherHalfAnArtifactNorADanglingMarker) {
  std::mt19937 random(20261121);
  for (int round = 0; round < 20; ++round) {
    const pid_t child = fork_child([this]() -> int {
      ArtifactStore store(options());
      write_for_ever(store);
    });
    // Killed at some moment of its work: the moment is what is random here, nothing waits for it to
    // have come.
    const timespec moment{.tv_sec = 0, .tv_nsec = static_cast<long>(random() % 15'000'000)};
    ::nanosleep(&moment, nullptr);
    ::kill(child, SIGKILL);
    EXPECT_EQ(wait_for(child), -SIGKILL);

    const ArtifactStore store(options());
    const auto found = list_artifacts(options().root);
    EXPECT_THAT(found.warnings, IsEmpty());
    for (const Artifact& artifact : found.items) {
      EXPECT_EQ(store.verify(artifact), ArtifactStore::Check::good);
    }
    for (const char* name : {"result", "log"}) {
      const auto name_folder = folder / path_of(name);
      const auto marked = marked_version(name_folder);
      if (marked) {
        EXPECT_TRUE(read_metadata(name_folder / std::to_string(*marked)).value()) << *marked;
      }
      const auto versions = list_versions(name_folder);
      if (!versions.empty()) {
        EXPECT_EQ(newest_version(name_folder), versions.back());
      }
    }
  }
}

}  // namespace
}  // namespace swamp::store
