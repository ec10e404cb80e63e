// SPDX-License-Identifier: MIT
// label: threads
#include "kernel/portable.hpp"

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace salient::kernel {
namespace {

template <class D>
std::set<std::pair<long, long>> slices_of(const D& device, long count, double cost) {
  std::set<std::pair<long, long>> result;
  std::mutex lock;
  slices(device, count, cost, [&](long first, long last) {
    const std::lock_guard guard(lock);
    EXPECT_TRUE(result.emplace(first, last).second);
  });
  return result;
}

TEST(portable, slices_cover_everything_once) {
  for (const int threads : {1, 2, 3, 8}) {
    const cpu_pool pool(threads);
    for (const long count : {1L, 2L, 7L, 8L, 9L, 1000L}) {
      long next = 0;
      for (const auto& [first, last] : slices_of(pool, count, 1e9)) {
        EXPECT_EQ(first, next);
        EXPECT_LT(first, last);
        next = last;
      }
      EXPECT_EQ(next, count);
    }
  }
}

TEST(portable, a_pool_splits_work_worth_it_and_no_other) {
  const cpu_pool pool(4);
  EXPECT_EQ(slices_of(pool, 1000, least_work).size(), 4u);
  EXPECT_EQ(slices_of(pool, 1000, 2.5 * least_work / 1000).size(), 2u);
  EXPECT_EQ(slices_of(pool, 1000, 0.9 * least_work / 1000).size(), 1u);
  EXPECT_EQ(slices_of(pool, 3, 1e9).size(), 3u);
  EXPECT_EQ(slices_of(cpu{}, 1000, 1e9).size(), 1u);
  EXPECT_TRUE(slices_of(pool, 0, 1e9).empty());
  EXPECT_TRUE(slices_of(cpu{}, 0, 1e9).empty());
}

TEST(portable, for_each_visits_every_item_once) {
  const cpu_pool pool(3);
  std::vector<int> visits(10'000, 0);
  for_each(pool, 10'000, 100, [&](long i) { ++visits[static_cast<std::size_t>(i)]; });
  for_each(cpu{}, 10'000, 100, [&](long i) { ++visits[static_cast<std::size_t>(i)]; });
  EXPECT_EQ(visits, std::vector<int>(10'000, 2));
}

}  // namespace
}  // namespace salient::kernel
