// SPDX-License-Identifier: MIT
#include "kernel/cuda/launch.hpp"

namespace salient::kernel::cuda {
namespace {

constexpr int lanes = 32, most_rows = 4;

/// Writes a result for each lane of a warp that is `inside`; lanes have neighbouring channels c.
__device__ void write_lanes(const product_problem& p, int row, int c, float sum, bool inside) {
  const result_writer<float> to = p.writer();
  unsigned open = 0;
  if (inside) open = to.write(row, c, several<float, 1>{{p.bias ? sum + p.bias[c] : sum}});
  if (!to.records()) return;
  const unsigned bits = byte_of<1>(open);
  if (inside && c % 8 == 0) to.keep(row, c / 8, bits);
}

/// Sums over a warp, in a fixed order.
__device__ float sum_of_warp(float v) {
  for (int apart = lanes / 2; apart > 0; apart /= 2) v += __shfl_xor_sync(~0U, v, apart);
  return v;
}

constexpr int filters_of_byte = 8;  // of the mask

/// Weights (filters, depth): Warps warps read the weights of a filter, of which a block has Filters.
template <int Rows, int Vector, int Filters, int Warps>
__global__ void __launch_bounds__(lanes* Filters* Warps)
    forward_few_rows(const __grid_constant__ product_problem p) {
  __shared__ float results[Rows][Filters][Warps];
  const int lane = static_cast<int>(threadIdx.x) % lanes, warp = static_cast<int>(threadIdx.x) / lanes;
  const int own = warp / Warps, part = warp % Warps, first = static_cast<int>(blockIdx.x) * Filters;
  float sums[Rows] = {};
  if (first + own < p.filters) {
    const float* const weight = p.weight + static_cast<long>(first + own) * p.depth;
#pragma unroll 4
    for (int k = (part * lanes + lane) * Vector; k < p.depth; k += lanes * Warps * Vector) {
      if constexpr (Vector == 4) {
        const float4 w = __ldcs(reinterpret_cast<const float4*>(weight + k));
#pragma unroll
        for (int r = 0; r < Rows; ++r) {
          const float4 x = *reinterpret_cast<const float4*>(p.source + static_cast<long>(r) * p.pitch + k);
          sums[r] = fmaf(w.x, x.x, fmaf(w.y, x.y, fmaf(w.z, x.z, fmaf(w.w, x.w, sums[r]))));
        }
      } else {
        const float w = __ldcs(weight + k);
#pragma unroll
        for (int r = 0; r < Rows; ++r)
          sums[r] = fmaf(w, p.source[static_cast<long>(r) * p.pitch + k], sums[r]);
      }
    }
  }
#pragma unroll
  for (int r = 0; r < Rows; ++r) {
    const float sum = sum_of_warp(sums[r]);
    if (lane == 0) results[r][own][part] = sum;
  }
  __syncthreads();
  if (warp > 0) return;
  const int c = first + lane;
  const bool inside = lane < Filters && c < p.filters;
#pragma unroll
  for (int r = 0; r < Rows; ++r) {
    float sum = 0;
    if (inside)
      for (int w = 0; w < Warps; ++w) sum += results[r][lane][w];
    write_lanes(p, r, c, sum, inside);
  }
}

constexpr int warps = 16;

/// Weights (depth, filters): each lane has a filter, each warp a range of the depth.
template <int Rows>
__global__ void __launch_bounds__(lanes* warps) adjoint_few_rows(const __grid_constant__ product_problem p) {
  __shared__ float results[warps][Rows][lanes];
  const int lane = static_cast<int>(threadIdx.x) % lanes, warp = static_cast<int>(threadIdx.x) / lanes;
  const int c = static_cast<int>(blockIdx.x) * lanes + lane;
  const bool inside = c < p.filters;
  const int part = (p.depth + warps - 1) / warps, first = warp * part, last = min(first + part, p.depth);
  float sums[Rows] = {};
  if (inside) {
    const float* const weight = p.weight + c;
#pragma unroll 16
    for (int k = first; k < last; ++k) {
      const float w = __ldcs(weight + static_cast<long>(k) * p.filters) * (p.scale ? p.scale[k] : 1.0F);
#pragma unroll
      for (int r = 0; r < Rows; ++r) sums[r] = fmaf(w, p.source[static_cast<long>(r) * p.pitch + k], sums[r]);
    }
  }
#pragma unroll
  for (int r = 0; r < Rows; ++r) results[warp][r][lane] = sums[r];
  __syncthreads();
  if (warp >= Rows) return;
  float sum = 0;
  for (int w = 0; w < warps; ++w) sum += results[w][warp][lane];
  write_lanes(p, warp, c, sum, inside);
}

template <int Rows, int Vector>
void multiply_forward(const gpu::state& s, const product_problem& p) {
  const int blocks = (p.filters + filters_of_byte - 1) / filters_of_byte;
  if (blocks < s.properties.multiProcessorCount && !p.after.activate.mask)
    forward_few_rows<Rows, Vector, 1, 16><<<static_cast<unsigned>(p.filters), lanes * 16, 0, s.stream()>>>(p);
  else
    forward_few_rows<Rows, Vector, filters_of_byte, 1>
        <<<static_cast<unsigned>(blocks), lanes * filters_of_byte, 0, s.stream()>>>(p);
}

template <int Rows>
void multiply_rows(const gpu& device, const product_problem& p, copied_together floats) {
  enqueue(device, [&](const gpu::state& s) {
    if (p.adjoint)
      adjoint_few_rows<Rows>
          <<<static_cast<unsigned>((p.filters + lanes - 1) / lanes), lanes * warps, 0, s.stream()>>>(p);
    else if (floats.left == 4)
      multiply_forward<Rows, 4>(s, p);
    else
      multiply_forward<Rows, 1>(s, p);
  });
}

bool single(const product_axis& axis) {
  return axis.taps == 1 && axis.stride == 1 && axis.before == 0 && axis.results == axis.sources;
}

}  // namespace

bool has_few_rows(const product_problem& p) {
  return p.groups == 1 && single(p.y_axis) && single(p.x_axis) && p.y.positions() <= most_rows;
}

void multiply_few_rows(const gpu& device, const product_problem& p, copied_together floats) {
  switch (p.y.positions()) {
    case 1:
      return multiply_rows<1>(device, p, floats);
    case 2:
      return multiply_rows<2>(device, p, floats);
    case 3:
      return multiply_rows<3>(device, p, floats);
    default:
      return multiply_rows<4>(device, p, floats);
  }
}

}  // namespace salient::kernel::cuda
