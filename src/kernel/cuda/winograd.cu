// SPDX-License-Identifier: MIT
#include <algorithm>

#include "kernel/cuda/launch.hpp"

namespace salient::kernel::cuda {
namespace {

template <class X>
__device__ X multiply_add(X a, X b, X c) {
  return a * b + c;
}

#define SALIENT_FUNCTION __device__ inline
#include "kernel/winograd_formulas.hpp"
#undef SALIENT_FUNCTION

constexpr int points = tile_inputs * tile_inputs, threads = 256;
constexpr int together = 2;  ///< channels of a thread: of four it could not hold all values in registers

using pair = several<float, together>;

/// Transforms an N x N matrix along both axes in place of M x M results.
template <int N, int M, class Transform>
__device__ void transform_both(const Transform& transform, const pair (&from)[N][N], pair (&to)[M][M]) {
#pragma unroll
  for (int c = 0; c < together; ++c) {
    float half[N][M];
#pragma unroll
    for (int j = 0; j < N; ++j) {
      float column[N];
#pragma unroll
      for (int i = 0; i < N; ++i) column[i] = from[i][j][c];
      transform(column, half[j]);
    }
#pragma unroll
    for (int i = 0; i < M; ++i) {
      float row[N], result[M];
#pragma unroll
      for (int j = 0; j < N; ++j) row[j] = half[j][i];
      transform(row, result);
#pragma unroll
      for (int j = 0; j < M; ++j) to[i][j][c] = result[j];
    }
  }
}

/// Pair `i` of the channels of `count` rows, which are neighbours.
struct pair_place {
  unsigned row;
  int channel;
  bool inside;
  __device__ pair_place(unsigned i, const divider& pairs, int count) {
    row = pairs(i);
    channel = static_cast<int>(i - row * static_cast<unsigned>(pairs.by())) * together;
    inside = row < static_cast<unsigned>(count);
  }
};

/// Where the tiles of 4x4 results lie, counted through the batch.
struct tiling_of_results {
  divider across, in_image;
  int first, count;  ///< of the tiles of a launch

  struct place {
    int n, y, x;  ///< of the first result
  };
  __device__ place of(unsigned row) const {
    const unsigned tile = static_cast<unsigned>(first) + row, n = in_image(tile);
    const unsigned own = tile - n * static_cast<unsigned>(in_image.by()), y = across(own);
    return {static_cast<int>(n), static_cast<int>(y) * tile_outputs,
            static_cast<int>(own - y * static_cast<unsigned>(across.by())) * tile_outputs};
  }
};

/// The first source that a result reads along an axis is this far before it.
__host__ __device__ int lead(const product_axis& axis) {
  return axis.adjoint ? axis.taps - 1 - axis.before : axis.before;
}

/// to: (tiles, points, depth)
__global__ void __launch_bounds__(threads)
    transform_tiles(const __grid_constant__ product_problem p, tiling_of_results tiles, divider pairs,
                    float* to) {
  const pair_place own(blockIdx.x * threads + threadIdx.x, pairs, tiles.count);
  if (!own.inside) return;
  const auto at = tiles.of(own.row);
  const int first_y = at.y - lead(p.y_axis), first_x = at.x - lead(p.x_axis);
  const float* const image =
      p.source + static_cast<long>(at.n) * p.y_axis.sources * p.x_axis.sources * p.pitch + own.channel;
  pair x[tile_inputs][tile_inputs];
#pragma unroll
  for (int i = 0; i < tile_inputs; ++i)
#pragma unroll
    for (int j = 0; j < tile_inputs; ++j) {
      const int y = first_y + i, column = first_x + j;
      const bool inside = static_cast<unsigned>(y) < static_cast<unsigned>(p.y_axis.sources) &&
                          static_cast<unsigned>(column) < static_cast<unsigned>(p.x_axis.sources);
      x[i][j] = inside ? load<together>(image + (static_cast<long>(y) * p.x_axis.sources + column) * p.pitch)
                       : pair{};
    }
  transform_both([](const auto& from, auto& values) { transform_inputs(from, values); }, x, x);
  if (p.scale) {
    const auto scale = load<together>(p.scale + own.channel);
#pragma unroll
    for (auto& line : x)
#pragma unroll
      for (pair& v : line)
#pragma unroll
        for (int c = 0; c < together; ++c) v[c] *= scale[c];
  }
  to += static_cast<long>(own.row) * points * p.depth + own.channel;
#pragma unroll
  for (int point = 0; point < points; ++point)
    store(to + point * p.depth, x[point / tile_inputs][point % tile_inputs]);
}

/// Some weights as the product reads them: rows x columns of each tap, turned by 180 degrees for an input
/// gradient.
struct weight_block {
  const float* from;
  int rows, columns, pitch;  ///< a row's taps are `pitch` apart
  bool turned;
};

/// to: (points, rows, columns)
__global__ void __launch_bounds__(threads)
    transform_kernels(const __grid_constant__ weight_block weights, divider pairs, float* to) {
  constexpr int taps = 3;
  const pair_place own(blockIdx.x * threads + threadIdx.x, pairs, weights.rows);
  if (!own.inside) return;
  const float* const from =
      weights.from + static_cast<long>(own.row) * taps * taps * weights.pitch + own.channel;
  pair w[taps][taps], u[tile_inputs][tile_inputs];
#pragma unroll
  for (int tap = 0; tap < taps * taps; ++tap)
    w[tap / taps][tap % taps] = load<together>(
        from + static_cast<long>(weights.turned ? taps * taps - 1 - tap : tap) * weights.pitch);
  transform_both([](const auto& values, auto& at_points) { transform_weights(values, at_points); }, w, u);
  to += static_cast<long>(own.row) * weights.columns + own.channel;
  const long apart = static_cast<long>(weights.rows) * weights.columns;
#pragma unroll
  for (int point = 0; point < points; ++point)
    store(to + point * apart, u[point / tile_inputs][point % tile_inputs]);
}

/// Transforms sums (tiles, points, `filters` of p from `first_filter` on) back and writes the results.
/// Threads then exchange them, so that each writes four channels of half of a tile's positions: the epilogue
/// waits for what it reads at each.
__global__ void __launch_bounds__(threads)
    finish_tiles(const __grid_constant__ product_problem p, tiling_of_results tiles, divider pairs,
                 int first_filter, const float* sums) {
  constexpr int positions = tile_outputs * tile_outputs, written = 4, fours = threads * together / written;
  __shared__ alignas(16) pair held[positions][threads];
  const unsigned first = blockIdx.x * threads;
  if (const pair_place own(first + threadIdx.x, pairs, tiles.count); own.inside) {
    const int filters = pairs.by() * together;
    sums += static_cast<long>(own.row) * points * filters + own.channel;
    pair m[tile_inputs][tile_inputs], y[tile_outputs][tile_outputs];
#pragma unroll
    for (int point = 0; point < points; ++point)
      m[point / tile_inputs][point % tile_inputs] = load<together>(sums + point * filters);
    transform_both([](const auto& values, auto& results) { transform_outputs(values, results); }, m, y);
    const pair bias = p.bias ? load<together>(p.bias + first_filter + own.channel) : pair{};
#pragma unroll
    for (int i = 0; i < positions; ++i) {
      pair v = y[i / tile_outputs][i % tile_outputs];
#pragma unroll
      for (int j = 0; j < together; ++j) v[j] += bias[j];
      held[i][threadIdx.x] = v;
    }
  }
  __syncthreads();
  const int four = static_cast<int>(threadIdx.x) % fours, start = static_cast<int>(threadIdx.x) / fours;
  const pair_place own(first + four * (written / together), pairs, tiles.count);
  const auto at = tiles.of(own.inside ? own.row : 0);
  const int c = first_filter + own.channel;
  const result_writer<float> to = p.writer();
#pragma unroll 2
  for (int i = start; i < positions; i += threads / fours) {
    const int y = at.y + i / tile_outputs, x = at.x + i % tile_outputs;
    const bool inside = own.inside && y < p.y_axis.results && x < p.x_axis.results;
    const long position = (static_cast<long>(at.n) * p.y_axis.results + y) * p.x_axis.results + x;
    unsigned bits = 0;
    if (inside) bits = to.write(position, c, load<written>(&held[i][four * (written / together)][0]));
    if (!to.records()) continue;
    bits = byte_of<written>(bits);
    if (inside && c % 8 == 0) to.keep(position, c / 8, bits);
  }
}

int over(int a, int b) { return (a + b - 1) / b; }

/// How the work is cut, so that its parts fit the scratch: filters, and for each of these ranges the tiles.
struct pieces {
  int filters, filter_ranges;
  int tiles, tile_ranges;
};

int all_tiles(const product_problem& p) {
  return p.batch * over(p.y_axis.results, tile_outputs) * over(p.x_axis.results, tile_outputs);
}

pieces pieces_of(const product_problem& p, long floats_of_tiles = product_scratch::tiles) {
  constexpr int whole_bytes = 16;  // filters: bytes of the mask are not shared by ranges
  const long room = product_scratch::weights / (static_cast<long>(points) * p.depth);
  const int most = static_cast<int>(std::min<long>(room / whole_bytes * whole_bytes, p.filters));
  if (most == 0) return {};
  pieces cut{};
  cut.filter_ranges = over(p.filters, most);
  cut.filters = over(over(p.filters, cut.filter_ranges), whole_bytes) * whole_bytes;
  const int tiles = all_tiles(p);
  const long fit = floats_of_tiles / (static_cast<long>(points) * (p.depth + cut.filters));
  cut.tile_ranges = static_cast<int>((tiles + std::max(fit, 1L) - 1) / std::max(fit, 1L));
  cut.tiles = fit > 0 ? over(tiles, cut.tile_ranges) : 0;
  return cut;
}

/// The product of 36 groups at the points.
product_problem at_points(const product_problem& p, int tiles, int filters, const float* inputs,
                          const float* weights, float* sums) {
  product_problem made{};
  made.y_axis = {1, 1, 1, 1, 0, 1, p.adjoint};
  made.x_axis = {tiles, tiles, 1, 1, 0, 1, p.adjoint};
  made.batch = 1;
  made.groups = points;
  made.depth = p.depth;
  made.filters = filters;
  made.adjoint = p.adjoint;
  made.source = inputs;
  made.pitch = points * p.depth;
  made.weight = weights;
  made.y = view<float>(sums, 1, {1, tiles, points * filters});
  return made;
}

/// Rows of weights for the product: filters or, in an input gradient, channels of the source.
weight_block weights_of(const product_problem& p, int first, int filters) {
  constexpr int taps = 9;
  if (p.adjoint) return {p.weight + first, p.depth, filters, p.filters, true};
  return {p.weight + static_cast<long>(first) * taps * p.depth, filters, p.depth, p.depth, false};
}

unsigned blocks_for(long rows, const divider& pairs) {
  return static_cast<unsigned>((rows * pairs.by() + threads - 1) / threads);
}

}  // namespace

void enqueue_winograd(const gpu& device, const product_problem& p, long floats_of_tiles) {
  const pieces cut = pieces_of(p, floats_of_tiles);
  product_scratch& scratch = *device.handle().scratch;
  const auto alone = scratch.lock();
  float* const weights = scratch.transformed();
  float* const inputs = weights + product_scratch::weights;
  float* const sums = inputs + static_cast<long>(points) * p.depth * cut.tiles;
  const int across = over(p.x_axis.results, tile_outputs), all = all_tiles(p);
  tiling_of_results tiles{divider(across), divider(across * over(p.y_axis.results, tile_outputs)), 0, 0};
  const divider source_pairs(p.depth / together);
  for (int first = 0; first < p.filters; first += cut.filters) {
    const int filters = std::min(cut.filters, p.filters - first);
    const divider result_pairs(filters / together);
    const weight_block block = weights_of(p, first, filters);
    const divider weight_pairs(block.columns / together);
    enqueue(device, [&](const gpu::state& s) {
      transform_kernels<<<blocks_for(block.rows, weight_pairs), threads, 0, s.stream()>>>(block, weight_pairs,
                                                                                          weights);
    });
    for (tiles.first = 0; tiles.first < all; tiles.first += cut.tiles) {
      tiles.count = std::min(cut.tiles, all - tiles.first);
      enqueue(device, [&](const gpu::state& s) {
        transform_tiles<<<blocks_for(tiles.count, source_pairs), threads, 0, s.stream()>>>(
            p, tiles, source_pairs, inputs);
      });
      enqueue_product(device, at_points(p, tiles.count, filters, inputs, weights, sums));
      enqueue(device, [&](const gpu::state& s) {
        finish_tiles<<<blocks_for(tiles.count, result_pairs), threads, 0, s.stream()>>>(
            p, tiles, result_pairs, first, sums);
      });
    }
  }
}

void enqueue_winograd(const gpu& device, const product_problem& p) {
  enqueue_winograd(device, p, product_scratch::tiles);
}

bool fits_winograd(const product_problem& p) {
  return p.first_image == 0 && p.depth % 16 == 0 && p.filters % 16 == 0 && p.pitch % 4 == 0 &&
         in_fours(p.source) && in_fours(p.weight) && in_fours(p.bias) && in_fours(p.scale) &&
         in_fours(p.writer()) && pieces_of(p).tiles > 0;
}

bool gains_by_winograd(const gpu& device, const product_problem& p) {
  constexpr double launch = 2500, rate = 2500;  // nanoseconds; bytes in one
  if (device.arithmetic() != precision::float32 || !fits_winograd(p)) return false;
  const pieces cut = pieces_of(p);
  const multiprocessors card = multiprocessors_of(device);
  const product_problem part = at_points(p, cut.tiles, cut.filters, p.source, p.weight, p.y.data);
  const double products = choose_tiling(extent_of(device, part, {0, points}), card).time;
  const double tile = points + tile_outputs * tile_outputs;  // numbers read and written for a channel
  const double numbers =
      (points + 9.0) * p.depth * cut.filters + tile * (p.depth + cut.filters) * cut.tiles * cut.tile_ranges;
  const double once = launch + (2 * launch + products) * cut.tile_ranges + 4 * numbers / rate;
  return once * cut.filter_ranges < choose_tiling(extent_of(device, p, {0, 1}), card).time;
}

}  // namespace salient::kernel::cuda
