// SPDX-License-Identifier: MIT
#include "salient/kernel/pool.hpp"

#include <cmath>
#include <limits>

#include "kernel/direct/direct.hpp"
#include "kernel/epilogue.hpp"
#include "kernel/sliding.hpp"

namespace salient::kernel {
namespace {

/// The value of x at a tap of an output's window.
template <class T>
SALIENT_HD const T* under(const view<const T>& x, long n, int row, int column) {
  return x.at((n * x.extent.height + row) * x.extent.width + column);
}

template <class D, class T>
void average(const D& d, const mean_windows& w, const view<const T>& x, const epilogue<T>& e,
             const view<T>& y) {
  const double area = static_cast<double>(x.extent.positions()) / static_cast<double>(y.extent.positions());
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(x.elements()), direct::avg_pool{w, x, e, y});
  write_results(d, y, e, area, [=] SALIENT_HD(long p, int c) {
    const place at(p, y.extent);
    const range rows = w.y.inside(at.y), columns = w.x.inside(at.x);
    T sum = 0;
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column)
        sum += under(x, at.n, w.y.input(at.y, row), w.x.input(at.x, column))[c];
    const T divisor = w.divisor(at.y, at.x);
    return divisor > 0 ? sum / divisor : sum;
  });
}

template <class D, class T>
void average_gradient(const D& d, const mean_windows& w, const view<const T>& dy, const epilogue<T>& e,
                      const view<T>& dx) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(dx.elements()), direct::avg_pool_gradient{w, dy, e, dx});
  write_results(d, dx, e, 4, [=] SALIENT_HD(long p, int c) {
    const place at(p, dx.extent);
    const range rows = w.y.reading(at.y), columns = w.x.reading(at.x);
    T sum = 0;
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column)
        if (w.y.reads(row, at.y) && w.x.reads(column, at.x))
          sum += under(dy, at.n, row, column)[c] / static_cast<T>(w.divisor(row, column));
    return sum;
  });
}

}  // namespace

template <class D, class T>
void max_pool(const D& d, const window& w, const view<const T>& x, const epilogue<T>& e, const view<T>& y,
              std::uint16_t* switches) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(y.elements() * w.area()), direct::max_pool{w, x, e, y, switches});
  const sliding_axis ys = sliding_rows(w, x.extent), xs = sliding_columns(w, x.extent);
  write_results(d, y, e, static_cast<double>(w.area()), [=] SALIENT_HD(long p, int c) {
    const place at(p, y.extent);
    const range rows = ys.inside(at.y), columns = xs.inside(at.x);
    T best = -std::numeric_limits<T>::infinity();
    int winner = rows.first * w.width + columns.first;
    bool first = true;
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column) {
        const T value =
            under(x, at.n, ys.start(at.y) + row * ys.dilation, xs.start(at.x) + column * xs.dilation)[c];
        if (first || value > best || value != value) {
          best = value;
          winner = row * w.width + column;
        }
        first = false;
      }
    if (switches) switches[p * y.extent.channels + c] = static_cast<std::uint16_t>(first ? 0 : winner);
    return best;
  });
}

template <class D, class T>
void max_pool_gradient(const D& d, const window& w, const view<const T>& dy, const std::uint16_t* switches,
                       const epilogue<T>& e, const view<T>& dx) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(dx.elements()), direct::max_pool_gradient{w, dy, switches, e, dx});
  const sliding_axis ys = sliding_rows(w, dx.extent), xs = sliding_columns(w, dx.extent);
  // Each input gathers from the windows that cover it, so that no two threads write the same element.
  write_results(d, dx, e, static_cast<double>(w.area()), [=] SALIENT_HD(long p, int c) {
    const place at(p, dx.extent);
    const shape out = dy.extent;
    const range rows = ys.outputs(at.y, out.height), columns = xs.outputs(at.x, out.width);
    T sum = 0;
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column) {
        const int tap_y = ys.tap(row, at.y), tap_x = xs.tap(column, at.x);
        const long o = (at.n * out.height + row) * out.width + column;
        if (tap_y >= 0 && tap_x >= 0 && switches[o * out.channels + c] == tap_y * w.width + tap_x)
          sum += dy.at(o)[c];
      }
    return sum;
  });
}

template <class D, class T>
void max_pool_slope(const D& d, const window& w, const view<const T>& x_slope, const std::uint16_t* switches,
                    const view<T>& y_slope) {
  const shape in = x_slope.extent;
  const sliding_axis ys = sliding_rows(w, in), xs = sliding_columns(w, in);
  write_results(d, y_slope, {}, 4, [=] SALIENT_HD(long p, int c) {
    const place at(p, y_slope.extent);
    const int winner = switches[p * y_slope.extent.channels + c];
    const int row = ys.start(at.y) + winner / w.width * w.dilation_y;
    const int column = xs.start(at.x) + winner % w.width * w.dilation_x;
    const bool inside = row >= 0 && row < in.height && column >= 0 && column < in.width;
    return inside ? under(x_slope, at.n, row, column)[c] : T(0);
  });
}

template <class D, class T>
void max_pool_reach(const D& d, const window& w, const view<const T>& x, const view<const T>& slope,
                    const view<const T>& y, const std::uint16_t* switches, T* reach) {
  const sliding_axis ys = sliding_rows(w, x.extent), xs = sliding_columns(w, x.extent);
  const long positions = y.extent.positions();
  const int channels = y.extent.channels;
  const double cost = static_cast<double>(y.extent.elements() * w.area());
  for_each(d, x.batch, cost, [=] SALIENT_HD(long n) {
    T least = reach[n];
    for (long p = n * positions; p < (n + 1) * positions; ++p) {
      const place at(p, y.extent);
      const range rows = ys.inside(at.y), columns = xs.inside(at.x);
      const auto input = [&](const view<const T>& from, int tap) {
        return under(from, n, ys.start(at.y) + tap / w.width * w.dilation_y,
                     xs.start(at.x) + tap % w.width * w.dilation_x);
      };
      if (rows.first >= rows.last || columns.first >= columns.last) continue;
      for (int c = 0; c < channels; ++c) {
        const int winner = switches[p * channels + c];
        const T highest = input(x, winner)[c], speed = input(slope, winner)[c];
        for (int row = rows.first; row < rows.last; ++row)
          for (int column = columns.first; column < columns.last; ++column) {
            const int rival = row * w.width + column;
            const T behind = highest - input(x, rival)[c], gain = input(slope, rival)[c] - speed;
            if (gain > 0 && behind > 0 && behind < least * gain) least = behind / gain;
          }
      }
    }
    reach[n] = least;
  });
}

template <class D, class T>
void avg_pool(const D& d, const window& w, divisor by, const view<const T>& x, const epilogue<T>& e,
              const view<T>& y) {
  average(d, sliding_means(w, by, x.extent, y.extent), x, e, y);
}

template <class D, class T>
void avg_pool_gradient(const D& d, const window& w, divisor by, const view<const T>& dy, const epilogue<T>& e,
                       const view<T>& dx) {
  average_gradient(d, sliding_means(w, by, dx.extent, dy.extent), dy, e, dx);
}

template <class D, class T>
void adaptive_avg_pool(const D& d, const view<const T>& x, const epilogue<T>& e, const view<T>& y) {
  average(d, dividing_means(x.extent, y.extent), x, e, y);
}

template <class D, class T>
void adaptive_avg_pool_gradient(const D& d, const view<const T>& dy, const epilogue<T>& e,
                                const view<T>& dx) {
  average_gradient(d, dividing_means(dx.extent, dy.extent), dy, e, dx);
}

#define KERNELS(D, T)                                                                                       \
  template void max_pool(const D&, const window&, const view<const T>&, const epilogue<T>&, const view<T>&, \
                         std::uint16_t*);                                                                   \
  template void max_pool_gradient(const D&, const window&, const view<const T>&, const std::uint16_t*,      \
                                  const epilogue<T>&, const view<T>&);                                      \
  template void max_pool_slope(const D&, const window&, const view<const T>&, const std::uint16_t*,         \
                               const view<T>&);                                                             \
  template void max_pool_reach(const D&, const window&, const view<const T>&, const view<const T>&,         \
                               const view<const T>&, const std::uint16_t*, T*);                             \
  template void avg_pool(const D&, const window&, divisor, const view<const T>&, const epilogue<T>&,        \
                         const view<T>&);                                                                   \
  template void avg_pool_gradient(const D&, const window&, divisor, const view<const T>&,                   \
                                  const epilogue<T>&, const view<T>&);                                      \
  template void adaptive_avg_pool(const D&, const view<const T>&, const epilogue<T>&, const view<T>&);      \
  template void adaptive_avg_pool_gradient(const D&, const view<const T>&, const epilogue<T>&,              \
                                           const view<T>&);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
