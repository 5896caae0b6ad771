#include "driver/raw/children.h"

#include <fcntl.h>
#include <string>
#include <unistd.h>

#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/task_group.h"
#include "async/timeout.h"
#include "driver/raw/proc_files.h"
#include "driver/raw/raw_process.h"
#include "os/directory.h"
#include "os/process_info.h"
#include "support/run.h"

namespace swamp::driver {
namespace {

constexpr EndOptions kDefaultEnd;

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using testing::IsEmpty;

ProcessSpec sh(std::string script) {
  return {.argv = {"sh", "-c", std::move(script)}};
}

/// Everything a process prints, until its pipes are closed and it has ended.
Task<std::string> output_of(Children& children, ProcessSpec spec) {
  SWAMP_CO_TRY(auto process, RawProcess::start(co_await asio::this_coro::executor, children, spec));
  std::string output;
  for (;;) {
    SWAMP_CO_TRY(auto chunk, co_await process->read());
    if (!chunk) break;
    output += chunk->bytes;
  }
  SWAMP_CO_TRY([[maybe_unused]] auto exit, co_await process->wait());
  co_return output;
}

Task<std::string> output_alone(ProcessSpec spec, std::optional<std::uint64_t> limit) {
  Children children(co_await asio::this_coro::executor, limit);
  co_return co_await output_of(children, spec);
}

std::string output(std::string script, std::optional<std::uint64_t> limit = std::nullopt) {
  return test::run(output_alone(sh(std::move(script)), limit)).value_or("failed");
}

/// Whoever started the test may have left something open for all its descendants.
void keep_what_we_inherited() {
  const auto descriptors = os::list_directory("/proc/self/fd");
  for (const os::DirectoryEntry& entry : *descriptors) {
    const int fd = std::stoi(entry.name);
    if (fd > 2) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
}

TEST(ChildrenTest, AProcessGetsNothingOfOursButItsStreams) {
  keep_what_we_inherited();
  EXPECT_EQ(output("ls -1 /proc/self/fd"), "0\n1\n2\n3\n");  // 3 is the folder that ls reads
}

TEST(ChildrenTest, AProcessStartsWithDefaultSignals) {
  // Signals 32 and 33 are the C library's own; posix_spawn of whoever started us may leave them
  // ignored.
  EXPECT_EQ(output("for set in SigBlk SigIgn; do"
                   " echo $(( 0x$(sed -n \"s/^$set:.//p\" /proc/self/status) & ~0x180000000 ));"
                   " done"),
            "0\n0\n");
}

TEST(ChildrenTest, AProcessLeadsAGroupOfItsOwn) {
  EXPECT_EQ(output("test $$ = $(cut -d' ' -f5 /proc/$$/stat) && echo leads"), "leads\n");
}

TEST(ChildrenTest, AProcessGetsTheLimitOfOpenFilesThatItIsMeantToHave) {
  EXPECT_EQ(output("ulimit -n", 123), "123\n");
  EXPECT_EQ(output("ulimit -n"), std::to_string(::sysconf(_SC_OPEN_MAX)) + "\n");
}

TEST(ChildrenTest, StreamsAreRightEvenWhereOursAreClosed) {
  const int kept = ::dup(0);
  ::close(0);
  ProcessSpec spec = sh("echo out; cat");
  EXPECT_EQ(test::run(output_alone(spec, std::nullopt)), "out\n");
  ::dup2(kept, 0);
  ::close(kept);
}

/// Ends once we have no children any more: neither living nor dead.
Task<> wait_until_childless() {
  while (!children_of_this_process().empty())
    SWAMP_CO_CHECK(co_await sleep_for(1ms));
  co_return Result<>{};
}

Task<> adopt_and_reap() {
  Children children(co_await asio::this_coro::executor);
  auto spec = sh("for i in 1 2 3; do (sleep 0.0$i & ) ; done >/dev/null 2>&1");
  SWAMP_CO_CHECK(co_await output_of(children, std::move(spec)));
  co_return co_await within(20s, wait_until_childless());
}

TEST(ChildrenTest, AdoptedChildrenThatDieAreReaped) {
  EXPECT_TRUE(test::run(adopt_and_reap()));
}

/// Starts a daemon with this mark; gives its number.
Task<std::int64_t> start_daemon(Children& children, std::string run) {
  auto spec = sh("setsid sleep 1000 >/dev/null 2>&1 & echo $!");
  spec.env["SWAMP_RUN"] = std::move(run);
  SWAMP_CO_TRY(const std::string pid, co_await output_of(children, std::move(spec)));
  co_return std::stoll(pid);
}

Task<std::string> end_one_run(Reach reach) {
  Children children(co_await asio::this_coro::executor);
  SWAMP_CO_TRY(const auto first, co_await start_daemon(children, "first"));
  SWAMP_CO_TRY(const auto second, co_await start_daemon(children, "second"));
  const std::map<std::string, std::string> marks{{"SWAMP_RUN", "first"}};
  SWAMP_CO_CHECK(co_await children.end_marked(marks, reach, kDefaultEnd));
  std::string lives = os::is_process_alive(first) ? "first lives, " : "first is gone, ";
  lives += os::is_process_alive(second) ? "second lives" : "second is gone";
  const std::map<std::string, std::string> others{{"SWAMP_RUN", "second"}};
  SWAMP_CO_CHECK(co_await children.end_marked(others, reach, kDefaultEnd));
  if (os::is_process_alive(second)) co_return fail(ErrorCode::internal, "still there");
  co_return lives;
}

TEST(ChildrenTest, WhatARunLeftBehindIsEndedByItsMark) {
  EXPECT_EQ(test::run(end_one_run(Reach::adopted)), "first is gone, second lives");
  EXPECT_EQ(test::run(end_one_run(Reach::whole_machine)), "first is gone, second lives");
}

Task<std::string> end_below_a_leader() {
  auto executor = co_await asio::this_coro::executor;
  Children children(executor);
  auto spec = sh("exec 2>/dev/null; sleep 1000 & echo started; wait $!; echo \"ended with $?\"");
  spec.env["SWAMP_RUN"] = "whole machine";
  SWAMP_CO_TRY(auto process, RawProcess::start(executor, children, spec));
  SWAMP_CO_TRY(auto started, co_await process->read());
  const std::map<std::string, std::string> marks{{"SWAMP_RUN", "whole machine"}};
  SWAMP_CO_CHECK(co_await children.end_marked(marks, Reach::whole_machine, kDefaultEnd));
  SWAMP_CO_TRY(auto ended, co_await process->read());
  SWAMP_CO_TRY([[maybe_unused]] auto exit, co_await process->wait());
  co_return ended->bytes;
}

TEST(ChildrenTest, TheWholeMachineIsSearchedButOurOwnLeadersAreLeftAlone) {
  EXPECT_EQ(test::run(end_below_a_leader()), "ended with 143\n");
}

TEST(ChildrenTest, NothingIsEndedWithoutAMark) {
  EXPECT_FALSE(carries_marks(::getpid(), {}));
  EXPECT_FALSE(carries_marks(::getpid(), {"SWAMP_RUN=never set"}));
}

}  // namespace
}  // namespace swamp::driver
