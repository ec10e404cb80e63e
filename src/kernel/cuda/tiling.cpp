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

// Fitted to what an H200 took for the layers of VGG-16, ResNet-50 and MNIST classifiers in all tiles and
// parts (bench/tiles.txt, bench/fit_tiles.py): half of the predictions are within 9 %. Other GPUs differ in
// the numbers, but less in their ratios, on which the choice depends.
constexpr block_speed speed(tiling t, bool tensor_cores) {
  switch (t) {
    case tiling::large:
      return {924, 1078, 10216};
    case tiling::tall:
      return tensor_cores ? block_speed{530, 659, 6670} : block_speed{897, 1010, 6144};
    case tiling::square:
      return tensor_cores ? block_speed{334, 478, 6313} : block_speed{475, 650, 5768};
    case tiling::flat:
      return {335, 526, 4120};
    default:
      return {303, 448, 5674};
  }
}
constexpr double launch = 1300;       // of a second kernel, which adds up parts
constexpr double adding_rate = 3000;  // of that kernel, in numbers

constexpr long over(long a, long b) { return (a + b - 1) / b; }

/// Blocks that a multiprocessor runs at a time, 0 if none fits.
long resident(const multiprocessors& gpu, tiling t, long bytes) {
  constexpr long of_the_system = 1024;  // shared memory that each block takes besides
  if (bytes > gpu.shared_bytes_block) return 0;
  return std::min(t == tiling::large || t == tiling::tall ? 2L : 4L,
                  gpu.shared_bytes / (bytes + of_the_system));
}

double cost(const product_extent& s, tiling t, const sum_parts& of, long together,
            const multiprocessors& gpu) {
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

const char* name_of(tiling t) {
  constexpr std::array names{"large", "tall", "square", "flat", "narrow"};
  return names[static_cast<std::size_t>(t)];
}

bool on_tensor_cores(const product_extent& s, tiling t) {
  return s.tensor_cores && t != tiling::flat && t != tiling::narrow;
}

bool compiled(const product_extent& s, tiling t) {
  if (t == tiling::large) return on_tensor_cores(s, t);
  return t != tiling::square || s.vectors;
}

long steps_of(const product_extent& s, tiling t) {
  return std::max(over(s.depth, memory_of(t, s.adjoint, on_tensor_cores(s, t)).depth), 1L);
}

sum_parts parts_of(const product_extent& s, long steps, int wanted, long most_sums) {
  constexpr long shortest = 3;
  const long each = over(steps, wanted), count = over(steps, each);
  if (count > 1 && (each < shortest || count * s.rows * s.columns * s.copies > most_sums)) return {0, 0};
  return {count, each};
}

tiling_choice choose_tiling(const product_extent& s, const multiprocessors& gpu) {
  tiling_choice best{};
  double least = std::numeric_limits<double>::infinity();
  for (const tiling t : all_tilings) {
    const bool cores = on_tensor_cores(s, t);
    const long together = resident(gpu, t, memory_of(t, s.adjoint, cores).bytes());
    if (!compiled(s, t) || together == 0) continue;
    const long steps = steps_of(s, t);
    for (const int wanted : numbers_of_parts) {
      const sum_parts parts = parts_of(s, steps, wanted, gpu.partial_sums);
      if (parts.count == 0) break;
      const double time = cost(s, t, parts, together, gpu);
      if (time < least) {
        least = time;
        best = {t, cores, static_cast<int>(parts.count), static_cast<int>(parts.steps), time};
      }
    }
  }
  return best;
}

}  // namespace salient::kernel::cuda
