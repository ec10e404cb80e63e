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

constexpr int filters_at_once = 8;  // of a block: the bits of a byte of the mask

/// Weights (filters, depth): each warp reads the weights of one filter.
template <int Rows, int Vector>
__global__ void __launch_bounds__(lanes* filters_at_once)
    forward_few_rows(const __grid_constant__ product_problem p) {
  __shared__ float results[Rows][filters_at_once];
  const int lane = static_cast<int>(threadIdx.x) % lanes, warp = static_cast<int>(threadIdx.x) / lanes;
  const int first = static_cast<int>(blockIdx.x) * filters_at_once;
  float sums[Rows] = {};
  if (first + warp < p.filters) {
    const float* const weight = p.weight + static_cast<long>(first + warp) * p.depth;
#pragma unroll 4
    for (int k = lane * Vector; k < p.depth; k += lanes * Vector) {
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
    if (lane == 0) results[r][warp] = sum;
  }
  __syncthreads();
  if (warp > 0) return;
#pragma unroll
  for (int r = 0; r < Rows; ++r) {
    const int c = first + lane;
    const bool inside = lane < filters_at_once && c < p.filters;
    write_lanes(p, r, c, inside ? results[r][lane] : 0, inside);
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

template <int Rows>
void multiply_rows(const gpu& device, const product_problem& p, copied_together floats) {
  const auto blocks = [&](int each) { return static_cast<unsigned>((p.filters + each - 1) / each); };
  enqueue(device, [&](const gpu::state& s) {
    if (p.adjoint)
      adjoint_few_rows<Rows><<<blocks(lanes), lanes * warps, 0, s.stream()>>>(p);
    else if (floats.left == 4)
      forward_few_rows<Rows, 4><<<blocks(filters_at_once), lanes * filters_at_once, 0, s.stream()>>>(p);
    else
      forward_few_rows<Rows, 1><<<blocks(filters_at_once), lanes * filters_at_once, 0, s.stream()>>>(p);
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
