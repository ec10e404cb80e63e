// SPDX-License-Identifier: MIT
#pragma once

// Convolutions as matrix products (im2col): each row is the patch of inputs that one window reads.

#include "kernel/portable.hpp"
#include "kernel/sliding.hpp"
#include "salient/core/view.hpp"
#include "salient/kernel/conv.hpp"

namespace salient::kernel {

/// A range of output rows, counted through the batch: row r is row r % H' of image r / H'.
struct rows {
  long first, last;
  constexpr long count() const { return last - first; }
};

/// Calls body(rows) for as many rows at a time as fit in the scratch memory.
template <class F>
void for_each_chunk(const conv_problem& p, shape out, long batch, const F& body) {
  const long all = batch * out.height, step = patch_rows(p, out, batch);
  for (long first = 0; first < all; first += step) body(rows{first, std::min(first + step, all)});
}

/// One element of the patches: neighbouring ones are neighbouring channels.
template <class T>
struct patch_element {
  sliding_axis ys, xs;
  view<const T> x;
  divider depth, channels, width;  ///< by a patch's elements, a tap's and a row's taps
  places at;                       ///< outputs
  long first;                      ///< the first output
  T* patches;

  SALIENT_HD void operator()(long i) const {
    const long patch = depth(i);
    const auto k = static_cast<unsigned>(i - patch * depth.by()), tap = channels(k), row = width(tap);
    const int c = static_cast<int>(k - tap * static_cast<unsigned>(channels.by()));
    const int column = static_cast<int>(tap - row * static_cast<unsigned>(width.by()));
    const place to = at(first + patch);
    const int y = ys.start(to.y) + static_cast<int>(row) * ys.dilation;
    const int x_at = xs.start(to.x) + column * xs.dilation;
    const bool inside = y >= 0 && y < ys.size && x_at >= 0 && x_at < xs.size;
    patches[i] = inside ? x.at((to.n * ys.size + y) * xs.size + x_at)[c] : T(0);
  }
};

/// patches (rows * W', KH KW C): the inputs of one group that each window reads, zeros outside the image.
template <class D, class T>
void gather_patches(const D& d, rows chunk, const window& w, const view<const T>& x, shape out, T* patches) {
  const int channels = x.extent.channels;
  const long depth = w.area() * channels;
  const sliding_axis ys = sliding_rows(w, x.extent), xs = sliding_columns(w, x.extent);
  if constexpr (has_threads<D>) {
    for_each(d, chunk.count() * out.width * depth, 1,
             patch_element<T>{ys, xs, x, divider(static_cast<int>(depth)), divider(channels),
                              divider(w.width), places(out), chunk.first * out.width, patches});
  } else {
    for_each(d, chunk.count() * out.width, static_cast<double>(depth), [=] SALIENT_HD(long p) {
      const long row = chunk.first + p / out.width, n = row / out.height;
      const int top = ys.start(static_cast<int>(row % out.height));
      const int left = xs.start(static_cast<int>(p % out.width));
      T* to = patches + p * depth;
      for (int ky = 0; ky < w.height; ++ky)
        for (int kx = 0; kx < w.width; ++kx, to += channels) {
          const int i = top + ky * w.dilation_y, j = left + kx * w.dilation_x;
          const bool inside = i >= 0 && i < ys.size && j >= 0 && j < xs.size;
          const T* const from = inside ? x.at((n * ys.size + i) * xs.size + j) : nullptr;
          for (int c = 0; c < channels; ++c) to[c] = inside ? from[c] : T(0);
        }
    });
  }
}

/// The adjoint of gather_patches (col2im): sums what the patches of some rows contribute to one input
/// (position, channel), in a fixed order.
template <class T>
struct scattered {
  rows chunk;
  window w;
  shape in, out;  ///< in.channels is that of one group
  sliding_axis ys, xs;
  places at;
  const T* patches;

  scattered(rows some, const window& kernel, shape from, shape to, const T* gathered)
      : chunk(some),
        w(kernel),
        in(from),
        out(to),
        ys(sliding_rows(kernel, from)),
        xs(sliding_columns(kernel, from)),
        at(from),
        patches(gathered) {}

  SALIENT_HD T operator()(long position, int c) const {
    const place to = at(position);
    const range rows = ys.outputs(to.y, out.height), columns = xs.outputs(to.x, out.width);
    const long depth = w.area() * in.channels;
    T sum = 0;
    for (int row = rows.first; row < rows.last; ++row) {
      const long source = to.n * out.height + row - chunk.first;
      const int tap_y = ys.tap(row, to.y);
      if (source < 0 || source >= chunk.count() || tap_y < 0) continue;
      for (int column = columns.first; column < columns.last; ++column) {
        const int tap_x = xs.tap(column, to.x);
        if (tap_x < 0) continue;
        sum += patches[(source * out.width + column) * depth +
                       (static_cast<long>(tap_y) * w.width + tap_x) * in.channels + c];
      }
    }
    return sum;
  }
};

}  // namespace salient::kernel
