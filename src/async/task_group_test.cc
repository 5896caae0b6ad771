#include "async/task_group.h"

#include <string>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/cancellation.h"
#include "async/event.h"
#include "async/timeout.h"
#include "support/run.h"

namespace swamp {
namespace {

using std::chrono::milliseconds;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;
using testing::ElementsAre;
using Log = std::vector<std::string>;

Task<> say(Log& log, std::string word) {
  log.push_back(std::move(word));
  co_return Result<>{};
}

/// Waits for ever, and tells when it stopped waiting.
Task<> wait_forever(Log& log, std::string name) {
  auto result = co_await sleep_for(24h);
  log.push_back(name + " " + std::string(to_string(result.error().code)));
  co_return result;
}

Task<> break_down(std::string message) {
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  co_return fail(ErrorCode::unavailable, message);
}

Task<> throw_up() {
  throw boost::system::system_error(asio::error::connection_reset);
  co_return Result<>{};
}

Task<> three_side_by_side(Log& log) {
  TaskGroup group(co_await asio::this_coro::executor);
  group.spawn(say(log, "a"));
  group.spawn(say(log, "b"));
  log.push_back("spawned");
  auto result = co_await group.join();
  log.push_back("left " + std::to_string(group.running()));
  co_return result;
}

TEST(TaskGroupTest, ChildrenRunInTheOrderOfSpawningOnceTheOwnerWaits) {
  Log log;
  EXPECT_TRUE(run_loop(three_side_by_side(log)));
  EXPECT_THAT(log, ElementsAre("spawned", "a", "b", "left 0"));
}

Task<> one_breaks(Log& log) {
  TaskGroup group(co_await asio::this_coro::executor);
  group.spawn(wait_forever(log, "sibling"));
  group.spawn(break_down("first"));
  group.spawn(break_down("second"));
  co_return co_await group.join();
}

TEST(TaskGroupTest, TheFirstErrorStopsTheSiblingsAndIsTheError) {
  Log log;
  auto result = run_loop(one_breaks(log));
  EXPECT_EQ(result.error().message, "first");
  EXPECT_THAT(log, ElementsAre("sibling cancelled"));
}

Task<> spawn_after_error(Log& log) {
  TaskGroup group(co_await asio::this_coro::executor);
  group.spawn(break_down("first"));
  auto ended = co_await group.next();
  log.push_back(ended.error().message);
  group.spawn(wait_forever(log, "latecomer"));
  co_return co_await group.join();
}

TEST(TaskGroupTest, AChildOfAStoppedGroupIsAskedToStopAtOnce) {
  Log log;
  EXPECT_EQ(run_loop(spawn_after_error(log)).error().message, "first");
  EXPECT_THAT(log, ElementsAre("first", "latecomer cancelled"));
}

Task<> owner_of(Log& log, bool with_next) {
  TaskGroup group(co_await asio::this_coro::executor);
  group.spawn(wait_forever(log, "child"));
  group.spawn(wait_forever(log, "other child"));
  auto wait = with_next ? group.next() : group.join();
  auto result = co_await std::move(wait);
  log.push_back("owner " + std::string(to_string(result.error().code)));
  co_return co_await group.join();
}

TEST(TaskGroupTest, ACancelledOwnerCancelsItsChildrenAndWaitsForThem) {
  for (const bool with_next : {true, false}) {
    Log log;
    auto result = run_loop(within(1ms, owner_of(log, with_next)));
    EXPECT_EQ(result.error().code, ErrorCode::timed_out);
    EXPECT_THAT(log, ElementsAre("child cancelled", "other child cancelled", "owner cancelled"));
  }
}

Task<> owner_cancelled_elsewhere(Log& log) {
  TaskGroup group(co_await asio::this_coro::executor);
  group.spawn(wait_forever(log, "child"));
  co_await sleep_for(24h);
  co_return co_await group.join();
}

TEST(TaskGroupTest, AnOwnerCancelledBeforeItJoinsDoesNotWaitForever) {
  Log log;
  EXPECT_EQ(run_loop(within(1ms, owner_cancelled_elsewhere(log))).error().code,
            ErrorCode::timed_out);
  EXPECT_THAT(log, ElementsAre("child cancelled"));
}

Task<> stop_a_helper(Log& log) {
  TaskGroup group(co_await asio::this_coro::executor);
  group.spawn(wait_forever(log, "helper"));
  group.cancel();
  co_return co_await group.join();
}

TEST(TaskGroupTest, ChildrenThatStopBecauseTheirOwnerAskedAreNoError) {
  Log log;
  EXPECT_TRUE(run_loop(stop_a_helper(log)));
  EXPECT_THAT(log, ElementsAre("helper cancelled"));
}

Task<> catch_exception() {
  TaskGroup group(co_await asio::this_coro::executor);
  group.spawn(throw_up());
  co_return co_await group.join();
}

TEST(TaskGroupTest, AnExceptionOfALibraryBecomesAnError) {
  EXPECT_EQ(run_loop(catch_exception()).error().code, ErrorCode::unavailable);
}

Task<> nexts(Log& log) {
  auto executor = co_await asio::this_coro::executor;
  TaskGroup group(executor);
  Event open(executor);
  group.spawn(say(log, "a"));
  group.spawn(open.wait());
  SWAMP_CO_CHECK(co_await group.next());
  log.push_back("left " + std::to_string(group.running()));
  group.spawn(say(log, "b"));
  SWAMP_CO_CHECK(co_await sleep_for(1ms));  // b ends while nobody waits for it
  SWAMP_CO_CHECK(co_await group.next());
  log.push_back("left " + std::to_string(group.running()));
  open.set();
  SWAMP_CO_CHECK(co_await group.next());
  SWAMP_CO_CHECK(co_await group.next());
  log.push_back("left " + std::to_string(group.running()));
  co_return Result<>{};
}

TEST(TaskGroupTest, NextMissesNoChildThatEndedMeanwhile) {
  Log log;
  EXPECT_TRUE(run_loop(nexts(log)));
  EXPECT_THAT(log, ElementsAre("a", "left 1", "b", "left 1", "left 0"));
}

Task<> nest(Log& log, int depth) {
  TaskGroup group(co_await asio::this_coro::executor);
  if (depth == 0) {
    group.spawn(wait_forever(log, "leaf"));
  } else {
    group.spawn(nest(log, depth - 1));
    group.spawn(nest(log, depth - 1));
  }
  co_return co_await group.join();
}

TEST(TaskGroupTest, CancellingReachesEveryDescendant) {
  Log log;
  EXPECT_EQ(run_loop(within(1ms, nest(log, 5))).error().code, ErrorCode::timed_out);
  EXPECT_EQ(log.size(), 32U);
}

Task<> many(int& ended) {
  TaskGroup group(co_await asio::this_coro::executor);
  struct Count {
    static Task<> one(int& count) {
      ++count;
      co_return Result<>{};
    }
  };
  for (int i = 0; i < 20'000; ++i)
    group.spawn(Count::one(ended));
  co_return co_await group.join();
}

TEST(TaskGroupTest, TwentyThousandChildrenAreNoTrouble) {
  int ended = 0;
  EXPECT_TRUE(run_loop(many(ended)));
  EXPECT_EQ(ended, 20'000);
}

}  // namespace
}  // namespace swamp
