// SPDX-License-Identifier: MIT
// label: cuda
#include "kernel/cuda/tiling.hpp"

#include <gtest/gtest.h>

namespace salient::kernel::cuda {
namespace {

constexpr long memory = 8L << 20;

TEST(tiling, covers_the_depth_in_parts_that_the_memory_holds) {
  for (const long rows : {1L, 7L, 49L, 196L, 3136L, 50176L, 401408L})
    for (const long columns : {1L, 3L, 10L, 64L, 130L, 512L, 4096L})
      for (const long depth : {1L, 9L, 27L, 64L, 577L, 4608L, 25088L})
        for (const bool vectors : {false, true})
          for (const int multiprocessors : {20, 132}) {
            const product_extent size{rows, columns, depth, 1, vectors, vectors};
            const tiling_choice choice = choose_tiling(size, multiprocessors, memory);
            const long each = long{choice.steps} * depth_of(choice.tile, choice.tensor_cores);
            ASSERT_GE(each * choice.splits, depth);
            ASSERT_LT(each * (choice.splits - 1), depth) << "a part without work";
            if (choice.splits > 1) {
              ASSERT_LE(choice.splits * rows * columns, memory);
            }
            if (!vectors) {
              ASSERT_TRUE(choice.tile != tiling::large && choice.tile != tiling::square);
            }
          }
}

TEST(tiling, fits_the_product) {
  constexpr int multiprocessors = 132;
  const auto choice = [&](long rows, long columns, long depth) {
    return choose_tiling({rows, columns, depth, 1, true, false}, multiprocessors, memory);
  };
  EXPECT_EQ(choice(401408, 128, 1152).tile, tiling::large);
  EXPECT_EQ(choice(401408, 128, 1152).splits, 1);
  EXPECT_EQ(choice(1, 4096, 25088).tile, tiling::flat);
  EXPECT_GT(choice(1, 4096, 25088).splits, 2) << "64 blocks leave half of the multiprocessors idle";
  EXPECT_GT(choice(196, 512, 4608).splits, 1);
  EXPECT_EQ(choice(50176, 3, 576).tile, tiling::narrow);
}

}  // namespace
}  // namespace salient::kernel::cuda
