// SPDX-License-Identifier: MIT
// label: threads
#include "device/block_cache.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace salient {
namespace {

/// Memory of limited size that counts the requests.
struct memory {
  std::size_t room = 1'000'000;
  int taken = 0, given = 0;
  std::vector<std::pair<void*, std::size_t>> out{};

  ~memory() {
    for (const auto& [start, bytes] : out)
      if (bytes > 0) std::free(start);
  }
};

struct source {
  memory* from;

  void* take(std::size_t bytes) const {
    if (bytes > from->room) return nullptr;
    from->room -= bytes;
    ++from->taken;
    from->out.emplace_back(std::malloc(bytes), bytes);
    return from->out.back().first;
  }
  void give(void* block) const {
    ++from->given;
    for (auto& [start, bytes] : from->out)
      if (start == block) from->room += std::exchange(bytes, 0);
    std::free(block);
  }
};

TEST(block_cache, hands_out_again_what_was_released) {
  memory m;
  block_cache<source> cache(source{&m});
  void* const first = cache.allocate(10'000);
  void* const second = cache.allocate(10'000);
  EXPECT_NE(first, second);
  cache.release(first);
  EXPECT_EQ(cache.allocate(10'000), first);
  EXPECT_EQ(m.taken, 2);
  cache.release(first);
  cache.release(second);
  for (int pass = 0; pass < 100; ++pass) {
    void* const a = cache.allocate(9'000);
    void* const b = cache.allocate(8'000);
    EXPECT_NE(a, b);
    cache.release(a);
    cache.release(b);
  }
  EXPECT_EQ(m.taken, 2) << "warmed up, it asks for nothing";
  EXPECT_EQ(m.given, 0);
}

TEST(block_cache, takes_the_smallest_block_that_fits_and_none_of_over_twice_the_size) {
  memory m;
  block_cache<source> cache(source{&m});
  void* const large = cache.allocate(30'000);
  void* const middle = cache.allocate(20'000);
  void* const small = cache.allocate(10'000);
  for (void* const block : {large, middle, small}) cache.release(block);
  EXPECT_EQ(cache.allocate(10'001), middle);
  EXPECT_EQ(cache.allocate(10'000), small);
  void* const another = cache.allocate(10'000);  // the only free block is three times as large
  EXPECT_TRUE(another != large && another != middle && another != small);
  EXPECT_EQ(cache.allocate(20'000), large);
  EXPECT_EQ(m.taken, 4);
}

TEST(block_cache, takes_the_smallest_of_several_that_fit) {
  for (const bool small_first : {false, true}) {
    memory m;
    block_cache<source> cache(source{&m});
    const std::size_t sizes[] = {small_first ? 12'000u : 15'000u, small_first ? 15'000u : 12'000u};
    void* const first = cache.allocate(sizes[0]);
    void* const second = cache.allocate(sizes[1]);
    cache.release(first);
    cache.release(second);
    EXPECT_EQ(cache.allocate(10'000), small_first ? first : second);
    EXPECT_EQ(cache.allocate(10'000), small_first ? second : first);
    EXPECT_EQ(m.taken, 2);
  }
}

TEST(block_cache, lets_small_requests_share_blocks) {
  memory m;
  block_cache<source> cache(source{&m});
  void* const tiny = cache.allocate(1);
  cache.release(tiny);
  EXPECT_EQ(cache.allocate(500), tiny);
  EXPECT_EQ(m.taken, 1);
}

TEST(block_cache, gives_back_what_it_keeps_before_it_fails) {
  memory m;
  block_cache<source> cache(source{&m});
  void* const used = cache.allocate(300'000);
  void* const kept = cache.allocate(300'000);
  cache.release(kept);
  EXPECT_NE(cache.allocate(700'000), nullptr) << "fits only where the kept block was";
  EXPECT_EQ(m.given, 1);
  EXPECT_EQ(cache.allocate(10'000), nullptr);
  cache.release(used);
  EXPECT_NE(cache.allocate(10'000), nullptr);
}

TEST(block_cache, gives_everything_back_at_its_end) {
  memory m;
  {
    block_cache<source> cache(source{&m});
    for (const std::size_t size : {1u, 600u, 5'000u, 70'000u}) cache.release(cache.allocate(size));
    EXPECT_LT(m.room, 1'000'000u);
    cache.trim();
    EXPECT_EQ(m.room, 1'000'000u);
    for (const std::size_t size : {1u, 600u, 5'000u, 70'000u}) cache.release(cache.allocate(size));
  }
  EXPECT_EQ(m.taken, m.given);
  EXPECT_EQ(m.room, 1'000'000u);
}

TEST(block_cache, serves_many_threads_at_once) {
  memory m;
  block_cache<source> cache(source{&m});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int turn = 0; turn < 100; ++turn) {
        const std::size_t size = 1'000u + static_cast<std::size_t>(turn % 7) * 500u;
        auto* const block = static_cast<unsigned char*>(cache.allocate(size));
        std::memset(block, t, size);
        std::this_thread::yield();
        ASSERT_EQ(std::count(block, block + size, t), static_cast<std::ptrdiff_t>(size))
            << "two threads were given one block";
        cache.release(block);
      }
    });
  for (std::thread& t : threads) t.join();
  EXPECT_LE(m.taken, 4 * 7) << "at most a block a thread of each size";
}

}  // namespace
}  // namespace salient
