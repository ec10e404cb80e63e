// SPDX-License-Identifier: MIT
#include "device/thread_memory.hpp"

#include <malloc.h>
#include <thread>

#include <gtest/gtest.h>

namespace salient {
namespace {

TEST(thread_memory, lends_one_block_again_and_again) {
  thread_memory memory;
  void* const first = memory.borrow(100);
  memory.give_back(first);
  EXPECT_EQ(memory.borrow(1000), first);
  void* const second = memory.borrow(100);
  EXPECT_NE(second, first) << "the first is in use";
  memory.give_back(second);
  memory.give_back(first);
  EXPECT_EQ(memory.borrow(0), first);
  memory.give_back(first);
}

TEST(thread_memory, grows_and_stays_so) {
  thread_memory memory;
  memory.give_back(memory.borrow(10));  // a block of the default size, too small for the next request
  constexpr std::size_t large = std::size_t{32} << 20;
  auto* const block = static_cast<char*>(memory.borrow(large));
  ASSERT_GE(malloc_usable_size(block), large);
  block[0] = block[large - 1] = 1;
  memory.give_back(block);
  EXPECT_EQ(memory.borrow(large), block);
  memory.give_back(block);
}

TEST(thread_memory, may_be_given_to_a_thread) {
  thread_memory memory;
  void* const block = memory.borrow(10);
  memory.give_back(block);
  std::thread([&] {
    use_thread_memory(memory);
    void* const mine = borrow_thread_memory(10);
    EXPECT_EQ(mine, block);
    return_thread_memory(mine);
  }).join();
}

}  // namespace
}  // namespace salient
