// SPDX-License-Identifier: MIT
#pragma once

// The sums that the threads of a block hold, in float32 or by tensor cores. Compiled by nvcc only.

#include "kernel/cuda/block.hpp"
#include "kernel/epilogue.hpp"

namespace salient::kernel::cuda {

/// Each thread sums every threads_y-th row and, forward, every threads_x-th column.
template <tiling Tile, bool Adjoint>
class float32_results {
  using layout = block_layout<Tile, Adjoint>;
  static constexpr tile_shape tile = layout::tile;
  static constexpr int high = tile.rows / tile.threads_y, wide = tile.columns / tile.threads_x;
  static constexpr int together = wide < 4 ? wide : 4;  ///< neighbouring columns of a thread, if adjoint

 public:
  __device__ float32_results() {
    // Eight lanes of a quarter warp read eight columns and one row, without conflicts between banks.
    const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
    constexpr int across = tile.threads_x / 8;  // warps
    x_ = warp % across * 8 + lane % 8;
    y_ = warp / across * 4 + lane / 8;
  }

  __device__ void add(const float* slot, bool scaled) {
    const float* const left = slot;
    const float* const right = slot + layout::left;
#pragma unroll
    for (int k = 0; k < tile_depth; k += 4) {
      float4 a[high];
#pragma unroll
      for (int i = 0; i < high; ++i)
        a[i] = *reinterpret_cast<const float4*>(left + (y_ + i * tile.threads_y) * layout::left_pitch + k);
      if constexpr (Adjoint) {
        if (scaled) {
          const float4 s = *reinterpret_cast<const float4*>(right + layout::right + k);
#pragma unroll
          for (int i = 0; i < high; ++i)
            a[i] = make_float4(a[i].x * s.x, a[i].y * s.y, a[i].z * s.z, a[i].w * s.w);
        }
        add_line(a, &float4::x, right + k * layout::right_pitch);
        add_line(a, &float4::y, right + (k + 1) * layout::right_pitch);
        add_line(a, &float4::z, right + (k + 2) * layout::right_pitch);
        add_line(a, &float4::w, right + (k + 3) * layout::right_pitch);
      } else {
#pragma unroll
        for (int j = 0; j < wide; ++j) {
          const float4 b =
              *reinterpret_cast<const float4*>(right + (x_ + j * tile.threads_x) * layout::right_pitch + k);
#pragma unroll
          for (int i = 0; i < high; ++i) {
            sums_[i][j] = fmaf(a[i].x, b.x, sums_[i][j]);
            sums_[i][j] = fmaf(a[i].y, b.y, sums_[i][j]);
            sums_[i][j] = fmaf(a[i].z, b.z, sums_[i][j]);
            sums_[i][j] = fmaf(a[i].w, b.w, sums_[i][j]);
          }
        }
      }
    }
  }

  /// Stores the rows from `first` on that are in one slab.
  __device__ void store(float* to, int first) const {
#pragma unroll
    for (int i = 0; i < high; ++i) {
      const int row = y_ + i * tile.threads_y - first;
      if (row < 0 || row >= layout::slab) continue;
#pragma unroll
      for (int j = 0; j < wide; ++j) to[row * layout::result_pitch + column(j)] = sums_[i][j];
    }
  }

 private:
  __device__ int column(int j) const {
    if constexpr (Adjoint)
      return j / together * tile.threads_x * together + x_ * together + j % together;
    else
      return x_ + j * tile.threads_x;
  }

  __device__ void add_line(const float4 (&a)[high], float float4::* k, const float* line) {
    float b[wide];
#pragma unroll
    for (int j = 0; j < wide; j += together) {
      const float* const from = line + j * tile.threads_x + x_ * together;
      if constexpr (together == 4) {
        const float4 four = *reinterpret_cast<const float4*>(from);
        b[j] = four.x, b[j + 1] = four.y, b[j + 2] = four.z, b[j + 3] = four.w;
      } else {
        const float2 two = *reinterpret_cast<const float2*>(from);
        b[j] = two.x, b[j + 1] = two.y;
      }
    }
#pragma unroll
    for (int i = 0; i < high; ++i)
#pragma unroll
      for (int j = 0; j < wide; ++j) sums_[i][j] = fmaf(a[i].*k, b[j], sums_[i][j]);
  }

  int y_, x_;
  float sums_[high][wide] = {};
};

/// Each warp sums a rectangle of the tile in pieces of 16 x 8.
template <tiling Tile, bool Adjoint>
class tensor_results {
  using layout = block_layout<Tile, Adjoint>;
  static constexpr tile_shape tile = layout::tile;
  static constexpr int rows = Tile == tiling::large ? 64 : 32, columns = 32;  ///< of a warp
  static constexpr int across = tile.columns / columns, high = rows / 16, wide = columns / 8;
  static_assert(tile.rows / rows * across * 32 == tile.threads());

 public:
  __device__ tensor_results() {
    const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
    row_ = warp / across * rows + lane / 4;
    column_ = warp % across * columns;
    lane_ = lane;
  }

  __device__ void add(const float* slot, bool scaled) {
    const float* const left = slot;
    const float* const right = slot + layout::left;
    const int quarter = lane_ % 4, eighth = lane_ / 4;
#pragma unroll
    for (int k = 0; k < tile_depth; k += 8) {
      float low = 1, top = 1;
      if (Adjoint && scaled) {
        low = right[layout::right + k + quarter];
        top = right[layout::right + k + quarter + 4];
      }
      std::uint32_t a[high][4], b[wide][2];
#pragma unroll
      for (int i = 0; i < high; ++i)
#pragma unroll
        for (int part = 0; part < 4; ++part) {
          const float v =
              left[(row_ + i * 16 + part % 2 * 8) * layout::left_pitch + k + quarter + part / 2 * 4];
          a[i][part] = rounded_to_tf32(Adjoint ? v * (part < 2 ? low : top) : v);
        }
#pragma unroll
      for (int j = 0; j < wide; ++j)
#pragma unroll
        for (int part = 0; part < 2; ++part) {
          const int depth = k + quarter + part * 4, column = column_ + j * 8 + eighth;
          b[j][part] = rounded_to_tf32(Adjoint ? right[depth * layout::right_pitch + column]
                                               : right[column * layout::right_pitch + depth]);
        }
#pragma unroll
      for (int i = 0; i < high; ++i)
#pragma unroll
        for (int j = 0; j < wide; ++j) multiply_tile(sums_[i][j], a[i], b[j]);
    }
  }

  __device__ void store(float* to, int first) const {
#pragma unroll
    for (int i = 0; i < high; ++i)
#pragma unroll
      for (int part = 0; part < 4; ++part) {
        const int row = row_ + i * 16 + part / 2 * 8 - first;
        if (row < 0 || row >= layout::slab) continue;
#pragma unroll
        for (int j = 0; j < wide; ++j)
          to[row * layout::result_pitch + column_ + j * 8 + lane_ % 4 * 2 + part % 2] = sums_[i][j][part];
      }
  }

 private:
  int row_, column_, lane_;
  float sums_[high][wide][4] = {};
};

/// Writes `slab` rows of results through the epilogue, or as partial sums.
template <class Layout>
__device__ void finish_slab(const product_problem& p, const block_place& at, const float* results,
                            int first) {
  constexpr tile_shape tile = Layout::tile;
  const int channels = p.groups * p.filters;
#pragma unroll 1
  for (int i = static_cast<int>(threadIdx.x); i < Layout::slab * tile.columns; i += tile.threads()) {
    const int row = i / tile.columns, column = i % tile.columns;
    const int r = at.row + first + row, filter = at.column + column, c = at.group * p.filters + filter;
    const bool inside = r < at.rows && filter < p.filters;
    long position = inside ? at.position(p, r) : 0;
    const float v = results[row * Layout::result_pitch + column];
    if (p.partials) {
      if (inside) p.partials[(at.split * p.batch * p.y.extent.positions() + position) * channels + c] = v;
      continue;
    }
    position += p.first_image * p.y.extent.positions();
    bool open = false;
    if (inside)
      p.y.at(position)[c] = finished(p.after, channels, position, c, p.bias ? v + p.bias[c] : v, open);
    if (p.after.activate.mask) {
      const unsigned bits = __ballot_sync(~0U, open);  // eight lanes have the channels of a byte
      if (inside && c % 8 == 0)
        p.after.activate.mask[position * mask_pitch(channels) + c / 8] =
            static_cast<std::uint8_t>(bits >> threadIdx.x % 32);
    }
  }
}

template <template <tiling, bool> class Results, tiling Tile, bool Adjoint, int Vector>
__global__ void __launch_bounds__(shape_of(Tile).threads(),
                                  Tile == tiling::large || Tile == tiling::tall ? 2 : 4)
    product(const __grid_constant__ product_problem p) {
  using layout = block_layout<Tile, Adjoint>;
  extern __shared__ __align__(16) float shared[];
  const block_place at(p, layout::tile);
  if (at.row >= at.rows) return;

  operand_copier<Tile, Adjoint, Vector> copier(p, at);
  Results<Tile, Adjoint> results;
  const int steps = (at.last_k - at.first_k + tile_depth - 1) / tile_depth;
#pragma unroll
  for (int s = 0; s < layout::slots - 1; ++s) {
    if (s < steps) copier.copy(shared + s * layout::slot);
    close_copies();
  }
  int slot = 0, ahead = layout::slots - 1;
  for (int s = 0; s < steps; ++s) {
    await_copies<layout::slots - 2>();
    __syncthreads();  // the step is here for all threads, and its predecessor's slot is free
    if (s + layout::slots - 1 < steps) copier.copy(shared + ahead * layout::slot);
    close_copies();
    results.add(shared + slot * layout::slot, p.scale != nullptr);
    slot = slot + 1 == layout::slots ? 0 : slot + 1;
    ahead = ahead + 1 == layout::slots ? 0 : ahead + 1;
  }
  for (int first = 0; first < layout::tile.rows; first += layout::slab) {
    __syncthreads();
    results.store(shared, first);
    __syncthreads();
    finish_slab<layout>(p, at, shared, first);
  }
}

}  // namespace salient::kernel::cuda
