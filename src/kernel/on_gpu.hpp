// SPDX-License-Identifier: MIT
#pragma once

// The GPU part of portable.hpp; compiled by nvcc only.

#include <algorithm>
#include <cmath>

#include "device/gpu_state.hpp"

#define EIGEN_USE_GPU

// Eigen checks kernel launches with assertions, which abort in debug builds and check nothing in release
// builds. `enqueue` checks launches instead.
#define gpu_assert(condition) static_cast<void>(0)

// Eigen sets the bank width of shared memory before every product. GPUs since compute capability 3 have only
// one, and the function is deprecated.
#define cudaDeviceSetSharedMemConfig(config) cudaSuccess

namespace salient::kernel {

/// Calls launch(state) with the device as CUDA's current one, and throws if CUDA reports a launch error.
template <class F>
void enqueue(const gpu& device, const F& launch) {
  launch_on(device, [](const void* f, const gpu::state& s) { (*static_cast<const F*>(f))(s); }, &launch);
}

/// Threads of a block, where nothing else decides.
inline constexpr unsigned threads_together = 256;
/// The most threads of a block.
inline constexpr unsigned most_of_a_block = 1024;

template <class F>
__global__ void call_each(long count, const F item) {
  const long all = static_cast<long>(gridDim.x) * blockDim.x;
  for (long i = static_cast<long>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += all) item(i);
}

/// for_each of portable.hpp with one thread for each item.
template <class F>
void for_each(const gpu& device, long count, double, const F& item) {
  if (count <= 0) return;
  constexpr long threads = threads_together, most_blocks = 1L << 30;
  const auto blocks = static_cast<unsigned>(std::min((count + threads - 1) / threads, most_blocks));
  enqueue(device, [&](const gpu::state& s) { call_each<<<blocks, threads, 0, s.stream()>>>(count, item); });
}

/// The bits of the eight channels around a thread's, from all threads of a warp, each of which has N.
template <int N>
__device__ inline unsigned byte_of(unsigned bits) {
  constexpr unsigned all = ~0U;
  if constexpr (N == 1) {
    return __ballot_sync(all, bits != 0) >> (threadIdx.x & 24) & 0xFF;
  } else {
    for (int step = 1; step < 8 / N; step *= 2) bits |= __shfl_xor_sync(all, bits, step);
    return bits;
  }
}

template <class Items>
__global__ void __launch_bounds__(threads_together)
    write_in_eights(unsigned count, const __grid_constant__ Items items) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  const unsigned open = i < count ? items.write(i) : 0;
  if (!items.records()) return;
  const unsigned bits = byte_of<Items::together>(open);
  if (i < count) items.keep(i, bits);
}

/// Calls items.write(i) for every i below `count`; then, if they record a mask, items.keep(i, bits) with the
/// bits of eight neighbouring channels.
template <class Items>
void call_in_eights(const gpu& device, unsigned count, const Items& items) {
  if (count == 0) return;
  const unsigned blocks = (count + threads_together - 1) / threads_together;
  enqueue(device, [&](const gpu::state& s) {
    write_in_eights<<<blocks, threads_together, 0, s.stream()>>>(count, items);
  });
}

template <class Sums>
__global__ void __launch_bounds__(most_of_a_block)
    sum_in_blocks(divider slabs, const __grid_constant__ Sums sums) {
  __shared__ typename Sums::number held[most_of_a_block];
  const int lanes = static_cast<int>(blockDim.x), lane = static_cast<int>(threadIdx.x);
  const int row = static_cast<int>(threadIdx.y), rows = static_cast<int>(blockDim.y);
  const unsigned group = slabs(blockIdx.x);
  const int c = static_cast<int>(blockIdx.x - group * static_cast<unsigned>(slabs.by())) * lanes + lane;
  const bool inside = c < sums.channels;
  auto* const own = held + row * lanes + lane;
  *own = inside ? sums.part(group, c, row, rows) : typename Sums::number(0);
  for (int half = rows / 2; half > 0; half /= 2) {
    __syncthreads();
    if (row < half) *own += own[half * lanes];
  }
  const bool finishes = inside && row == 0;
  const unsigned open = finishes ? sums.finish(group, c, *own) : 0;
  if (!sums.records()) return;
  const unsigned bits = byte_of<1>(open);
  if (finishes && c % 8 == 0) sums.keep(group, c, bits);
}

/// For each of `groups` and every channel c: adds the numbers sums.part(group, c, i, rows) for i below
/// `rows`, pairs of which are rows / 2, rows / 4 ... apart, and calls sums.finish(group, c, sum), whose bits
/// it hands to sums.keep if a mask is recorded.
template <class Sums>
void call_with_sums(const gpu& device, long groups, const sum_shape& by, const Sums& sums) {
  const divider slabs((sums.channels + by.lanes - 1) / by.lanes);
  const long blocks = groups * slabs.by();
  if (blocks == 0) return;
  const dim3 block(static_cast<unsigned>(by.lanes), static_cast<unsigned>(by.rows));
  enqueue(device, [&](const gpu::state& s) {
    sum_in_blocks<<<static_cast<unsigned>(blocks), block, 0, s.stream()>>>(slabs, sums);
  });
}

template <class Tiles>
__global__ void __launch_bounds__(threads_together, 3)  // at most 80 registers, where nvcc spills to have 64
    write_tiles(divider slabs, const __grid_constant__ Tiles tiles, unsigned count) {
  __shared__ alignas(16) typename Tiles::number held[Tiles::held];
  constexpr int lanes = Tiles::fours, at_once = static_cast<int>(threads_together) / lanes;
  const int thread = static_cast<int>(threadIdx.x), lane = thread % lanes;
  const unsigned group = slabs(blockIdx.x);
  const int first = static_cast<int>(blockIdx.x - group * static_cast<unsigned>(slabs.by())) * 4 * lanes;
  const unsigned tile = group * at_once + static_cast<unsigned>(thread / lanes);
  const int c = first + 4 * lane;
  tiles.hold(held, first, thread, static_cast<int>(threads_together));
  __syncthreads();
  const bool inside = tile < count && c < tiles.channels();
  typename Tiles::tile_sums sums{};
  if (inside) sums = tiles.sums(held + 4 * lane, tile, c);
#pragma unroll 1  // one copy of the epilogue's code, and the sums stay in registers
  for (int column = 0; column < 4; ++column) {
    const unsigned open = inside ? tiles.write(sums.next(), tile, c, column) : 0;
    if (!tiles.records()) continue;
    const unsigned bits = byte_of<4>(open);
    if (inside) tiles.keep(tile, c, column, bits);
  }
}

/// Calls the members of depthwise_tiles for all tiles: those of a block for the same channels, whose weights
/// it holds.
template <class Tiles>
void call_tiles(const gpu& device, const Tiles& tiles) {
  constexpr long at_once = threads_together / Tiles::fours;
  const divider slabs((tiles.channels() + 4 * Tiles::fours - 1) / (4 * Tiles::fours));
  const long groups = (tiles.tiles() + at_once - 1) / at_once;
  if (groups == 0) return;
  enqueue(device, [&](const gpu::state& s) {
    write_tiles<<<static_cast<unsigned>(groups * slabs.by()), threads_together, 0, s.stream()>>>(
        slabs, tiles, static_cast<unsigned>(tiles.tiles()));
  });
}

/// Threads of a GPU that share a row: 8, 16 or 32 lanes of a warp, or a block.
class team {
 public:
  static constexpr bool alone = false;

  __device__ team() : lane_(static_cast<int>(threadIdx.x)), lanes_(static_cast<int>(blockDim.x)) {
    const unsigned in_warp = threadIdx.y * blockDim.x + threadIdx.x & 31;
    mask_ = lanes_ >= 32 ? ~0U : ((1U << lanes_) - 1) << (in_warp & ~(blockDim.x - 1));
  }

  __device__ int lane() const { return lane_; }
  __device__ int lanes() const { return lanes_; }

  template <class T>
  __device__ T sum(T v) const {
    return fold(v, [](T a, T b) { return a + b; });
  }
  template <class T>
  __device__ T largest(T v) const {
    return fold(v, [](T a, T b) { return b > a ? b : a; });
  }
  template <class T>
  __device__ T smallest(T v) const {
    return fold(v, [](T a, T b) { return b < a ? b : a; });
  }

  /// term(0) + ... + term(count - 1).
  template <class T, class F>
  __device__ T sum_of(int count, const F& term) const {
    return sum(part_of_sum<T>(count, lane_, lanes_, term));
  }

  /// No bound: other teams lower it meanwhile, and when must not show in the last bits of a result.
  __device__ float bound(const float*) const { return HUGE_VALF; }
  /// *to = min(*to, v) for all lanes' v, beside other teams. The least of some numbers does not depend on
  /// their order. Both are at least 0: then the bits of floats are in the order of the floats.
  __device__ void lower(float* to, float v) const {
    v = smallest(v);
    if (lane_ == 0) atomicMin(reinterpret_cast<int*>(to), __float_as_int(v));
  }

  /// The bits of the eight channels around a lane's.
  __device__ unsigned byte_of(bool open) const {
    return __ballot_sync(mask_, open) >> (threadIdx.y * blockDim.x + threadIdx.x & 24) & 0xFF;
  }

 private:
  template <class T, class F>
  __device__ T fold(T v, const F& both) const {
    for (int step = (lanes_ < 32 ? lanes_ : 32) / 2; step > 0; step /= 2)
      v = both(v, __shfl_xor_sync(mask_, v, step));
    if (lanes_ <= 32) return v;
    __shared__ T of_warps[32];
    const int warps = lanes_ / 32;
    if (lane_ % 32 == 0) of_warps[lane_ / 32] = v;
    __syncthreads();
    v = of_warps[lane_ % warps];
    __syncthreads();
    for (int step = warps / 2; step > 0; step /= 2) v = both(v, __shfl_xor_sync(mask_, v, step));
    return v;
  }

  int lane_, lanes_;
  unsigned mask_;
};

template <class F>
__global__ void __launch_bounds__(threads_together, 2) call_teams(long rows, const __grid_constant__ F item) {
  const long row = static_cast<long>(blockIdx.x) * blockDim.y + threadIdx.y;
  if (row < rows) item(team(), row);
}

/// for_each_row of rows.hpp with a team for each row.
template <class F>
void for_each_team(const gpu& device, long rows, int lanes, const F& item) {
  if (rows <= 0) return;
  const dim3 block(static_cast<unsigned>(lanes), threads_together / static_cast<unsigned>(lanes));
  const auto blocks = static_cast<unsigned>((rows + block.y - 1) / block.y);
  enqueue(device, [&](const gpu::state& s) { call_teams<<<blocks, block, 0, s.stream()>>>(rows, item); });
}

}  // namespace salient::kernel
