// SPDX-License-Identifier: MIT
#pragma once

// Which tiles a product is cut into.

#include <array>

namespace salient::kernel::cuda {

/// Results that a block of threads computes together, rows x columns. Each thread computes results_y x
/// results_x of them in float32, each warp one rectangle of them in TF32.
enum class tiling { large, tall, square, flat, narrow };

struct tile_shape {
  int rows, columns, threads_y, threads_x;
  constexpr int threads() const { return threads_y * threads_x; }
};
inline constexpr std::array<tile_shape, 5> tile_shapes{{
    {128, 128, 16, 16},  // large
    {128, 64, 16, 16},   // tall
    {64, 64, 8, 16},     // square
    {16, 64, 8, 16},     // flat: dense layers of few images
    {128, 16, 16, 8},    // narrow: few channels
}};
constexpr tile_shape shape_of(tiling t) { return tile_shapes[static_cast<std::size_t>(t)]; }

/// Products that a step of a block's loop sums for each result: more where they are computed so fast that
/// copying the operands would be in the way more often.
constexpr int depth_of(tiling t, bool tensor_cores) { return tensor_cores || t == tiling::flat ? 32 : 16; }

/// What the choice depends on.
struct product_extent {
  long rows;     ///< of the largest phase
  long columns;  ///< of a group
  long depth;    ///< of the sum, of the largest phase
  long copies;   ///< groups x phases
  bool vectors;  ///< whether operands can be read four numbers at a time
  bool tensor_cores;
};
struct tiling_choice {
  tiling tile;
  bool tensor_cores;
  int splits;  ///< parts of the sum
  int steps;   ///< of depth_of(tile, tensor_cores) in each part
};

/// The tiles and parts that should take the least time on a GPU with this many multiprocessors. `most`: how
/// many partial sums there is memory for.
tiling_choice choose_tiling(const product_extent&, int multiprocessors, long most);

}  // namespace salient::kernel::cuda
