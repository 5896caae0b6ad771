#pragma once

#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/artifact_store.h"
#include "store/catalog.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

// What the tests of this room share: a store in a temporary folder, drafts in one line, child
// processes.
namespace swamp::store::test {

using swamp::test::CountingIds;
using swamp::test::FakeClock;
using swamp::test::TempDir;

inline ArtifactKey key(std::string name, std::string model_id = "m1",
                       std::string type = "command/shell") {
  return {std::move(type), std::move(model_id), std::move(name)};
}

/// A JSON resource of model m1 that a run may have written.
inline Draft draft(std::string name, std::string content = "{}", std::string run = {},
                   std::string step = {}) {
  Draft made{.key = key(std::move(name)), .content = std::move(content)};
  made.tags = {{"type", "resource"}, {"modelName", "web"}};
  made.owner.ref = "m1";
  made.owner.workflow_run_id = std::move(run);
  made.owner.step_name = std::move(step);
  if (!made.owner.workflow_run_id.empty()) {
    made.owner.workflow_id = "w1";
    made.owner.job_name = "main";
  }
  return made;
}

/// A store, and a catalogue that it tells of everything.
class StoreTest : public testing::Test {
 protected:
  ArtifactStore::Options options() {
    return {.root = folder.path() / "data", .clock = &clock, .ids = &ids, .catalog = nullptr};
  }

  Artifact write(ArtifactStore& to, const Draft& made) {
    auto written = to.write(made);
    EXPECT_TRUE(written) << written.error().message;
    return written.value_or(Artifact{});
  }

  std::string path_of(std::string_view rest) const {
    return fmt::format("data/command/shell/m1/{}", rest);
  }
  bool exists(std::string_view rest) const {
    return std::filesystem::exists(folder / path_of(rest));
  }

  TempDir folder;
  FakeClock clock;
  CountingIds ids;
};

/// Runs `work` in a child process and returns how that ended: its exit status, or minus its signal.
inline int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

template <class Work>
pid_t fork_child(Work work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  return child;
}

template <class T>
std::string message(const Result<T>& result) {
  return result ? std::string() : result.error().message;
}

}  // namespace swamp::store::test
