// SPDX-License-Identifier: MIT
#pragma once

// The kernel of products: what one block of threads does. Compiled by nvcc only.

#include <cstddef>

#include "kernel/cuda/product.hpp"
#include "kernel/cuda/shared_memory.hpp"
#include "kernel/cuda/tiling.hpp"

namespace salient::kernel::cuda {

/// The layout of a block's shared memory: a few steps of both operands, later the results. Rows are padded so
/// that the threads of a warp read different banks.
template <tiling Tile, bool Adjoint, int Depth>
struct block_layout {
  static constexpr tiling kind = Tile;
  static constexpr bool adjoint = Adjoint;
  static constexpr tile_shape tile = shape_of(Tile);
  static constexpr int depth = Depth;                         ///< of a step
  static constexpr int slots = Tile == tiling::flat ? 5 : 3;  ///< steps in flight
  static constexpr int left_pitch = depth + 4;                ///< rows of the left operand
  static constexpr int left = tile.rows * left_pitch;
  static constexpr int right_pitch = adjoint ? tile.columns + 8 : depth + 4;
  static constexpr int right = (adjoint ? depth : tile.columns) * right_pitch;
  static constexpr int slot = left + right + (adjoint ? depth : 0);
  static constexpr int result_pitch = tile.columns + 4;
  /// Rows of results that fit there at a time.
  static constexpr int slab = tile.rows * result_pitch <= slots * slot ? tile.rows : tile.rows / 2;
  static_assert(slab * result_pitch <= slots * slot);
  static constexpr std::size_t bytes = sizeof(float) * slots * slot;
};

/// A place in the sum: tap (y, x) of the phase's window, and a channel.
struct depth_place {
  int k, channel, y, x;

  __device__ depth_place(int at, int depth, int columns) : k(at) {
    channel = at % depth;
    x = at / depth % columns;
    y = at / depth / columns;
  }
  __device__ void advance(int by, int depth, int columns) {
    k += by;
    channel += by;
    while (channel >= depth) {
      channel -= depth;
      if (++x == columns) {
        x = 0;
        ++y;
      }
    }
  }
};

/// What a block works on.
struct block_place {
  axis_phase y, x;
  int rows;  ///< results of the phase in all images
  int first_k, last_k;
  int group, row, column, split;
  int shift_y, shift_x;

  __device__ block_place(const product_problem& p, tile_shape tile, int step) {
    const int phases = p.phases(), phase = static_cast<int>(blockIdx.z) % phases;
    shift_y = phase / p.x_axis.phases();
    shift_x = phase % p.x_axis.phases();
    y = p.y_axis.phase(shift_y);
    x = p.x_axis.phase(shift_x);
    rows = p.batch * y.count * x.count;
    split = static_cast<int>(blockIdx.z) / phases;
    const int depth = y.taps * x.taps * p.depth, part = p.steps * step;
    first_k = min(split * part, depth);
    last_k = min(first_k + part, depth);
    const int columns = (p.filters + tile.columns - 1) / tile.columns;
    group = static_cast<int>(blockIdx.y) / columns;
    column = static_cast<int>(blockIdx.y) % columns * tile.columns;
    row = static_cast<int>(blockIdx.x) * tile.rows;
  }

  /// The position of result `r` of the phase, counted through the batch.
  __device__ long position(const product_problem& p, int r) const {
    if (p.phases() == 1) return r;
    const unsigned line = static_cast<unsigned>(r) / x.count;
    const int column_of = static_cast<int>(r - line * x.count);
    const int n = static_cast<int>(line / y.count), line_of = static_cast<int>(line - n * y.count);
    return (static_cast<long>(n) * p.y_axis.results + y.first + line_of * p.y_axis.phases()) *
               p.x_axis.results +
           x.first + column_of * p.x_axis.phases();
  }
};

/// Copies steps of both operands into shared memory, Left and Right floats at a time.
template <class Layout, int Left, int Right>
class operand_copier {
  static constexpr tile_shape tile = Layout::tile;
  static constexpr int per_row = Layout::depth / Left, rows_at_once = tile.threads() / per_row;
  static constexpr int left_passes = (tile.rows + rows_at_once - 1) / rows_at_once;
  static constexpr int right_passes = (tile.columns + rows_at_once - 1) / rows_at_once;
  static constexpr int per_line = tile.columns / Right, lines_at_once = tile.threads() / per_line;
  static constexpr int lines_step = lines_at_once < Layout::depth ? lines_at_once : Layout::depth;
  static constexpr int line_passes = Layout::depth / lines_step;

 public:
  __device__ operand_copier(const product_problem& p, const block_place& at)
      : p_(p),
        at_(at),
        row_(static_cast<int>(threadIdx.x) / per_row),
        part_(static_cast<int>(threadIdx.x) % per_row * Left),
        line_(static_cast<int>(threadIdx.x) / per_line),
        column_(static_cast<int>(threadIdx.x) % per_line * Right),
        left_(at.first_k + part_, p.depth, columns()),
        right_(at.first_k + line_, p.depth, columns()) {
#pragma unroll
    for (int i = 0; i < left_passes; ++i) {
      const int r = at.row + row_ + i * rows_at_once;
      if (r >= at.rows || row_ + i * rows_at_once >= tile.rows) {
        image_[i] = 0;
        y_[i] = x_[i] = -(1 << 28);  // outside at every tap
        continue;
      }
      const unsigned line = static_cast<unsigned>(r) / at.x.count;
      const int column = static_cast<int>(r - line * at.x.count);
      const int n = static_cast<int>(line / at.y.count);
      image_[i] = (p.first_image + n) * p.y_axis.sources;
      y_[i] = static_cast<int>(line - n * at.y.count) * p.y_axis.step() + at.y.origin;
      x_[i] = column * p.x_axis.step() + at.x.origin;
    }
  }

  /// Starts the copies of the next step.
  __device__ void copy(float* slot) {
    copy_left(slot);
    if constexpr (Layout::adjoint)
      copy_lines(slot + Layout::left);
    else
      copy_rows(slot + Layout::left);
  }

 private:
  __device__ int columns() const { return at_.x.taps > 0 ? at_.x.taps : 1; }

  __device__ void copy_left(float* to) {
    const bool more = left_.k < at_.last_k;
    const int move_y = left_.y * at_.y.move, move_x = left_.x * at_.x.move;
    const float* const from = p_.source + at_.group * p_.depth + left_.channel;
#pragma unroll
    for (int i = 0; i < left_passes; ++i) {
      const int own = row_ + i * rows_at_once, y = y_[i] + move_y, x = x_[i] + move_x;
      const bool inside = more && static_cast<unsigned>(y) < static_cast<unsigned>(p_.y_axis.sources) &&
                          static_cast<unsigned>(x) < static_cast<unsigned>(p_.x_axis.sources);
      const long position = static_cast<long>(image_[i] + y) * p_.x_axis.sources + x;
      if (tile.rows >= rows_at_once || own < tile.rows)
        start_copy<Left>(to + own * Layout::left_pitch + part_,
                         inside ? from + position * p_.pitch : p_.source, inside);
    }
    if constexpr (!Layout::adjoint) next_ = left_.k;
    left_.advance(Layout::depth, p_.depth, columns());
  }

  /// Weights (filters, depth of the whole sum).
  __device__ void copy_rows(float* to) {
    const long depth = static_cast<long>(at_.y.taps) * at_.x.taps * p_.depth;
    const bool more = next_ < at_.last_k;
#pragma unroll
    for (int i = 0; i < right_passes; ++i) {
      const int own = row_ + i * rows_at_once, filter = at_.column + own;
      const bool inside = more && filter < p_.filters;
      const float* const from =
          p_.weight + (static_cast<long>(at_.group) * p_.filters + filter) * depth + next_;
      if (tile.columns >= rows_at_once || own < tile.columns)
        start_copy<Left>(to + own * Layout::right_pitch + part_, inside ? from : p_.weight, inside);
    }
  }

  /// Weights (channels of the source, taps of the window, filters), and the source's scale.
  __device__ void copy_lines(float* to) {
    const long taps = static_cast<long>(p_.y_axis.taps) * p_.x_axis.taps;
#pragma unroll
    for (int i = 0; i < line_passes; ++i) {
      const int own = line_ + i * lines_step, filter = at_.column + column_;
      const bool more = right_.k < at_.last_k;
      const long tap = static_cast<long>(at_.y.first_tap + right_.y * at_.y.tap_step) * p_.x_axis.taps +
                       at_.x.first_tap + right_.x * at_.x.tap_step;
      const long channel = static_cast<long>(at_.group) * p_.depth + right_.channel;
      const bool inside = more && filter < p_.filters;
      const float* const from = p_.weight + (channel * taps + tap) * p_.filters + filter;
      if (lines_at_once <= Layout::depth || own < Layout::depth) {
        start_copy<Right>(to + own * Layout::right_pitch + column_, inside ? from : p_.weight, inside);
        if (p_.scale && column_ == 0)
          start_copy<1>(to + Layout::right + own, more ? p_.scale + channel : p_.scale, more);
      }
      right_.advance(lines_step, p_.depth, columns());
    }
  }

  const product_problem& p_;
  const block_place& at_;
  int row_, part_, line_, column_;
  depth_place left_, right_;
  int next_ = 0;
  int image_[left_passes], y_[left_passes], x_[left_passes];
};

}  // namespace salient::kernel::cuda
