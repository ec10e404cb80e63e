// SPDX-License-Identifier: MIT
#include "kernel/cuda/tiling.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace salient::kernel::cuda {
namespace {

/// How long blocks of a tiling take, in nanoseconds.
struct block_speed {
  double step;     ///< of a busy multiprocessor for one step of one block
  double latency;  ///< a step takes at least this long, since it waits for its operands
  double fixed;    ///< of a block: until its first step, and for its results
};

// Fitted to 2,700 measurements of these kernels on an H200 (relative error 13 %). Other GPUs differ in the
// numbers, but little in their ratios, which are all that the choice depends on.
constexpr block_speed speed(tiling t, bool tensor_cores) {
  switch (t) {
    case tiling::large:
      return {945, 1070, 10800};
    case tiling::tall:
      return tensor_cores ? block_speed{547, 671, 6750} : block_speed{903, 1010, 6520};
    case tiling::square:
      return tensor_cores ? block_speed{338, 486, 6650} : block_speed{479, 646, 6180};
    case tiling::flat:
      return {338, 539, 4070};
    default:
      return {311, 464, 5360};
  }
}
constexpr double launch = 1300;       // of a second kernel, which adds up parts
constexpr double adding_rate = 3000;  // of that kernel, in numbers

/// Blocks that a multiprocessor runs at a time.
constexpr long resident(tiling t) { return t == tiling::large || t == tiling::tall ? 2 : 4; }

constexpr long over(long a, long b) { return (a + b - 1) / b; }

/// Whether the tensor cores compute these tiles.
bool on_tensor_cores(const product_extent& s, tiling t) {
  return s.tensor_cores && t != tiling::flat && t != tiling::narrow;
}

double cost(const product_extent& s, tiling t, long splits, long steps, int multiprocessors) {
  const tile_shape tile = shape_of(t);
  const long blocks = over(s.rows, tile.rows) * over(s.columns, tile.columns) * s.copies * splits;
  const long each = over(blocks, multiprocessors), waves = each / resident(t), rest = each % resident(t);
  const block_speed own = speed(t, on_tensor_cores(s, t));
  const auto wave = [&](long together) {
    return own.fixed +
           static_cast<double>(steps) * std::max(own.latency, static_cast<double>(together) * own.step);
  };
  const double time = static_cast<double>(waves) * wave(resident(t)) + (rest > 0 ? wave(rest) : 0);
  if (splits == 1) return time;
  const double sums = static_cast<double>(s.rows * s.columns * s.copies);
  return time + launch + sums * static_cast<double>(2 * splits + 1) / adding_rate;
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
      if (splits > 1 && (each < 3 || splits * s.rows * s.columns * s.copies > most)) break;
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
