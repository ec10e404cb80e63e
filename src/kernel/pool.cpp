// SPDX-License-Identifier: MIT
#include "salient/kernel/pool.hpp"

#include "kernel/direct/direct.hpp"
#include "kernel/portable.hpp"
#include "kernel/sliding.hpp"
#include "salient/kernel/activation.hpp"

namespace salient::kernel {

template <class D, class T>
void max_pool(const D& d, long batch, const window& w, shape in, shape out, const T* x, const finish& after,
              T* y, int* switches) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(batch * out.elements() * w.area()),
                       [&](share s) { direct::max_pool(s, batch, w, in, out, x, after, y, switches); });
  for_each(d, batch * out.elements(), static_cast<double>(w.area()), [=] SALIENT_HD(long i) {
    const place at(i, out);
    const range rows = covered(at.y, w.stride_y, w.top, w.height, in.height);
    const range columns = covered(at.x, w.stride_x, w.left, w.width, in.width);
    const T* image = x + at.n * in.elements() + at.c;
    int winner = rows.first * in.width + columns.first;
    T best = image[static_cast<long>(winner) * in.channels];
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column) {
        const int position = row * in.width + column;
        const T value = image[static_cast<long>(position) * in.channels];
        if (value > best) {
          best = value;
          winner = position;
        }
      }
    y[i] = best;
    if (switches) switches[i] = winner;
  });
  apply(d, after, batch * out.elements(), y, y);
}

template <class D, class T>
void max_pool_gradient(const D& d, long batch, const window& w, shape in, shape out, const T* dy,
                       const int* switches, const finish& after, T* dx) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(batch * in.elements()), [&](share s) {
        direct::max_pool_gradient(s, batch, w, in, out, dy, switches, after, dx);
      });
  // Each input gathers from the windows over it, so that no two workers write one element.
  for_each(d, batch * in.elements(), static_cast<double>(w.area()), [=] SALIENT_HD(long i) {
    const place at(i, in);
    const int position = at.y * in.width + at.x;
    const range rows = covering(at.y, w.stride_y, w.top, w.height, out.height);
    const range columns = covering(at.x, w.stride_x, w.left, w.width, out.width);
    T sum = 0;
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column) {
        const long o = index({at.n, row, column, at.c}, out);
        if (switches[o] == position) sum += dy[o];
      }
    dx[i] = sum;
  });
  apply(d, after, batch * in.elements(), dx, dx);
}

template <class D, class T>
void max_pool_slope(const D& d, long batch, shape in, shape out, const T* x_slope, const int* switches,
                    T* y_slope) {
  for_each(d, batch * out.elements(), 1, [=] SALIENT_HD(long i) {
    const place at(i, out);
    y_slope[i] = x_slope[at.n * in.elements() + static_cast<long>(switches[i]) * in.channels + at.c];
  });
}

template <class D, class T>
void max_pool_reach(const D& d, long batch, const window& w, shape in, shape out, const T* x, const T* slope,
                    const int* switches, T* reach) {
  const double cost = static_cast<double>(out.elements() * w.area());
  for_each(d, batch, cost, [=] SALIENT_HD(long n) {
    T least = reach[n];
    for (long i = n * out.elements(); i < (n + 1) * out.elements(); ++i) {
      const place at(i, out);
      const range rows = covered(at.y, w.stride_y, w.top, w.height, in.height);
      const range columns = covered(at.x, w.stride_x, w.left, w.width, in.width);
      const long winner = n * in.elements() + static_cast<long>(switches[i]) * in.channels + at.c;
      for (int row = rows.first; row < rows.last; ++row)
        for (int column = columns.first; column < columns.last; ++column) {
          const long rival = index({n, row, column, at.c}, in);
          const T behind = x[winner] - x[rival], gain = slope[rival] - slope[winner];
          if (gain > 0 && behind > 0 && behind < least * gain) least = behind / gain;
        }
    }
    reach[n] = least;
  });
}

template <class D, class T>
void avg_pool(const D& d, long batch, const window& w, shape in, shape out, const T* x, const finish& after,
              T* y) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(batch * out.elements() * w.area()),
                       [&](share s) { direct::avg_pool(s, batch, w, in, out, x, after, y); });
  for_each(d, batch * out.elements(), static_cast<double>(w.area()), [=] SALIENT_HD(long i) {
    const place at(i, out);
    const range rows = covered(at.y, w.stride_y, w.top, w.height, in.height);
    const range columns = covered(at.x, w.stride_x, w.left, w.width, in.width);
    T sum = 0;
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column)
        sum += x[index({at.n, row, column, at.c}, in)];
    y[i] = sum / static_cast<T>(w.area());
  });
  apply(d, after, batch * out.elements(), y, y);
}

template <class D, class T>
void avg_pool_gradient(const D& d, long batch, const window& w, shape in, shape out, const T* dy,
                       const finish& after, T* dx) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(batch * in.elements()),
                       [&](share s) { direct::avg_pool_gradient(s, batch, w, in, out, dy, after, dx); });
  for_each(d, batch * in.elements(), static_cast<double>(w.area()), [=] SALIENT_HD(long i) {
    const place at(i, in);
    const range rows = covering(at.y, w.stride_y, w.top, w.height, out.height);
    const range columns = covering(at.x, w.stride_x, w.left, w.width, out.width);
    T sum = 0;
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column)
        sum += dy[index({at.n, row, column, at.c}, out)];
    dx[i] = sum / static_cast<T>(w.area());
  });
  apply(d, after, batch * in.elements(), dx, dx);
}

#define KERNELS(D, T)                                                                                       \
  template void max_pool(const D&, long, const window&, shape, shape, const T*, const finish&, T*, int*);   \
  template void max_pool_gradient(const D&, long, const window&, shape, shape, const T*, const int*,        \
                                  const finish&, T*);                                                       \
  template void max_pool_slope(const D&, long, shape, shape, const T*, const int*, T*);                     \
  template void max_pool_reach(const D&, long, const window&, shape, shape, const T*, const T*, const int*, \
                               T*);                                                                         \
  template void avg_pool(const D&, long, const window&, shape, shape, const T*, const finish&, T*);         \
  template void avg_pool_gradient(const D&, long, const window&, shape, shape, const T*, const finish&, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
