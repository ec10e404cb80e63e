// SPDX-License-Identifier: MIT
#pragma once

// Depthwise convolutions for any device. Each output channel reads one input channel, so there is no
// matrix product.

#include "kernel/epilogue.hpp"
#include "kernel/sliding.hpp"
#include "salient/kernel/conv.hpp"

namespace salient::kernel {

template <class D, class T>
void depthwise(const D& d, const conv_problem& p, const view<const T>& x, const conv_weights<T>& w,
               const epilogue<T>& e, const view<T>& y) {
  const int multiplier = p.filters / p.channels;
  const sliding_axis ys = sliding_rows(p.w, x.extent), xs = sliding_columns(p.w, x.extent);
  write_results(d, y, e, static_cast<double>(p.patch()), [=] SALIENT_HD(long position, int o) {
    const place at(position, y.extent);
    const range rows = ys.inside(at.y), columns = xs.inside(at.x);
    T sum = w.bias ? w.bias[o] : T(0);
    for (int ky = rows.first; ky < rows.last; ++ky)
      for (int kx = columns.first; kx < columns.last; ++kx)
        sum += w.weight[(static_cast<long>(o) * ys.length + ky) * xs.length + kx] *
               x.at((at.n * ys.size + ys.start(at.y) + ky * ys.dilation) * xs.size + xs.start(at.x) +
                    kx * xs.dilation)[o / multiplier];
    return sum;
  });
}

template <class D, class T>
void depthwise_input_gradient(const D& d, const conv_problem& p, const view<const T>& dy,
                              const conv_weights<T>& w, const epilogue<T>& e, const view<T>& dx) {
  const int multiplier = p.filters / p.channels;
  const sliding_axis ys = sliding_rows(p.w, dx.extent), xs = sliding_columns(p.w, dx.extent);
  const shape out = dy.extent;
  write_results(d, dx, e, static_cast<double>(p.patch() * multiplier), [=] SALIENT_HD(long position, int c) {
    const place at(position, dx.extent);
    const range rows = ys.outputs(at.y, out.height), columns = xs.outputs(at.x, out.width);
    T sum = 0;
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column) {
        const int ky = ys.tap(row, at.y), kx = xs.tap(column, at.x);
        if (ky < 0 || kx < 0) continue;
        const T* const signal = dy.at((at.n * out.height + row) * out.width + column);
        for (int o = c * multiplier; o < (c + 1) * multiplier; ++o)
          sum += w.weight[(static_cast<long>(o) * ys.length + ky) * xs.length + kx] *
                 (w.scale ? w.scale[o] : T(1)) * signal[o];
      }
    return sum;
  });
}

template <class D, class T>
void depthwise_weight_gradient(const D& d, const conv_problem& p, const view<const T>& x,
                               const view<const T>& dy, const conv_gradients<T>& g) {
  const int multiplier = p.filters / p.channels;
  const sliding_axis ys = sliding_rows(p.w, x.extent), xs = sliding_columns(p.w, x.extent);
  const long area = p.w.area(), positions = dy.positions();
  const double cost = static_cast<double>(positions);
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
  if (g.dbias)
    for_each(d, p.filters, cost, [=] SALIENT_HD(long o) {
      T sum = 0;
      for (long q = 0; q < positions; ++q) sum += dy.at(q)[o];
      g.dbias[o] = sum;
    });
}

}  // namespace salient::kernel
