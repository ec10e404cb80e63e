// SPDX-License-Identifier: MIT
#include <algorithm>

#include "kernel/cuda/launch.hpp"

namespace salient::kernel::cuda {
namespace {

constexpr int threads = 256, most_columns = 4, neighbours = 4;
constexpr long most_weights = 12 * 1024;  // 48 KiB of shared memory

/// Each team of `lanes` threads computes neighbouring results of one line, a lane for some of the source's
/// channels. The weights of the whole window lie in shared memory: (taps, Columns, depth).
template <int Columns>
__global__ void __launch_bounds__(threads)
    adjoint_few_columns(const __grid_constant__ product_problem p, int lanes) {
  extern __shared__ __align__(16) float weights[];
  const int taps = p.y_axis.taps * p.x_axis.taps, thread = static_cast<int>(threadIdx.x);
  for (int i = thread; i < taps * Columns * p.depth; i += threads) {
    const int channel = i % p.depth, column = i / p.depth % Columns, tap = i / p.depth / Columns;
    const float w = p.weight[(static_cast<long>(channel) * taps + tap) * Columns + column];
    weights[i] = p.scale ? w * p.scale[channel] : w;
  }
  __syncthreads();

  const int shift = static_cast<int>(blockIdx.y);
  const axis_phase y = p.y_axis.phase(shift / p.x_axis.phases()),
                   x = p.x_axis.phase(shift % p.x_axis.phases());
  const int teams = threads / lanes, team = thread / lanes, lane = thread % lanes;
  const int per_line = (x.count + neighbours - 1) / neighbours, all = p.batch * y.count * per_line;
  for (int first = static_cast<int>(blockIdx.x) * teams; first < all;
       first += static_cast<int>(gridDim.x) * teams) {
    const int item = first + team, line = item / per_line;
    const int column = (item - line * per_line) * neighbours, n = line / y.count, row = line - n * y.count;
    const int count = item < all ? min(x.count - column, neighbours) : 0;
    float sums[neighbours][Columns] = {};
    for (int tap_y = 0; tap_y < y.taps; ++tap_y) {
      const int source_y = row + y.origin + tap_y * y.move;
      if (count == 0 || source_y < 0 || source_y >= p.y_axis.sources) continue;
      const float* const source =
          p.source +
          (static_cast<long>(p.first_image + n) * p.y_axis.sources + source_y) * p.x_axis.sources * p.pitch;
      for (int tap_x = 0; tap_x < x.taps; ++tap_x) {
        const int tap = (y.first_tap + tap_y * y.tap_step) * p.x_axis.taps + x.first_tap + tap_x * x.tap_step;
        const int source_x = column + x.origin + tap_x * x.move;
        for (int channel = 4 * lane; channel < p.depth; channel += 4 * lanes) {
          several<float, 4> w[Columns];
#pragma unroll
          for (int c = 0; c < Columns; ++c) w[c] = load<4>(weights + (tap * Columns + c) * p.depth + channel);
#pragma unroll
          for (int i = 0; i < neighbours; ++i) {
            const int at = source_x + i;
            if (i >= count || at < 0 || at >= p.x_axis.sources) continue;
            const auto v = load<4>(source + static_cast<long>(at) * p.pitch + channel);
#pragma unroll
            for (int c = 0; c < Columns; ++c)
#pragma unroll
              for (int j = 0; j < 4; ++j) sums[i][c] = fmaf(v[j], w[c][j], sums[i][c]);
          }
        }
      }
    }
#pragma unroll
    for (int i = 0; i < neighbours; ++i) {
#pragma unroll
      for (int c = 0; c < Columns; ++c)
        for (int apart = lanes / 2; apart > 0; apart /= 2)
          sums[i][c] += __shfl_xor_sync(~0U, sums[i][c], apart);
      if (i >= count || lane != i % lanes) continue;
      const long position =
          (static_cast<long>(p.first_image + n) * p.y_axis.results + y.first + row * p.y_axis.phases()) *
              p.x_axis.results +
          x.first + (column + i) * p.x_axis.phases();
      const result_writer<float> to = p.writer();
      unsigned bits = 0;
#pragma unroll
      for (int c = 0; c < Columns; ++c) {
        const float v = p.bias ? sums[i][c] + p.bias[c] : sums[i][c];
        bits |= to.write(position, c, several<float, 1>{{v}});
      }
      if (to.records()) to.keep(position, 0, bits);
    }
  }
}

template <int Columns>
void multiply_columns(const gpu& device, const product_problem& p) {
  int lanes = 1;
  while (lanes < 32 && 4 * lanes < p.depth) lanes *= 2;
  const axis_phase y = p.y_axis.phase(0), x = p.x_axis.phase(0);
  const long items = static_cast<long>(p.batch) * y.count * ((x.count + neighbours - 1) / neighbours);
  const long blocks = (items * lanes + threads - 1) / threads;
  const std::size_t bytes = sizeof(float) * p.y_axis.taps * p.x_axis.taps * Columns * p.depth;
  enqueue(device, [&](const gpu::state& s) {
    // As many as run at a time: each fetches all weights.
    const dim3 grid(static_cast<unsigned>(std::min<long>(blocks, 8L * s.properties.multiProcessorCount)),
                    static_cast<unsigned>(p.phases()));
    adjoint_few_columns<Columns><<<grid, threads, bytes, s.stream()>>>(p, lanes);
  });
}

}  // namespace

bool has_few_columns(const product_problem& p, copied_together floats) {
  return p.adjoint && p.groups == 1 && p.filters <= most_columns && floats.left == 4 &&
         static_cast<long>(p.y_axis.taps) * p.x_axis.taps * p.filters * p.depth <= most_weights;
}

void multiply_few_columns(const gpu& device, const product_problem& p) {
  switch (p.filters) {
    case 1:
      return multiply_columns<1>(device, p);
    case 2:
      return multiply_columns<2>(device, p);
    case 3:
      return multiply_columns<3>(device, p);
    default:
      return multiply_columns<4>(device, p);
  }
}

}  // namespace salient::kernel::cuda
