// SPDX-License-Identifier: MIT
#pragma once

// Depthwise convolutions for any device. Each output channel reads one input channel, so there is no
// matrix product.

#include "kernel/depthwise_tiles.hpp"
#include "kernel/rows.hpp"
#include "kernel/sliding.hpp"
#include "salient/kernel/conv.hpp"

namespace salient::kernel {

/// The results of a depthwise convolution, whose outputs are `multiplier` times as many as its inputs.
template <class T>
struct depthwise_results {
  sliding_axis ys, xs;
  view<const T> x;
  places at;  ///< outputs
  divider multiplier;
  const T *weight, *bias;

  SALIENT_HD T operator()(long position, int o) const {
    const place to = at(position);
    const range rows = ys.inside(to.y), columns = xs.inside(to.x);
    const int c = static_cast<int>(multiplier(static_cast<unsigned>(o))), area = ys.length * xs.length;
    const T* const own = weight + static_cast<long>(o) * area;
    T sum = bias ? bias[o] : T(0);
    for (int ky = rows.first; ky < rows.last; ++ky) {
      const long line = (to.n * ys.size + ys.start(to.y) + ky * ys.dilation) * xs.size + xs.start(to.x);
      for (int kx = columns.first; kx < columns.last; ++kx)
        sum += own[ky * xs.length + kx] * x.at(line + kx * xs.dilation)[c];
    }
    return sum;
  }
};

/// Its input gradient.
template <class T>
struct depthwise_gradients {
  sliding_axis ys, xs;
  view<const T> dy;
  places at;  ///< inputs
  int multiplier;
  const T *weight, *scale;

  SALIENT_HD T operator()(long position, int c) const {
    const place to = at(position);
    const shape out = dy.extent;
    const range rows = ys.outputs(to.y, out.height), columns = xs.outputs(to.x, out.width);
    const int area = ys.length * xs.length;
    T sum = 0;
    for (int row = rows.first; row < rows.last; ++row) {
      const int ky = ys.tap(row, to.y);
      if (ky < 0) continue;
      for (int column = columns.first; column < columns.last; ++column) {
        const int kx = xs.tap(column, to.x);
        if (kx < 0) continue;
        const T* const signal = dy.at((to.n * out.height + row) * out.width + column);
        for (int o = c * multiplier; o < (c + 1) * multiplier; ++o)
          sum += weight[static_cast<long>(o) * area + ky * xs.length + kx] * (scale ? scale[o] : T(1)) *
                 signal[o];
      }
    }
    return sum;
  }
};

template <class D, class T>
void depthwise(const D& d, const conv_problem& p, const view<const T>& x, const conv_weights<T>& w,
               const epilogue<T>& e, const view<T>& y) {
  if constexpr (has_threads<D>)
    if (p.filters == p.channels && by_tiles<false>(d, depthwise_input<T>{x, w.weight, nullptr, w.bias}, p.w,
                                                   result_writer<T>{e, y, {0, p.filters}}))
      return;
  write_results(d, y, e, static_cast<double>(p.patch()),
                depthwise_results<T>{sliding_rows(p.w, x.extent), sliding_columns(p.w, x.extent), x,
                                     places(y.extent), divider(p.filters / p.channels), w.weight, w.bias});
}

template <class D, class T>
void depthwise_input_gradient(const D& d, const conv_problem& p, const view<const T>& dy,
                              const conv_weights<T>& w, const epilogue<T>& e, const view<T>& dx) {
  if constexpr (has_threads<D>)
    if (p.filters == p.channels && by_tiles<true>(d, depthwise_input<T>{dy, w.weight, w.scale, nullptr}, p.w,
                                                  result_writer<T>{e, dx, {0, p.channels}}))
      return;
  const int multiplier = p.filters / p.channels;
  write_results(d, dx, e, static_cast<double>(p.patch() * multiplier),
                depthwise_gradients<T>{sliding_rows(p.w, dx.extent), sliding_columns(p.w, dx.extent), dy,
                                       places(dx.extent), multiplier, w.weight, w.scale});
}

/// Sums over positions for each tap of each output channel, tap after tap.
template <class T>
struct depthwise_weight_sums {
  using number = T;
  sliding_axis ys, xs;
  view<const T> x, dy;
  places at;                    ///< outputs
  divider multiplier, columns;  ///< columns: of the window
  int channels;                 ///< outputs
  T* dweight;

  SALIENT_HD T part(long tap, int o, int i, int parts) const {
    const int ky = static_cast<int>(columns(tap)), kx = static_cast<int>(tap) - ky * xs.length;
    const int c = static_cast<int>(multiplier(static_cast<unsigned>(o)));
    return part_of_sum<T>(dy.positions(), i, parts, [&](long q) {
      const place to = at(q);
      const int row = ys.start(to.y) + ky * ys.dilation, column = xs.start(to.x) + kx * xs.dilation;
      if (row < 0 || row >= ys.size || column < 0 || column >= xs.size) return T(0);
      return dy.at(q)[o] * x.at((to.n * ys.size + row) * xs.size + column)[c];
    });
  }
  SALIENT_HD unsigned finish(long tap, int o, T sum) const {
    dweight[static_cast<long>(o) * ys.length * xs.length + tap] = sum;
    return 0;
  }
  SALIENT_HD bool records() const { return false; }
  SALIENT_HD void keep(long, int, unsigned) const {}
};

template <class D, class T>
void depthwise_weight_gradient(const D& d, const conv_problem& p, const view<const T>& x,
                               const view<const T>& dy, const conv_gradients<T>& g) {
  const int multiplier = p.filters / p.channels;
  const sliding_axis ys = sliding_rows(p.w, x.extent), xs = sliding_columns(p.w, x.extent);
  const long area = p.w.area(), positions = dy.positions();
  const double cost = static_cast<double>(positions);
  if constexpr (has_threads<D>) {
    call_with_sums(d, area, shape_of_sums(area, p.filters, positions),
                   depthwise_weight_sums<T>{ys, xs, x, dy, places(dy.extent), divider(multiplier),
                                            divider(xs.length), p.filters, g.dweight});
  } else {
    for_each(d, p.filters * area, cost, [=] SALIENT_HD(long i) {
      const int o = static_cast<int>(i / area), tap = static_cast<int>(i % area);
      const int ky = tap / xs.length, kx = tap % xs.length;
      T sum = 0;
      for (long q = 0; q < positions; ++q) {
        const place at(q, dy.extent);
        const int row = ys.start(at.y) + ky * ys.dilation, column = xs.start(at.x) + kx * xs.dilation;
        if (row < 0 || row >= ys.size || column < 0 || column >= xs.size) continue;
        sum += dy.at(q)[o] * x.at((at.n * ys.size + row) * xs.size + column)[o / multiplier];
      }
      g.dweight[i] = sum;
    });
  }
  if (!g.dbias) return;
  if constexpr (has_threads<D>) {
    T* const dbias = g.dbias;
    sum_positions(
        d, positions, p.filters, [=] SALIENT_HD(long q, int o) { return dy.at(q)[o]; },
        [=] SALIENT_HD(int o, double sum) { dbias[o] = static_cast<T>(sum); });
  } else {
    for_each(d, p.filters, cost, [=] SALIENT_HD(long o) {
      T sum = 0;
      for (long q = 0; q < positions; ++q) sum += dy.at(q)[o];
      g.dbias[o] = sum;
    });
  }
}

}  // namespace salient::kernel
