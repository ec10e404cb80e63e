// SPDX-License-Identifier: MIT
// label: threads
#include "salient/device/cpu.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"

namespace salient {
namespace {

/// run() with a function object.
void run(const cpu_pool& pool, int parts, const std::function<void(int)>& part) {
  auto* context = const_cast<std::function<void(int)>*>(&part);
  pool.run(parts, [](void* f, int i) { (*static_cast<const std::function<void(int)>*>(f))(i); }, context);
}

TEST(cpu_pool, runs_every_part_once) {
  for (int threads = 1; threads <= 8; ++threads) {
    const cpu_pool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (const int parts : {0, 1, 2, 7, 8, 9, 1000, 5000}) {
      std::vector<int> done(static_cast<std::size_t>(parts), 0);
      run(pool, parts, [&](int i) { ++done[static_cast<std::size_t>(i)]; });
      EXPECT_EQ(done, std::vector<int>(static_cast<std::size_t>(parts), 1)) << threads << " threads";
    }
  }
}

TEST(cpu_pool, works_on_as_many_threads_as_it_says) {
  const cpu_pool pool(4);
  std::atomic<int> arrived = 0;
  run(pool, 4, [&](int) {
    ++arrived;
    while (arrived < 4) std::this_thread::yield();  // ends only if all four run at the same time
  });
  EXPECT_EQ(arrived, 4);
}

TEST(cpu_pool, wakes_as_many_threads_as_there_are_parts) {
  for (const int threads : {2, 4}) {
    const cpu_pool pool(threads);
    for (int parts = 2; parts <= threads; ++parts) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the pool's threads go to sleep
      const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
      std::atomic<int> arrived = 0, alone = 0;
      run(pool, parts, [&](int) {
        ++arrived;
        while (arrived < parts && alone == 0) {
          if (std::chrono::steady_clock::now() > end) ++alone;
          std::this_thread::yield();
        }
      });
      EXPECT_EQ(alone, 0) << parts << " parts on " << threads
                          << " threads: one waited in vain for the others";
    }
  }
}

TEST(cpu_pool, rethrows_the_first_of_several_exceptions) {
  const cpu_pool pool(2);
  for (const int first : {0, 1}) {
    std::atomic<int> arrived = 0;
    try {
      run(pool, 2, [&](int i) {
        ++arrived;
        while (arrived < 2) std::this_thread::yield();
        if (i != first) std::this_thread::sleep_for(std::chrono::milliseconds(50));
        throw std::runtime_error("part " + std::to_string(i));
      });
      ADD_FAILURE() << "nothing thrown";
    } catch (const std::runtime_error& e) {
      EXPECT_EQ(e.what(), "part " + std::to_string(first));
    }
  }
}

TEST(cpu_pool, rethrows_a_parts_exception_and_goes_on) {
  for (const int threads : {1, 2, 8}) {
    const cpu_pool pool(threads);
    for (const int culprit : {0, 1, 5, 31}) {
      const auto part = [&](int i) {
        if (i == culprit) throw std::runtime_error("part " + std::to_string(i));
      };
      try {
        run(pool, 32, part);
        ADD_FAILURE() << "nothing thrown";
      } catch (const std::runtime_error& e) {
        EXPECT_EQ(e.what(), "part " + std::to_string(culprit));
      }
    }
    EXPECT_THROW(run(pool, 32, [](int) { throw 1; }), int);
    std::atomic<int> done = 0;
    run(pool, 100, [&](int) { ++done; });
    EXPECT_EQ(done, 100);
  }
}

TEST(cpu_pool, serves_many_callers_at_once) {
  const cpu_pool pool(3);
  std::vector<std::thread> callers;
  std::vector<long> sums(8, 0);
  for (std::size_t c = 0; c < sums.size(); ++c)
    callers.emplace_back([&, c] {
      for (int turn = 0; turn < 200; ++turn) {
        std::atomic<long> sum = 0;
        run(pool, 10, [&](int i) { sum += i; });
        sums[c] += sum;
      }
    });
  for (std::thread& t : callers) t.join();
  EXPECT_EQ(sums, std::vector<long>(8, 200 * 45));
}

TEST(cpu_pool, can_be_moved) {
  cpu_pool first(3);
  cpu_pool second(std::move(first));
  first = cpu_pool(2);
  std::atomic<int> done = 0;
  run(second, 10, [&](int) { ++done; });
  run(first, 10, [&](int) { ++done; });
  EXPECT_EQ(done, 20);
}

std::string message_of(int threads) {
  try {
    cpu_pool pool(threads);
    return "no error";
  } catch (const error& e) {
    return e.what();
  }
}

TEST(cpu_pool, refuses_impossible_numbers_of_threads) {
  const std::string limits = "cpu_pool: threads must be between 0 (one for each processor) and 1024, got ";
  for (const int threads : {-1, -2147483647, 1025, 2147483647})
    EXPECT_EQ(message_of(threads), limits + std::to_string(threads));
}

}  // namespace
}  // namespace salient
