// SPDX-License-Identifier: MIT
#pragma once

// The kernel of products: what one block of threads does. Compiled by nvcc only.

#include <cstddef>
#include <type_traits>

#include "kernel/cuda/product.hpp"
#include "kernel/cuda/shared_memory.hpp"
#include "kernel/cuda/tiling.hpp"

namespace salient::kernel::cuda {

/// The layout of a block's shared memory.
template <tiling Tile, bool Adjoint, bool TensorCores>
struct block_layout {
  static constexpr bool adjoint = Adjoint;
  static constexpr tile_shape tile = shape_of(Tile);
  static constexpr block_memory memory = memory_of(Tile, Adjoint, TensorCores);
  // Apart, since code for a GPU cannot refer to the members of a constant.
  static constexpr int depth = memory.depth, slots = memory.slots, slot = memory.slot;
  static constexpr int left_pitch = memory.left_pitch, left = memory.left;
  static constexpr int right_pitch = memory.right_pitch, right = memory.right;
  static constexpr int result_pitch = memory.result_pitch;
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

/// A place in the sum: a tap of the phase's window and a channel of the source.
class depth_place {
 public:
  __device__ depth_place(int k, const product_problem& p, const block_place& at)
      : depth_(p.depth), columns_(at.x.taps > 0 ? at.x.taps : 1), k_(k) {
    channel_ = k % depth_;
    x_ = k / depth_ % columns_;
    y_ = k / depth_ / columns_;
  }
  /// Moves on; returns whether the tap is another one.
  __device__ bool advance(int by) {
    k_ += by;
    channel_ += by;
    if (channel_ < depth_) return false;
    do {
      channel_ -= depth_;
      if (++x_ == columns_) {
        x_ = 0;
        ++y_;
      }
    } while (channel_ >= depth_);
    return true;
  }
  __device__ int k() const { return k_; }
  __device__ int channel() const { return channel_; }
  __device__ int y() const { return y_; }
  __device__ int x() const { return x_; }

 private:
  int depth_, columns_, k_, channel_, y_, x_;
};

/// Copies rows of patches into shared memory, Vector floats at a time. What changes only with the tap is
/// computed only then: otherwise the multiplications would wait for the arithmetic of addresses.
template <class Layout, int Vector>
class patch_copier {
  static constexpr tile_shape tile = Layout::tile;
  static constexpr int per_row = Layout::depth / Vector, rows_at_once = tile.threads() / per_row;
  static constexpr int passes = (tile.rows + rows_at_once - 1) / rows_at_once;

 public:
  __device__ patch_copier(const product_problem& p, const block_place& at)
      : p_(p),
        at_(at),
        row_(static_cast<int>(threadIdx.x) / per_row),
        part_(static_cast<int>(threadIdx.x) % per_row * Vector),
        place_(at.first_k + part_, p, at) {
#pragma unroll
    for (int i = 0; i < passes; ++i) {
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
    aim();
  }

  __device__ void copy(float* to) {
    const bool more = place_.k() < at_.last_k;
    to += row_ * Layout::left_pitch + part_;
#pragma unroll
    for (int i = 0; i < passes; ++i)
      if (tile.rows >= rows_at_once || row_ + i * rows_at_once < tile.rows)
        start_copy<Vector>(to + i * rows_at_once * Layout::left_pitch, from_[i], more && (inside_ >> i & 1));
    if (place_.advance(Layout::depth)) {
      aim();
    } else {
#pragma unroll
      for (int i = 0; i < passes; ++i) from_[i] += Layout::depth;
    }
  }

 private:
  /// Sets where the rows are read at this tap.
  __device__ void aim() {
    const int move_y = place_.y() * at_.y.move, move_x = place_.x() * at_.x.move;
    const float* const first = p_.source + at_.group * p_.depth + place_.channel();
    inside_ = 0;
#pragma unroll
    for (int i = 0; i < passes; ++i) {
      const int y = y_[i] + move_y, x = x_[i] + move_x;
      const bool inside = static_cast<unsigned>(y) < static_cast<unsigned>(p_.y_axis.sources) &&
                          static_cast<unsigned>(x) < static_cast<unsigned>(p_.x_axis.sources);
      const long position = static_cast<long>(image_[i] + y) * p_.x_axis.sources + x;
      from_[i] = inside ? first + position * p_.pitch : first;
      inside_ |= static_cast<unsigned>(inside) << i;
    }
  }

  const product_problem& p_;
  const block_place& at_;
  int row_, part_;
  depth_place place_;
  int image_[passes], y_[passes], x_[passes];
  const float* from_[passes];
  unsigned inside_;
};

/// Copies weights (filters, depth of the whole sum).
template <class Layout, int Vector>
class row_copier {
  static constexpr tile_shape tile = Layout::tile;
  static constexpr int per_row = Layout::depth / Vector, rows_at_once = tile.threads() / per_row;
  static constexpr int passes = (tile.columns + rows_at_once - 1) / rows_at_once;

 public:
  __device__ row_copier(const product_problem& p, const block_place& at)
      : row_(static_cast<int>(threadIdx.x) / per_row),
        part_(static_cast<int>(threadIdx.x) % per_row * Vector),
        k_(at.first_k + part_),
        last_k_(at.last_k),
        filters_(p.filters - at.column) {
    const long depth = static_cast<long>(at.y.taps) * at.x.taps * p.depth;
    from_ = p.weight + (static_cast<long>(at.group) * p.filters + at.column + row_) * depth + k_;
    step_ = rows_at_once * depth;
    any_ = p.weight;
  }

  __device__ void copy(float* to) {
    const bool more = k_ < last_k_;
    to += row_ * Layout::right_pitch + part_;
#pragma unroll
    for (int i = 0; i < passes; ++i) {
      const int own = row_ + i * rows_at_once;
      const bool inside = more && own < filters_;
      if (tile.columns >= rows_at_once || own < tile.columns)
        start_copy<Vector>(to + i * rows_at_once * Layout::right_pitch, inside ? from_ + i * step_ : any_,
                           inside);
    }
    from_ += Layout::depth;
    k_ += Layout::depth;
  }

 private:
  int row_, part_, k_, last_k_, filters_;
  const float* from_;
  long step_;
  const float* any_;
};

/// Copies weights (channels of the source, taps of the window, filters), and the source's scale.
template <class Layout, int Vector>
class line_copier {
  static constexpr tile_shape tile = Layout::tile;
  static constexpr int per_line = tile.columns / Vector, lines_at_once = tile.threads() / per_line;
  static constexpr int step = lines_at_once < Layout::depth ? lines_at_once : Layout::depth;
  static constexpr int passes = Layout::depth / step;

 public:
  __device__ line_copier(const product_problem& p, const block_place& at)
      : p_(p),
        at_(at),
        line_(static_cast<int>(threadIdx.x) / per_line),
        column_(static_cast<int>(threadIdx.x) % per_line * Vector),
        place_(at.first_k + line_, p, at),
        row_(static_cast<long>(p.y_axis.taps) * p.x_axis.taps * p.filters) {
    aim();
  }

  __device__ void copy(float* to) {
    const bool filter = at_.column + column_ < p_.filters;
    float* const scales = to + Layout::right + line_;
    to += line_ * Layout::right_pitch + column_;
#pragma unroll
    for (int i = 0; i < passes; ++i) {
      const bool more = place_.k() < at_.last_k, inside = more && filter;
      if (lines_at_once <= Layout::depth || line_ < Layout::depth) {
        start_copy<Vector>(to + i * step * Layout::right_pitch, inside ? from_ : p_.weight, inside);
        if (p_.scale && column_ == 0)
          start_copy<1>(scales + i * step,
                        more ? p_.scale + at_.group * p_.depth + place_.channel() : p_.scale, more);
      }
      if (place_.advance(step))
        aim();
      else
        from_ += step * row_;
    }
  }

 private:
  __device__ void aim() {
    const long tap = static_cast<long>(at_.y.first_tap + place_.y() * at_.y.tap_step) * p_.x_axis.taps +
                     at_.x.first_tap + place_.x() * at_.x.tap_step;
    from_ = p_.weight + (static_cast<long>(at_.group) * p_.depth + place_.channel()) * row_ +
            tap * p_.filters + at_.column + column_;
  }

  const product_problem& p_;
  const block_place& at_;
  int line_, column_;
  depth_place place_;
  long row_;
  const float* from_;
};

/// Copies steps of both operands.
template <class Layout, int Left, int Right>
class operand_copier {
 public:
  __device__ operand_copier(const product_problem& p, const block_place& at)
      : patches_(p, at), weights_(p, at) {}
  __device__ void copy(float* slot) {
    patches_.copy(slot);
    weights_.copy(slot + Layout::left);
  }

 private:
  patch_copier<Layout, Left> patches_;
  std::conditional_t<Layout::adjoint, line_copier<Layout, Right>, row_copier<Layout, Right>> weights_;
};

}  // namespace salient::kernel::cuda
