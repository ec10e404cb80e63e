// SPDX-License-Identifier: MIT
#pragma once

// Which tiles a product is cut into.

#include <array>

namespace salient::kernel::cuda {

/// Results that a block of threads computes together, rows x columns. In float32 each thread has every
/// threads_y-th row and some columns of them, in TF32 each warp a rectangle.
enum class tiling { large, tall, square, flat, narrow };
inline constexpr std::array all_tilings{tiling::large, tiling::tall, tiling::square, tiling::flat,
                                        tiling::narrow};
const char* name_of(tiling);

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

/// The layout of a block's shared memory, in floats: a few steps of both operands, later the results. Rows
/// are padded so that the threads of a warp read different banks.
struct block_memory {
  /// Products that a step of a block's loop sums for each result: more where they are computed so fast that
  /// copying the operands would be in the way more often.
  int depth;
  int slots;  ///< steps in flight
  int left_pitch, left;
  int right_pitch, right;
  int slot;  ///< of both operands and, backward, of the source's scale
  int result_pitch, results;

  constexpr long bytes() const { return 4L * (results > slots * slot ? results : slots * slot); }
};
constexpr block_memory memory_of(tiling t, bool adjoint, bool tensor_cores) {
  const tile_shape tile = shape_of(t);
  block_memory m{};
  m.depth = tensor_cores || t == tiling::flat ? 32 : 16;
  m.slots = t == tiling::flat ? 4 : 3;
  m.left_pitch = m.depth + 4;
  m.left = tile.rows * m.left_pitch;
  m.right_pitch = adjoint ? tile.columns + 8 : m.depth + 4;
  m.right = (adjoint ? m.depth : tile.columns) * m.right_pitch;
  m.slot = m.left + m.right + (adjoint ? m.depth : 0);
  m.result_pitch = tile.columns + 4;
  m.results = tile.rows * m.result_pitch;
  return m;
}

/// What the choice depends on.
struct product_extent {
  long rows;     ///< of the largest phase
  long columns;  ///< of a group
  long depth;    ///< of the sum, of the largest phase
  long copies;   ///< groups x phases
  bool adjoint;
  bool vectors;  ///< whether operands can be read four numbers at a time
  bool tensor_cores;
};
struct tiling_choice {
  tiling tile;
  bool tensor_cores;
  int splits;       ///< parts of the sum
  int steps;        ///< of each part
  double time = 0;  ///< that this should take, in nanoseconds
};

/// What a GPU has.
struct multiprocessors {
  int count;
  long shared_bytes;        ///< of one
  long shared_bytes_block;  ///< at most, of a block
  long partial_sums;        ///< for which there is memory
};

/// Whether the kernels of these tiles are compiled for such a product, and whether on tensor cores.
bool compiled(const product_extent&, tiling);
bool on_tensor_cores(const product_extent&, tiling);

/// Steps of the whole sum.
long steps_of(const product_extent&, tiling);

/// How many parts of the sum there are, and the steps of each.
struct sum_parts {
  long count, steps;
};
/// The numbers of parts that are tried.
inline constexpr std::array numbers_of_parts{1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};
/// At most `wanted` parts of some length; none if they would be too short, or their sums too many.
sum_parts parts_of(const product_extent&, long steps, int wanted, long most_sums);

/// The tiles and parts that should take the least time.
tiling_choice choose_tiling(const product_extent&, const multiprocessors&);

}  // namespace salient::kernel::cuda
