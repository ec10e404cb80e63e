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

// Measured on an H200 for the convolutions and dense layers of VGG-16, ResNet-50 and MNIST classifiers in all
// tiles and parts, and fitted: half of the predictions are within 9 % of the measurement. Other GPUs differ
// in the numbers, but less in their ratios, on which the choice depends.
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

constexpr long over(long a, long b) { return (a + b - 1) / b; }

/// Whether the tensor cores compute these tiles.
bool on_tensor_cores(const product_extent& s, tiling t) {
  return s.tensor_cores && t != tiling::flat && t != tiling::narrow;
}

/// Blocks that a multiprocessor runs at a time, 0 if none fits.
long resident(const multiprocessors& gpu, tiling t, long bytes) {
  constexpr long of_the_system = 1024;  // shared memory that each block takes besides
  if (bytes > gpu.shared_bytes_block) return 0;
  return std::min(t == tiling::large || t == tiling::tall ? 2L : 4L,
                  gpu.shared_bytes / (bytes + of_the_system));
}

struct parts {
  long count, steps;
};

double cost(const product_extent& s, tiling t, const parts& of, long together, const multiprocessors& gpu) {
  const tile_shape tile = shape_of(t);
  const long blocks = over(s.rows, tile.rows) * over(s.columns, tile.columns) * s.copies * of.count;
  const long each = over(blocks, gpu.count), waves = each / together, rest = each % together;
  const block_speed own = speed(t, on_tensor_cores(s, t));
  const auto wave = [&](long running) {
    return own.fixed +
           static_cast<double>(of.steps) * std::max(own.latency, static_cast<double>(running) * own.step);
  };
  const double time = static_cast<double>(waves) * wave(together) + (rest > 0 ? wave(rest) : 0);
  if (of.count == 1) return time;
  const double sums = static_cast<double>(s.rows * s.columns * s.copies);
  return time + launch + sums * static_cast<double>(2 * of.count + 1) / adding_rate;
}

}  // namespace

tiling_choice choose_tiling(const product_extent& s, const multiprocessors& gpu) {
  constexpr std::array counts{1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};
  tiling_choice best{};
  double least = std::numeric_limits<double>::infinity();
  for (const tiling t : {tiling::large, tiling::tall, tiling::square, tiling::flat, tiling::narrow}) {
    const bool cores = on_tensor_cores(s, t);
    if ((t == tiling::large && !cores) || (t == tiling::square && !s.vectors)) continue;  // not compiled
    const block_memory memory = memory_of(t, s.adjoint, cores);
    const long steps = std::max(over(s.depth, memory.depth), 1L), together = resident(gpu, t, memory.bytes());
    if (together == 0) continue;
    for (const long wanted : counts) {
      const long each = over(steps, wanted), count = over(steps, each);
      if (count > 1 && (each < 3 || count * s.rows * s.columns * s.copies > gpu.partial_sums)) break;
      const double time = cost(s, t, {count, each}, together, gpu);
      if (time < least) {
        least = time;
        best = {t, cores, static_cast<int>(count), static_cast<int>(each)};
      }
    }
  }
  return best;
}

}  // namespace salient::kernel::cuda
