// SPDX-License-Identifier: MIT
#pragma once

// The sums that the threads of a block hold, in float32 or by tensor cores. Compiled by nvcc only.

#include "kernel/cuda/block.hpp"
#include "kernel/epilogue.hpp"

namespace salient::kernel::cuda {

/// Each thread sums every threads_y-th row and, forward, every threads_x-th column.
template <tiling Tile, bool Adjoint>
class float32_results {
 public:
  using layout = block_layout<Tile, Adjoint, false>;

 private:
  static constexpr tile_shape tile = layout::tile;
  static constexpr int high = tile.rows / tile.threads_y, wide = tile.columns / tile.threads_x;
  static constexpr int together = wide < 4 ? wide : 4;  ///< neighbouring columns of a thread, if adjoint

 public:
  __device__ float32_results() {
    // Lanes 2 n and 2 n + 1 read the same columns, lanes 2 apart the same rows: then a load of 16 bytes by a
    // whole warp takes two cycles of shared memory, otherwise four.
    const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
    constexpr int across = tile.threads_x / 8;  // warps
    x_ = warp % across * 8 + lane % 16 / 2;
    y_ = warp / across * 4 + lane / 16 * 2 + lane % 2;
  }

  __device__ void add(const float* slot, bool scaled) {
    const float* const left = slot;
    const float* const right = slot + layout::left;
    if constexpr (Adjoint) {
#pragma unroll 8
      for (int k = 0; k < layout::depth; k += 2) {
        float2 a[high];
#pragma unroll
        for (int i = 0; i < high; ++i)
          a[i] = *reinterpret_cast<const float2*>(left + (y_ + i * tile.threads_y) * layout::left_pitch + k);
        if (scaled) {
          const float2 s = *reinterpret_cast<const float2*>(right + layout::right + k);
#pragma unroll
          for (int i = 0; i < high; ++i) a[i] = make_float2(a[i].x * s.x, a[i].y * s.y);
        }
        add_line(a, &float2::x, right + k * layout::right_pitch);
        add_line(a, &float2::y, right + (k + 1) * layout::right_pitch);
      }
    } else {
#pragma unroll 4
      for (int k = 0; k < layout::depth; k += 4) {
        float4 b[wide];
#pragma unroll
        for (int j = 0; j < wide; ++j)
          b[j] =
              *reinterpret_cast<const float4*>(right + (x_ + j * tile.threads_x) * layout::right_pitch + k);
#pragma unroll
        for (int i = 0; i < high; ++i) {
          const float4 a =
              *reinterpret_cast<const float4*>(left + (y_ + i * tile.threads_y) * layout::left_pitch + k);
#pragma unroll
          for (int j = 0; j < wide; ++j) sums_[i][j] = fmaf(a.x, b[j].x, sums_[i][j]);
#pragma unroll
          for (int j = 0; j < wide; ++j) sums_[i][j] = fmaf(a.y, b[j].y, sums_[i][j]);
#pragma unroll
          for (int j = 0; j < wide; ++j) sums_[i][j] = fmaf(a.z, b[j].z, sums_[i][j]);
#pragma unroll
          for (int j = 0; j < wide; ++j) sums_[i][j] = fmaf(a.w, b[j].w, sums_[i][j]);
        }
      }
    }
  }

  __device__ void store(float* to) const {
#pragma unroll
    for (int i = 0; i < high; ++i) {
      const int row = y_ + i * tile.threads_y;
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

  __device__ void add_line(const float2 (&a)[high], float float2::* k, const float* line) {
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
 public:
  using layout = block_layout<Tile, Adjoint, true>;

 private:
  static constexpr tile_shape tile = layout::tile;
  static constexpr int rows = tile.rows == 128 && tile.columns == 128 ? 64 : 32;  ///< of a warp
  static constexpr int columns = 32;
  static constexpr int across = tile.columns / columns, high = rows / 16, wide = columns / 8;
  static_assert(tile.rows / rows * across * 32 == tile.threads());

 public:
  __device__ tensor_results() {
    const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
    row_ = warp / across * rows;
    column_ = warp % across * columns;
    lane_ = lane;
  }

  __device__ void add(const float* slot, bool scaled) {
    const float* const left = slot;
    const float* const right = slot + layout::left;
    const int quarter = lane_ % 4, eighth = lane_ / 4;
#pragma unroll
    for (int k = 0; k < layout::depth; k += 8) {
      float low = 1, top = 1;
      if (Adjoint && scaled) {
        low = right[layout::right + k + quarter];
        top = right[layout::right + k + quarter + 4];
      }
      std::uint32_t a[high][4], b[wide][2];
#pragma unroll
      for (int i = 0; i < high; ++i) {
        load_matrices(a[i], left + (row_ + i * 16 + lane_ % 16) * layout::left_pitch + k + lane_ / 16 * 4);
#pragma unroll
        for (int part = 0; part < 4; ++part) {
          const float v = __uint_as_float(a[i][part]);
          a[i][part] = to_tf32(v, part < 2 ? low : top);
        }
      }
      if constexpr (Adjoint) {
#pragma unroll
        for (int j = 0; j < wide; ++j)
#pragma unroll
          for (int part = 0; part < 2; ++part)
            b[j][part] =
                to_tf32(right[(k + quarter + part * 4) * layout::right_pitch + column_ + j * 8 + eighth]);
      } else {
#pragma unroll
        for (int j = 0; j < wide; j += 2) {
          std::uint32_t two[4];
          load_matrices(two, right + (column_ + j * 8 + lane_ / 16 * 8 + lane_ % 8) * layout::right_pitch +
                                 k + lane_ / 8 % 2 * 4);
#pragma unroll
          for (int part = 0; part < 4; ++part)
            b[j + part / 2][part % 2] = to_tf32(__uint_as_float(two[part]));
        }
      }
#pragma unroll
      for (int i = 0; i < high; ++i)
#pragma unroll
        for (int j = 0; j < wide; ++j) multiply_tile(sums_[i][j], a[i], b[j]);
    }
  }

  __device__ void store(float* to) const {
#pragma unroll
    for (int i = 0; i < high; ++i)
#pragma unroll
      for (int part = 0; part < 4; ++part) {
        const int row = row_ + i * 16 + lane_ / 4 + part / 2 * 8;
#pragma unroll
        for (int j = 0; j < wide; ++j)
          to[row * layout::result_pitch + column_ + j * 8 + lane_ % 4 * 2 + part % 2] = sums_[i][j][part];
      }
  }

 private:
  int row_, column_, lane_;
  float sums_[high][wide][4] = {};
};

/// Writes the results of neighbouring channels, c to c + N - 1, as partial sums or through the epilogue;
/// returns their bits of the mask.
template <int N>
__device__ unsigned write_some(const product_problem& p, const block_place& at, long position, int c,
                               several<float, N> v) {
  if (p.partials) {
    const long all = p.batch * p.y.extent.positions();
    store(p.partials + (at.split * all + position) * p.y.extent.channels + c, v);
    return 0;
  }
  if (p.bias) {
    const auto bias = load<N>(p.bias + c);
#pragma unroll
    for (int j = 0; j < N; ++j) v[j] += bias[j];
  }
  return p.writer().write(position + p.first_image * p.y.extent.positions(), c, v);
}

/// Writes a block's results. A thread takes four columns.
template <class Layout>
__device__ void write_block(const product_problem& p, const block_place& at, const float* results) {
  constexpr tile_shape tile = Layout::tile;
  constexpr int per_row = tile.columns / 4;
#pragma unroll 2
  for (int i = static_cast<int>(threadIdx.x); i < tile.rows * per_row; i += tile.threads()) {
    const int row = i / per_row, column = i % per_row * 4;
    const int r = at.row + row, filter = at.column + column, c = at.group * p.filters + filter;
    const int count = r < at.rows ? min(p.filters - filter, 4) : 0;
    const auto v = load<4>(results + row * Layout::result_pitch + column);
    const long position = count > 0 ? at.position(p, r) : 0;
    unsigned bits = 0;
    if (p.in_fours) {
      if (count > 0) bits = write_some(p, at, position, c, v);
    } else {
#pragma unroll 1
      for (int j = 0; j < count; ++j)
        bits |= write_some(p, at, position, c + j,
                           several<float, 1>{{results[row * Layout::result_pitch + column + j]}});
    }
    if (p.partials || !p.after.activate.mask) continue;
    bits |= __shfl_down_sync(~0U, bits, 1);  // two lanes have the channels of a byte
    if (count > 0 && column % 8 == 0)
      p.writer().keep(position + p.first_image * p.y.extent.positions(), c / 8, bits);
  }
}

template <class Results, int Left, int Right>
__global__ void __launch_bounds__(Results::layout::tile.threads(),
                                  Results::layout::tile.threads() > 128 ? 2 : 4)
    product(const __grid_constant__ product_problem p) {
  using layout = typename Results::layout;
  extern __shared__ __align__(16) float shared[];
  const block_place at(p, layout::tile, layout::depth);
  if (at.row >= at.rows) return;

  operand_copier<layout, Left, Right> copier(p, at);
  Results results;
  const int steps = (at.last_k - at.first_k + layout::depth - 1) / layout::depth;
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
  await_copies<0>();
  __syncthreads();
  results.store(shared);
  __syncthreads();
  write_block<layout>(p, at, shared);
}

}  // namespace salient::kernel::cuda
