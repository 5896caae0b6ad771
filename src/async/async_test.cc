#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/task_group.h"
#include "support/run.h"

namespace swamp {
namespace {

Task<> nothing() {
  co_return Result<>{};
}

Task<> two() {
  TaskGroup group(co_await asio::this_coro::executor);
  group.spawn(nothing());
  group.spawn(nothing());
  co_return co_await group.join();
}

TEST(TaskGroupTest, JoinWaitsForAll) {
  EXPECT_TRUE(run_loop(two()));
}

}  // namespace
}  // namespace swamp
