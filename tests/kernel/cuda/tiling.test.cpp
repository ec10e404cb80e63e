// SPDX-License-Identifier: MIT
// label: cuda
#include "kernel/cuda/tiling.hpp"

#include <gtest/gtest.h>

namespace salient::kernel::cuda {
namespace {

constexpr multiprocessors hopper{132, 233'472, 232'448, 8L << 20}, ada{60, 102'400, 101'376, 8L << 20},
    turing{40, 65'536, 65'536, 8L << 20};

TEST(tiling, covers_the_depth_in_parts_that_the_memory_holds) {
  for (const multiprocessors& gpu : {hopper, ada, turing})
    for (const long rows : {1L, 7L, 49L, 196L, 3136L, 50176L, 401408L})
      for (const long columns : {1L, 3L, 10L, 64L, 130L, 512L, 4096L})
        for (const long depth : {1L, 9L, 27L, 64L, 577L, 4608L, 25088L})
          for (const bool vectors : {false, true})
            for (const bool adjoint : {false, true}) {
              const tiling_choice choice =
                  choose_tiling({rows, columns, depth, 1, adjoint, vectors, vectors}, gpu);
              const block_memory memory = memory_of(choice.tile, adjoint, choice.tensor_cores);
              const long each = long{choice.steps} * memory.depth;
              ASSERT_GE(each * choice.splits, depth);
              ASSERT_LT(each * (choice.splits - 1), depth) << "a part without work";
              ASSERT_LE(memory.bytes(), gpu.shared_bytes_block);
              if (choice.splits > 1) {
                ASSERT_LE(choice.splits * rows * columns, gpu.partial_sums);
              }
              if (!vectors) {
                ASSERT_NE(choice.tile, tiling::square);
              }
              if (!choice.tensor_cores) {
                ASSERT_NE(choice.tile, tiling::large);
              }
            }
}

TEST(tiling, fits_the_product) {
  const auto choice = [](long rows, long columns, long depth, bool tensor_cores = false) {
    return choose_tiling({rows, columns, depth, 1, false, true, tensor_cores}, hopper);
  };
  EXPECT_EQ(choice(401408, 128, 1152).tile, tiling::tall);
  EXPECT_EQ(choice(401408, 128, 1152).splits, 1);
  EXPECT_EQ(choice(100352, 128, 1152, true).tile, tiling::large);
  EXPECT_TRUE(choice(100352, 128, 1152, true).tensor_cores);
  EXPECT_EQ(choice(8, 4096, 25088).tile, tiling::flat);
  EXPECT_GT(choice(8, 4096, 25088).splits, 1) << "64 blocks leave half of the multiprocessors idle";
  EXPECT_GT(choice(196, 512, 4608).splits, 1);
  EXPECT_EQ(choice(50176, 3, 576).tile, tiling::narrow);
}

}  // namespace
}  // namespace salient::kernel::cuda
