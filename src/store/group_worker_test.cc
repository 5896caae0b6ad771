#include "store/group_worker.h"

#include <future>
#include <numeric>

#include <gtest/gtest.h>

namespace swamp::store {
namespace {

using std::chrono_literals::operator""h;
using Groups = std::vector<std::vector<int>>;

/// What became of the items that `push` handed to a worker whose patience outlasts every test.
Groups groups_of(const std::function<void(GroupWorker<int>&)>& push) {
  Groups groups;
  {
    GroupWorker<int> worker([&](std::vector<int> group) { groups.push_back(std::move(group)); },
                            1h);
    push(worker);
  }
  return groups;
}

TEST(GroupWorkerTest, ItemsThatMayWaitGoWithTheNextUrgentOne) {
  const auto groups = groups_of([](GroupWorker<int>& worker) {
    worker.push(1, Urgency::may_wait);
    worker.push(2, Urgency::may_wait);
    worker.push(3);
  });
  EXPECT_EQ(groups, (Groups{{1, 2, 3}}));
}

TEST(GroupWorkerTest, AWorkerThatGoesDoesNotWaitForMore) {
  const auto groups = groups_of([](GroupWorker<int>& worker) {
    worker.push(1, Urgency::may_wait);
    worker.push(2, Urgency::may_wait);
  });
  EXPECT_EQ(groups, (Groups{{1, 2}}));
}

TEST(GroupWorkerTest, PatienceEnds) {
  std::promise<std::vector<int>> first;
  GroupWorker<int> worker([&](std::vector<int> group) { first.set_value(std::move(group)); },
                          std::chrono::milliseconds(1));
  worker.push(1, Urgency::may_wait);
  EXPECT_EQ(first.get_future().get(), std::vector<int>{1});
}

TEST(GroupWorkerTest, AFullGroupIsNotKeptWaiting) {
  std::promise<int> first;
  int sum = 0;
  int seen = 0;
  GroupWorker<int> worker(
      [&](std::vector<int> group) {
        sum = std::accumulate(group.begin(), group.end(), sum);
        seen += static_cast<int>(group.size());
        if (seen == 256) first.set_value(sum);
      },
      1h);
  for (int i = 1; i <= 256; ++i) {
    worker.push(i, Urgency::may_wait);
  }
  EXPECT_EQ(first.get_future().get(), 256 * 257 / 2);
}

}  // namespace
}  // namespace swamp::store
