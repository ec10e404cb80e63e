// SPDX-License-Identifier: MIT
#pragma once

// Depthwise convolutions on a GPU, with a tile of results for each thread: a channel's weights are far from
// its neighbour's, so a block brings them together first, and columns share what they read.

#include "kernel/rows.hpp"
#include "kernel/sliding.hpp"
#include "salient/core/window.hpp"

namespace salient::kernel {

/// What the tiles of a depthwise convolution read; as many results as inputs per position.
template <class T>
struct depthwise_input {
  view<const T> x;  ///< or dy
  const T* weight;  ///< (C, KH, KW)
  const T* scale;   ///< (C) or null: of the weights
  const T* bias;    ///< (C) or null
};

/// Convolves with Length x Length taps, Stride apart, or applies the adjoint. A thread has four channels of
/// four columns; eight neighbouring threads have 32 channels, the next those of the rows below, four in all,
/// so that a block reads few rows twice.
template <class T, int Length, int Stride, bool Adjoint>
class depthwise_tiles {
  static_assert(Stride == 1 || Stride == 2);

 public:
  using number = T;
  static constexpr int fours = 8, area = Length * Length;
  static constexpr int pitch =
      4 * fours + 4;                         ///< of a tap's weights: taps begin in different banks of memory
  static constexpr int held = area * pitch;  ///< numbers that a block holds
  struct tile_sums {
    several<T, 4> of[4];  ///< columns

    /// The sums of the first column; the others move up.
    SALIENT_HD several<T, 4> next() {
      const several<T, 4> first = of[0];
      for (int i = 0; i < 3; ++i) of[i] = of[i + 1];
      return first;
    }
  };

  depthwise_tiles(const depthwise_input<T>& from, const window& w, const result_writer<T>& to)
      : from_(from),
        to_(to),
        top_(Adjoint && Stride == 1 ? Length - 1 - w.top : w.top),
        left_(Adjoint && Stride == 1 ? Length - 1 - w.left : w.left),
        across_((to.y.extent.width + 3) / 4),
        bands_((to.y.extent.height + 3) / 4) {}

  SALIENT_HD int channels() const { return to_.y.extent.channels; }
  long tiles() const { return 4 * to_.y.batch * bands_.by() * across_.by(); }
  SALIENT_HD bool records() const { return to_.records(); }

  /// A thread's share of a block's weights, which begin with channel `first`.
  SALIENT_HD void hold(T* weights, int first, int thread, int threads) const {
    for (int i = thread; i < area * 4 * fours; i += threads) {
      const int c = i / area, tap = i % area, at = Adjoint && Stride == 1 ? area - 1 - tap : tap;
      if (first + c >= to_.y.extent.channels) return;
      const T own = from_.weight[static_cast<long>(first + c) * area + tap];
      weights[at * pitch + c] = from_.scale ? own * from_.scale[first + c] : own;
    }
  }

  /// The sums of a tile, for channels c to c + 3; `weights` begin with channel c's.
  SALIENT_HD tile_sums sums(const T* weights, unsigned tile, int c) const {
    tile_sums s{};
    const place at = corner(tile);
    if (from_.bias)
      for (auto& sum : s.of) sum = load<4>(from_.bias + c);
    if constexpr (!Adjoint || Stride == 1)
      add_windows(s, weights, at, c);
    else if ((at.x + left_ - Length + 1) % 2 != 0)
      add_adjoint<1>(s, weights, at, c);
    else
      add_adjoint<0>(s, weights, at, c);
    return s;
  }

  /// Writes one column of a tile and returns the bits.
  SALIENT_HD unsigned write(const several<T, 4>& sums, unsigned tile, int c, int column) const {
    const place at = corner(tile);
    return inside(at, column) ? to_.write(position(at, column), c, sums) : 0;
  }
  SALIENT_HD void keep(unsigned tile, int c, int column, unsigned bits) const {
    const place at = corner(tile);
    if (c % 8 == 0 && inside(at, column)) to_.keep(position(at, column), c / 8, bits);
  }

 private:
  SALIENT_HD place corner(unsigned tile) const {
    const unsigned group = tile / 4, line = across_(group), n = bands_(line);
    return {static_cast<long>(n),
            static_cast<int>(4 * (line - n * static_cast<unsigned>(bands_.by())) + tile % 4),
            static_cast<int>(4 * (group - line * static_cast<unsigned>(across_.by())))};
  }
  SALIENT_HD bool inside(const place& at, int column) const {
    return at.y < to_.y.extent.height && at.x + column < to_.y.extent.width;
  }
  SALIENT_HD long position(const place& at, int column) const {
    return (at.n * to_.y.extent.height + at.y) * to_.y.extent.width + at.x + column;
  }

  /// Reads Count columns of an input row, zeros outside the image.
  template <int Count>
  struct input_row {
    several<T, 4> at[Count];
    SALIENT_HD input_row(const view<const T>& x, long n, int row, int first, int c) {
      const T* const line = x.at((n * x.extent.height + row) * x.extent.width) + c;
      for (int i = 0; i < Count; ++i)
        at[i] = first + i >= 0 && first + i < x.extent.width
                    ? load<4>(line + static_cast<long>(first + i) * x.pitch)
                    : several<T, 4>{};
    }
  };

  SALIENT_HD static void add(several<T, 4>& sum, const several<T, 4>& w, const several<T, 4>& v) {
    for (int j = 0; j < 4; ++j) sum[j] += w[j] * v[j];
  }

  SALIENT_HD void add_windows(tile_sums& s, const T* weights, const place& at, int c) const {
    constexpr int step = Adjoint ? 1 : Stride;
    for (int ky = 0; ky < Length; ++ky) {
      const int row = at.y * step - top_ + ky;
      if (row < 0 || row >= from_.x.extent.height) continue;
      const input_row<3 * step + Length> in(from_.x, at.n, row, at.x * step - left_, c);
      for (int kx = 0; kx < Length; ++kx) {
        const auto w = load<4>(weights + (ky * Length + kx) * pitch);
        for (int i = 0; i < 4; ++i) add(s.of[i], w, in.at[i * step + kx]);
      }
    }
  }

  /// The adjoint with stride 2: every second tap reads a column of dy. Odd if the first tap does not.
  template <int Odd>
  SALIENT_HD void add_adjoint(tile_sums& s, const T* weights, const place& at, int c) const {
    constexpr int count = (Length + 2 - Odd) / 2 + 1;
    for (int ky = 0; ky < Length; ++ky) {
      const int twice = at.y + top_ - ky, row = twice / 2;
      if (twice < 0 || twice % 2 != 0 || row >= from_.x.extent.height) continue;
      const input_row<count> in(from_.x, at.n, row, (at.x + left_ - Length + 1 + Odd) / 2, c);
      for (int kx = 0; kx < Length; ++kx) {
        const auto w = load<4>(weights + (ky * Length + kx) * pitch);
        for (int i = 0; i < 4; ++i) {
          const int columns = i + Length - 1 - Odd - kx;
          if (columns >= 0 && columns % 2 == 0) add(s.of[i], w, in.at[columns / 2]);
        }
      }
    }
  }

  depthwise_input<T> from_;
  result_writer<T> to_;
  int top_, left_;
  divider across_, bands_;  ///< by the tiles of a row, and by the groups of four rows
};

/// Runs the convolution or its adjoint by tiles, if there are tiles for this one.
template <bool Adjoint, class D, class T>
bool by_tiles(const D& d, const depthwise_input<T>& from, const window& w, const result_writer<T>& to) {
  constexpr long most = 1L << 30;  // tiles
  if (w.height != w.width || w.stride_y != w.stride_x || w.dilation_y != 1 || w.dilation_x != 1 ||
      to.y.positions() > most || !in_fours(to) || !in_fours(from.x) || !in_fours(from.bias))
    return false;
  const int length = w.height, stride = w.stride_y;
  if (length == 3 && stride == 1)
    call_tiles(d, depthwise_tiles<T, 3, 1, Adjoint>(from, w, to));
  else if (length == 3 && stride == 2)
    call_tiles(d, depthwise_tiles<T, 3, 2, Adjoint>(from, w, to));
  else if (length == 5 && stride == 1)
    call_tiles(d, depthwise_tiles<T, 5, 1, Adjoint>(from, w, to));
  else if (length == 5 && stride == 2)
    call_tiles(d, depthwise_tiles<T, 5, 2, Adjoint>(from, w, to));
  else if (length == 7 && stride == 1)
    call_tiles(d, depthwise_tiles<T, 7, 1, Adjoint>(from, w, to));
  else
    return false;
  return true;
}

}  // namespace salient::kernel
