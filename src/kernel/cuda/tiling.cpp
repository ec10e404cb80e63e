// SPDX-License-Identifier: MIT
#include "kernel/cuda/tiling.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace salient::kernel::cuda {
namespace {

// A model of Hopper's multiprocessors, in nanoseconds. Other generations differ in the numbers but little in
// their ratios, which are all that the choice depends on.
constexpr double float32_rate = 435, tensor_rate = 2200;  // floating-point operations
constexpr double step_latency = 160;  // of a block's loop, if it waits for the second-level cache
constexpr double memory_rate = 2000;  // bytes, of the whole GPU
constexpr double launch = 2500;       // of a second kernel, with its wait for the first

/// The share of the rate that a tile's inner loop reaches, by its loads from shared memory.
constexpr double efficiency(tiling t) {
  switch (t) {
    case tiling::large:
      return 0.85;
    case tiling::tall:
      return 0.75;
    case tiling::square:
      return 0.7;
    case tiling::flat:
      return 0.35;
    default:
      return 0.4;
  }
}
/// Blocks that a multiprocessor runs at a time.
constexpr int resident(tiling t) { return t == tiling::large || t == tiling::tall ? 2 : 6; }

constexpr long over(long a, long b) { return (a + b - 1) / b; }

/// Whether the tensor cores compute these tiles.
bool on_tensor_cores(const product_extent& s, tiling t) {
  return s.tensor_cores && t != tiling::flat && t != tiling::narrow;
}

double cost(const product_extent& s, tiling t, long splits, long steps, int multiprocessors) {
  const tile_shape tile = shape_of(t);
  const long blocks = over(s.rows, tile.rows) * over(s.columns, tile.columns) * s.copies * splits;
  const bool cores = on_tensor_cores(s, t);
  const double step = 2.0 * tile.rows * tile.columns * depth_of(t, cores) /
                      ((cores ? tensor_rate : float32_rate) * efficiency(t));
  const long each = over(blocks, multiprocessors), waves = over(each, resident(t));
  const double time = static_cast<double>(steps) *
                      std::max(static_cast<double>(each) * step, static_cast<double>(waves) * step_latency);
  if (splits == 1) return time;
  const double sums = static_cast<double>(s.rows * s.columns * s.copies);
  return time + launch + 4 * sums * (2.0 * static_cast<double>(splits) + 1) / memory_rate;
}

}  // namespace

tiling_choice choose_tiling(const product_extent& s, int multiprocessors, long most) {
  constexpr std::array parts{1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};
  tiling_choice best{};
  double least = std::numeric_limits<double>::infinity();
  for (const tiling t : {tiling::large, tiling::tall, tiling::square, tiling::flat, tiling::narrow}) {
    const bool cores = on_tensor_cores(s, t);
    if ((t == tiling::large && !cores) || (t == tiling::square && !s.vectors)) continue;  // not compiled
    const long steps = std::max(over(s.depth, depth_of(t, cores)), 1L);
    for (const long wanted : parts) {
      const long each = over(steps, wanted), splits = over(steps, each);
      if (splits > 1 && (each < 4 || splits * s.rows * s.columns * s.copies > most)) break;
      const double time = cost(s, t, splits, each, multiprocessors);
      if (time < least) {
        least = time;
        best = {t, cores, static_cast<int>(splits), static_cast<int>(each)};
      }
    }
  }
  return best;
}

}  // namespace salient::kernel::cuda
