#include <csignal>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/event.h"
#include "async/task_group.h"
#include "async/timeout.h"
#include "os/descriptor.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/file_lock.h"
#include "os/lock_table.h"
#include "os/process_info.h"
#include "support/run.h"
#include "support/temp_dir.h"

namespace swamp::os {
namespace {

namespace fs = std::filesystem;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;
using testing::ElementsAre;
using Log = std::vector<std::string>;

constexpr auto kExclusive = LockMode::exclusive;
constexpr auto kShared = LockMode::shared;

/// Another process that holds a lock until it is told to end.
class OtherProcess {
 public:
  explicit OtherProcess(const fs::path& path, LockMode mode = kExclusive) {
    auto ready = make_pipe();
    auto until = make_pipe();
    pid_ = ::fork();
    if (pid_ == 0) {
      until->write.close();
      auto lock = FileLock::try_lock(path, mode);
      if (lock && *lock && mode == kExclusive)
        (void)(*lock)->describe(LockHolder::self("swamp other"));
      (void)write_all(ready->write, "!", "pipe");
      char byte = 0;
      (void)!::read(until->read.get(), &byte, 1);
      ::_exit(0);
    }
    char byte = 0;
    EXPECT_EQ(::read(ready->read.get(), &byte, 1), 1);
    until_ = std::move(until->write);
  }
  ~OtherProcess() { kill(); }

  pid_t pid() const { return pid_; }

  /// It dies with the lock in its hands.
  void kill() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(std::exchange(pid_, -1), nullptr, 0);
    }
  }

 private:
  pid_t pid_ = -1;
  Descriptor until_;
};

bool can_take(const fs::path& path, LockMode mode) {
  auto lock = FileLock::try_lock(path, mode);
  return lock && lock->has_value();
}

std::size_t threads() {
  return list_directory("/proc/self/task")->size();
}

TEST(FileLockTest, SharedLocksGoTogetherAndExclusiveOnesAlone) {
  test::TempDir dir;
  const fs::path path = dir / "lock";
  auto first = FileLock::try_lock(path, kShared);
  ASSERT_TRUE(first && *first);
  EXPECT_TRUE(can_take(path, kShared));
  EXPECT_FALSE(can_take(path, kExclusive));
  (*first)->unlock();
  auto alone = FileLock::try_lock(path, kExclusive);
  EXPECT_FALSE(can_take(path, kShared));
  alone->reset();
  EXPECT_TRUE(can_take(path, kExclusive));
}

TEST(FileLockTest, ALockEndsWithItsProcess) {
  test::TempDir dir;
  OtherProcess other(dir / "lock");
  EXPECT_FALSE(can_take(dir / "lock", kExclusive));
  other.kill();
  EXPECT_TRUE(can_take(dir / "lock", kExclusive));
}

TEST(FileLockTest, TheHolderIsKnownForAsLongAsItHolds) {
  test::TempDir dir;
  auto lock = FileLock::try_lock(dir / "lock", kExclusive);
  EXPECT_EQ(read_lock_holder(dir / "lock"), std::nullopt);
  const LockHolder self = LockHolder::self("swamp workflow run release");
  EXPECT_TRUE((*lock)->describe(self));
  EXPECT_EQ(read_lock_holder(dir / "lock"), self);
  EXPECT_EQ(self.to_string(), fmt::format("'swamp workflow run release' (process {} on '{}')",
                                          ::getpid(), host_name()));
  lock->reset();
  EXPECT_EQ(read_lock_holder(dir / "lock"), std::nullopt);
}

TEST(FileLockTest, AHolderThatCrashedIsNotNamed) {
  test::TempDir dir;
  OtherProcess other(dir / "lock");
  EXPECT_EQ(read_lock_holder(dir / "lock")->command, "swamp other");
  other.kill();
  EXPECT_EQ(read_lock_holder(dir / "lock"), std::nullopt);
  dir.write("lock", R"({"pid":1,"host":"another machine","command":"c"})");
  EXPECT_EQ(read_lock_holder(dir / "lock")->host, "another machine");
  for (const char* text : {"", "{", "[]", R"({"pid":"1","host":"h","command":"c"})", "\xff\xfe"}) {
    dir.write("lock", text);
    EXPECT_EQ(read_lock_holder(dir / "lock"), std::nullopt) << text;
  }
}

TEST(FileLockTest, WhereNoFileCanBeMadeTheErrorSaysSo) {
  test::TempDir dir;
  auto lock = FileLock::try_lock(dir / "no/such/lock", kExclusive);
  EXPECT_EQ(lock.error().message, fmt::format("cannot lock '{}': no such file or directory",
                                              (dir / "no/such/lock").native()));
}

Task<> lock_for_a_moment(LockTable& table, fs::path path, LockMode mode, Log& log,
                         std::string name) {
  SWAMP_CO_TRY(auto lock, co_await table.lock(path, mode, LockWait()));
  log.push_back("+" + name);
  SWAMP_CO_CHECK(co_await sleep_for(1ms));
  log.push_back("-" + name);
  co_return Result<>{};
}

Task<> stand_in_line(fs::path path, Log& log) {
  LockTable table;
  TaskGroup group(co_await asio::this_coro::executor);
  group.spawn(lock_for_a_moment(table, path, kExclusive, log, "a"));
  group.spawn(lock_for_a_moment(table, path, kShared, log, "b"));
  group.spawn(lock_for_a_moment(table, path, kShared, log, "c"));
  group.spawn(lock_for_a_moment(table, path, kExclusive, log, "d"));
  group.spawn(lock_for_a_moment(table, path, kShared, log, "e"));
  co_return co_await group.join();
}

TEST(LockTableTest, TasksGetALockInTheOrderInWhichTheyAsked) {
  test::TempDir dir;
  Log log;
  EXPECT_TRUE(run_loop(stand_in_line(dir / "lock", log)));
  EXPECT_THAT(log, ElementsAre("+a", "-a", "+b", "+c", "-b", "-c", "+d", "-d", "+e", "-e"));
}

/// Ends the other process once it is seen that one thread waits for it on behalf of many tasks.
Task<> free_when_awaited(OtherProcess& other, std::size_t& threads_seen,
                         std::shared_ptr<Event> contended) {
  SWAMP_CO_CHECK(co_await contended->wait());
  SWAMP_CO_CHECK(co_await sleep_for(2ms));
  threads_seen = threads();
  other.kill();
  co_return Result<>{};
}

Task<> lock_and_tell(LockTable& table, fs::path path, std::shared_ptr<Event> contended, Log& log) {
  LockWait wait;
  wait.on_contended = [contended, &log](const std::optional<LockHolder>& holder) {
    log.push_back("waits for " + (holder ? holder->command : "?"));
    contended->set();
  };
  SWAMP_CO_TRY(auto lock, co_await table.lock(path, kExclusive, std::move(wait)));
  log.push_back("has it");
  co_return Result<>{};
}

Task<> wait_for_other(OtherProcess& other, fs::path path, std::size_t& threads_seen, Log& log) {
  auto executor = co_await asio::this_coro::executor;
  auto contended = std::make_shared<Event>(executor);
  LockTable table;
  TaskGroup group(executor);
  for (int i = 0; i < 3; ++i)
    group.spawn(lock_and_tell(table, path, contended, log));
  group.spawn(free_when_awaited(other, threads_seen, contended));
  co_return co_await group.join();
}

TEST(LockTableTest, WaitersAreWokenWhenTheOtherProcessDiesAndNeedOneThread) {
  test::TempDir dir;
  OtherProcess other(dir / "lock");
  const std::size_t before = threads();
  std::size_t while_waiting = 0;
  Log log;
  EXPECT_TRUE(run_loop(wait_for_other(other, dir / "lock", while_waiting, log)));
  EXPECT_THAT(log, ElementsAre("waits for swamp other", "has it", "has it", "has it"));
  EXPECT_EQ(while_waiting, before + 1);
  EXPECT_EQ(threads(), before);
}

Task<> take(fs::path path, LockMode mode, LockWait wait) {
  LockTable table;
  SWAMP_CO_TRY(auto lock, co_await table.lock(path, mode, std::move(wait)));
  co_return Result<>{};
}

TEST(LockTableTest, WaitingTooLongNamesTheHolderAndLeavesNoThread) {
  test::TempDir dir;
  OtherProcess other(dir / "lock");
  const std::size_t before = threads();
  auto result = run_loop(take(dir / "lock", kExclusive, LockWait{.limit = 5ms}));
  EXPECT_EQ(result.error().code, ErrorCode::timed_out);
  EXPECT_EQ(result.error().message, fmt::format("gave up waiting for the lock '{}' after 5ms: "
                                                "'swamp other' (process {} on '{}') holds it",
                                                (dir / "lock").native(), other.pid(), host_name()));
  EXPECT_EQ(threads(), before);
}

TEST(LockTableTest, AHolderThatSaysNothingIsAnotherProcess) {
  test::TempDir dir;
  OtherProcess other(dir / "lock", kShared);
  EXPECT_TRUE(run_loop(take(dir / "lock", kShared, LockWait{})));
  auto result = run_loop(take(dir / "lock", kExclusive, LockWait{.limit = 5ms}));
  EXPECT_THAT(result.error().message, testing::EndsWith("after 5ms: another process holds it"));
}

TEST(LockTableTest, AWaitCanBeCancelledAtAnyMoment) {
  test::TempDir dir;
  OtherProcess other(dir / "lock");
  const std::size_t before = threads();
  for (int i = 0; i < 200; ++i) {
    auto result = run_loop(
        within(std::chrono::milliseconds(i % 3), take(dir / "lock", kExclusive, LockWait())));
    ASSERT_EQ(result.error().code, ErrorCode::timed_out);
  }
  EXPECT_EQ(threads(), before);
  other.kill();
  EXPECT_TRUE(run_loop(take(dir / "lock", kExclusive, LockWait())));
}

Task<> give_up_in_line(fs::path path, Log& log) {
  LockTable table;
  SWAMP_CO_TRY(auto held, co_await table.lock(path, kShared, LockWait()));
  TaskGroup group(co_await asio::this_coro::executor);
  auto impatient = co_await within(1ms, table.lock(path, kExclusive, LockWait()));
  log.push_back(std::string(to_string(impatient.error().code)));
  group.spawn(lock_for_a_moment(table, path, kShared, log, "next"));
  SWAMP_CO_CHECK(co_await group.join());
  held.unlock();
  SWAMP_CO_TRY(auto alone, co_await table.lock(path, kExclusive, LockWait()));
  log.push_back("alone");
  co_return Result<>{};
}

TEST(LockTableTest, WhoGivesUpBlocksNobodyBehind) {
  test::TempDir dir;
  Log log;
  EXPECT_TRUE(run_loop(give_up_in_line(dir / "lock", log)));
  EXPECT_THAT(log, ElementsAre("timed_out", "+next", "-next", "alone"));
}

Task<> remove_then_free(OtherProcess& other, fs::path path, std::shared_ptr<Event> contended) {
  SWAMP_CO_CHECK(co_await contended->wait());
  SWAMP_CO_CHECK(co_await sleep_for(1ms));
  SWAMP_CO_CHECK(remove_file(path));
  other.kill();
  co_return Result<>{};
}

Task<> lock_removed_file(OtherProcess& other, fs::path path, Log& log) {
  auto executor = co_await asio::this_coro::executor;
  auto contended = std::make_shared<Event>(executor);
  LockTable table;
  TaskGroup group(executor);
  group.spawn(lock_and_tell(table, path, contended, log));
  group.spawn(remove_then_free(other, path, contended));
  SWAMP_CO_CHECK(co_await group.join());
  log.push_back(fs::exists(path) ? "file is there" : "file is gone");
  co_return Result<>{};
}

TEST(LockTableTest, ALockIsNeverOnAFileThatNobodyCanFind) {
  test::TempDir dir;
  OtherProcess other(dir / "lock");
  Log log;
  EXPECT_TRUE(run_loop(lock_removed_file(other, dir / "lock", log)));
  EXPECT_THAT(log, ElementsAre("waits for swamp other", "has it", "file is there"));
}

Task<> count_up(LockTable& table, fs::path dir, int times) {
  for (int i = 0; i < times; ++i) {
    SWAMP_CO_TRY(auto lock, co_await table.lock(dir / "lock", kExclusive, LockWait()));
    SWAMP_CO_TRY(const std::string text, read_file(dir / "count"));
    SWAMP_CO_CHECK(write_file_atomically(dir / "count", std::to_string(std::stoi(text) + 1)));
  }
  co_return Result<>{};
}

Task<> count_up_together(fs::path dir) {
  LockTable table;
  TaskGroup group(co_await asio::this_coro::executor);
  for (int i = 0; i < 4; ++i)
    group.spawn(count_up(table, dir, 25));
  co_return co_await group.join();
}

TEST(LockTableTest, FourProcessesOfFourTasksLoseNoUpdate) {
  test::TempDir dir;
  dir.write("count", "0");
  std::vector<pid_t> children;
  for (int i = 0; i < 3; ++i) {
    children.push_back(::fork());
    if (children.back() == 0) ::_exit(run_loop(count_up_together(dir.path())) ? 0 : 1);
  }
  EXPECT_TRUE(run_loop(count_up_together(dir.path())));
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(dir.read("count"), "400");
}

TEST(KernelLockTest, AnOpenFileIsLockedUntilItIsClosed) {
  test::TempDir dir;
  dir.write("f", "");
  auto first = open_lock_file(dir / "f");
  const auto second = open_lock_file(dir / "f");
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(*is_kernel_locked(*second, "f"));
  EXPECT_TRUE(*try_kernel_lock(*first, kExclusive, "f"));
  EXPECT_FALSE(*is_kernel_locked(*first, "f"));  // its own counts not
  EXPECT_TRUE(*is_kernel_locked(*second, "f"));
  EXPECT_FALSE(*try_kernel_lock(*second, kShared, "f"));
  first->close();
  EXPECT_TRUE(*try_kernel_lock(*second, kShared, "f"));
}

TEST(KernelLockTest, AFileThatWasRemovedIsNoLongerAtItsPath) {
  test::TempDir dir;
  const auto file = open_lock_file(dir / "f");
  EXPECT_TRUE(is_still_at(*file, dir / "f"));
  fs::remove(dir / "f");
  EXPECT_FALSE(is_still_at(*file, dir / "f"));
  dir.write("f", "");
  EXPECT_FALSE(is_still_at(*file, dir / "f"));
}

}  // namespace
}  // namespace swamp::os
