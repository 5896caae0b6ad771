#include <atomic>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/blocking_pool.h"
#include "async/cancellation.h"
#include "async/channel.h"
#include "async/event.h"
#include "async/guarded.h"
#include "async/signals.h"
#include "async/task_group.h"
#include "async/timeout.h"
#include "support/run.h"

namespace swamp {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using testing::ElementsAre;
using Log = std::vector<std::string>;

// Time limits

Task<int> answer() {
  co_return 42;
}

TEST(WithinTest, AResultInTimeIsThatOfTheTask) {
  EXPECT_EQ(test::run(within(1h, answer())), 42);
}

TEST(WithinTest, ALimitThatPassedIsNamedInTheError) {
  auto result = run_loop(within(2ms, sleep_for(1h)));
  EXPECT_EQ(result.error().code, ErrorCode::timed_out);
  EXPECT_EQ(result.error().message, "timed out after 2ms");
}

TEST(WithinTest, TheInnerLimitTellsTheInnerTime) {
  EXPECT_EQ(run_loop(within(1h, within(1ms, sleep_for(1h)))).error().message,
            "timed out after 1ms");
}

Task<> clean_up(Log& log) {
  auto result = co_await sleep_for(1h);
  log.push_back(std::string(to_string(result.error().code)));
  log.push_back(std::string(to_string((co_await sleep_for(1h)).error().code)));
  co_await acknowledge_cancellation();
  const auto slept = co_await sleep_for(1ms);
  log.push_back(slept ? "cleaned" : "could not wait");
  co_return result;
}

TEST(CancellationTest, ACancelledTaskCannotWaitAgainUntilItAcknowledges) {
  Log log;
  EXPECT_FALSE(run_loop(within(1ms, clean_up(log))));
  EXPECT_THAT(log, ElementsAre("cancelled", "cancelled", "cleaned"));
}

Task<> commit(Log& log) {
  log.push_back("begin");
  auto result = co_await sleep_for(3ms);
  log.push_back(result ? "end" : "torn");
  co_return result;
}

Task<> shield_commit(Log& log) {
  auto result = co_await shielded(commit(log));
  const bool was_asked = co_await is_cancelled();
  log.push_back(was_asked ? "was asked to stop" : "was left alone");
  co_return result;
}

TEST(CancellationTest, ShieldedWorkIsFinishedAndTheRequestIsRemembered) {
  Log log;
  EXPECT_EQ(run_loop(within(1ms, shield_commit(log))).error().code, ErrorCode::timed_out);
  EXPECT_THAT(log, ElementsAre("begin", "end", "was asked to stop"));
}

// Events

Task<> wait_and_say(Event& event, Log& log, std::string word) {
  SWAMP_CO_CHECK(co_await event.wait());
  log.push_back(word);
  co_return Result<>{};
}

Task<> wake_all(Log& log) {
  auto executor = co_await asio::this_coro::executor;
  Event event(executor);
  TaskGroup group(executor);
  group.spawn(wait_and_say(event, log, "a"));
  group.spawn(wait_and_say(event, log, "b"));
  SWAMP_CO_CHECK(co_await sleep_for(1ms));
  log.push_back("set");
  event.set();
  SWAMP_CO_CHECK(co_await group.join());
  co_return co_await event.wait();
}

TEST(EventTest, SettingWakesAllAndLaterWaitsReturnAtOnce) {
  Log log;
  EXPECT_TRUE(run_loop(wake_all(log)));
  EXPECT_THAT(log, ElementsAre("set", "a", "b"));
}

Task<> lose_event() {
  auto executor = co_await asio::this_coro::executor;
  auto event = std::make_unique<Event>(executor);
  TaskGroup group(executor);
  group.spawn(event->wait());
  SWAMP_CO_CHECK(co_await sleep_for(1ms));
  event.reset();
  co_return co_await group.join();
}

TEST(EventTest, WaitingForAnEventThatGoesEndsCancelled) {
  EXPECT_EQ(run_loop(lose_event()).error().code, ErrorCode::cancelled);
}

// Channels

Task<> produce(Channel<int>& channel, int count, std::size_t& longest) {
  for (int i = 0; i < count; ++i) {
    SWAMP_CO_CHECK(co_await channel.send(i));
    longest = std::max(longest, channel.size());
  }
  channel.close();
  co_return Result<>{};
}

Task<> consume(Channel<int>& channel, std::vector<int>& got) {
  for (;;) {
    SWAMP_CO_TRY(auto value, co_await channel.receive());
    if (!value) co_return Result<>{};
    got.push_back(*value);
  }
}

Task<> pump(std::vector<int>& got, std::size_t& longest) {
  auto executor = co_await asio::this_coro::executor;
  Channel<int> channel(executor, 2);
  TaskGroup group(executor);
  group.spawn(produce(channel, 100, longest));
  group.spawn(consume(channel, got));
  co_return co_await group.join();
}

TEST(ChannelTest, EverythingArrivesInOrderAndTheQueueStaysShort) {
  std::vector<int> got;
  std::size_t longest = 0;
  EXPECT_TRUE(run_loop(pump(got, longest)));
  EXPECT_EQ(got.size(), 100U);
  EXPECT_TRUE(std::is_sorted(got.begin(), got.end()));
  EXPECT_EQ(longest, 2U);
}

Task<> close_under_sender(Log& log) {
  Channel<int> channel(co_await asio::this_coro::executor, 1);
  log.push_back(channel.try_send(1) ? "room" : "full");
  log.push_back(channel.try_send(2) ? "room" : "full");
  log.push_back(std::string(to_string((co_await within(1ms, channel.send(3))).error().code)));
  channel.close();
  log.push_back((co_await channel.send(4)).error().message);
  SWAMP_CO_TRY(auto first, co_await channel.receive());
  SWAMP_CO_TRY(auto second, co_await channel.receive());
  log.push_back(first == 1 && !second ? "drained" : "lost");
  co_return Result<>{};
}

TEST(ChannelTest, AClosedChannelRefusesNewValuesAndGivesOutTheOldOnes) {
  Log log;
  EXPECT_TRUE(run_loop(close_under_sender(log)));
  EXPECT_THAT(log, ElementsAre("room", "full", "timed_out", "the other side has stopped listening",
                               "drained"));
}

// Threads

Result<std::thread::id> this_thread() {
  return std::this_thread::get_id();
}

TEST(BlockingPoolTest, WorkRunsOnAnotherThreadAndItsErrorComesBack) {
  BlockingPool pool(2);
  EXPECT_NE(test::run(pool.run<std::thread::id>(this_thread)), std::this_thread::get_id());
  auto result =
      test::run(pool.run<int>([]() -> Result<int> { return fail(ErrorCode::denied, "no"); }));
  EXPECT_EQ(result.error().message, "no");
}

Task<> count_up(BlockingPool& pool, Guarded<int>& sum) {
  std::function<Result<>()> work = [&sum]() -> Result<> {
    sum.with([](int& value) { ++value; });
    return {};
  };
  co_return co_await pool.run(std::move(work));
}

Task<> count_up_together(BlockingPool& pool, Guarded<int>& sum) {
  TaskGroup group(co_await asio::this_coro::executor);
  for (int i = 0; i < 500; ++i)
    group.spawn(count_up(pool, sum));
  co_return co_await group.join();
}

TEST(BlockingPoolTest, ManyJobsShareFewThreads) {
  BlockingPool pool(3);
  Guarded<int> sum;
  EXPECT_TRUE(run_loop(count_up_together(pool, sum)));
  EXPECT_EQ(sum.with([](int value) { return value; }), 500);
}

/// A job that ends only once its caller has been asked to stop.
Task<> cancel_during_job(BlockingPool& pool, std::atomic<bool>& open, bool& finished) {
  std::function<Result<>()> work = [&]() -> Result<> {
    open.wait(false);
    return {};
  };
  auto result = co_await pool.run(std::move(work));
  finished = result.has_value();
  co_return result;
}

Task<> open_later(std::atomic<bool>& open) {
  SWAMP_CO_CHECK(co_await sleep_for(3ms));
  open = true;
  open.notify_all();
  co_return Result<>{};
}

Task<> cancel_and_open(BlockingPool& pool, bool& finished) {
  std::atomic<bool> open = false;
  TaskGroup group(co_await asio::this_coro::executor);
  group.spawn(open_later(open));
  auto result = co_await within(1ms, cancel_during_job(pool, open, finished));
  SWAMP_CO_CHECK(co_await group.join());
  co_return result;
}

TEST(BlockingPoolTest, WorkThatHasBegunIsFinishedThoughItsCallerWasCancelled) {
  BlockingPool pool(1);
  bool finished = false;
  EXPECT_EQ(run_loop(cancel_and_open(pool, finished)).error().code, ErrorCode::timed_out);
  EXPECT_TRUE(finished);
}

// Signals

Task<int> raise_and_wait() {
  const int numbers[] = {SIGUSR1, SIGWINCH};
  SWAMP_CO_TRY(auto signals, Signals::open(co_await asio::this_coro::executor, numbers));
  ::raise(SIGWINCH);
  co_return co_await signals.next();
}

TEST(SignalsTest, ASignalIsAnEvent) {
  EXPECT_EQ(test::run(raise_and_wait()), SIGWINCH);
}

Task<> wait_for_signal() {
  const int numbers[] = {SIGUSR1};
  SWAMP_CO_TRY(auto signals, Signals::open(co_await asio::this_coro::executor, numbers));
  SWAMP_CO_TRY([[maybe_unused]] int number, co_await within(1ms, signals.next()));
  co_return Result<>{};
}

TEST(SignalsTest, WaitingForASignalCanBeLimited) {
  EXPECT_EQ(run_loop(wait_for_signal()).error().code, ErrorCode::timed_out);
}

Task<> open_bad_signal() {
  const int numbers[] = {SIGKILL};
  SWAMP_CO_TRY(auto signals, Signals::open(co_await asio::this_coro::executor, numbers));
  co_return Result<>{};
}

TEST(SignalsTest, ASignalThatCannotBeCaughtIsRefused) {
  EXPECT_EQ(run_loop(open_bad_signal()).error().code, ErrorCode::invalid_input);
}

}  // namespace
}  // namespace swamp
