// SPDX-License-Identifier: MIT
#include "salient/kernel/pool.hpp"

#include <cmath>
#include <limits>

#include "kernel/direct/direct.hpp"
#include "kernel/rows.hpp"
#include "kernel/sliding.hpp"

namespace salient::kernel {
namespace {

/// The channels of one position.
template <class T>
SALIENT_HD T* under(const view<T>& x, long n, int row, int column) {
  return x.at((n * x.extent.height + row) * x.extent.width + column);
}

template <class T>
struct averaged {
  mean_windows w;
  view<const T> x;
  places at;  ///< outputs

  bool in_fours() const { return kernel::in_fours(x); }

  template <int N>
  SALIENT_HD several<T, N> results(long position, int c) const {
    const place to = at(position);
    const range rows = w.y.inside(to.y), columns = w.x.inside(to.x);
    several<T, N> sum{};
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column) {
        const auto v = load<N>(under(x, to.n, w.y.input(to.y, row), w.x.input(to.x, column)) + c);
        for (int j = 0; j < N; ++j) sum[j] += v[j];
      }
    const T divisor = w.divisor(to.y, to.x);
    if (divisor > 0)
      for (int j = 0; j < N; ++j) sum[j] /= divisor;
    return sum;
  }

  SALIENT_HD T part(long position, int c, int i, int parts) const {
    const place to = at(position);
    const range rows = w.y.inside(to.y), columns = w.x.inside(to.x);
    const int width = columns.last - columns.first;
    return part_of_sum<T>((rows.last - rows.first) * width, i, parts, [&](int tap) {
      const int row = tap / width, column = tap - row * width;
      return under(x, to.n, w.y.input(to.y, rows.first + row), w.x.input(to.x, columns.first + column))[c];
    });
  }
  SALIENT_HD T whole(long position, T sum) const {
    const place to = at(position);
    const T divisor = w.divisor(to.y, to.x);
    return divisor > 0 ? sum / divisor : sum;
  }
};

template <class T>
struct averaged_gradient {
  mean_windows w;
  view<const T> dy;
  places at;  ///< inputs

  bool in_fours() const { return kernel::in_fours(dy); }

  template <int N>
  SALIENT_HD several<T, N> results(long position, int c) const {
    const place to = at(position);
    const range rows = w.y.reading(to.y), columns = w.x.reading(to.x);
    several<T, N> sum{};
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column) {
        if (!w.y.reads(row, to.y) || !w.x.reads(column, to.x)) continue;
        const auto signal = load<N>(under(dy, to.n, row, column) + c);
        const T divisor = w.divisor(row, column);
        for (int j = 0; j < N; ++j) sum[j] += signal[j] / divisor;
      }
    return sum;
  }
};

template <class T>
struct largest {
  sliding_axis ys, xs;
  view<const T> x;
  places at;  ///< outputs
  std::uint16_t* switches;

  bool in_fours() const { return kernel::in_fours(x) && kernel::in_fours(switches); }

  template <int N>
  SALIENT_HD several<T, N> results(long position, int c) const {
    const place to = at(position);
    const range rows = ys.inside(to.y), columns = xs.inside(to.x);
    several<T, N> best;
    several<std::uint16_t, N> winner{};
    for (int j = 0; j < N; ++j) best[j] = -std::numeric_limits<T>::infinity();
    bool first = true;
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column) {
        const auto v = load<N>(
            under(x, to.n, ys.start(to.y) + row * ys.dilation, xs.start(to.x) + column * xs.dilation) + c);
        for (int j = 0; j < N; ++j)
          if (first || v[j] > best[j] || v[j] != v[j]) {
            best[j] = v[j];
            winner[j] = static_cast<std::uint16_t>(row * xs.length + column);
          }
        first = false;
      }
    if (switches) store(switches + position * x.extent.channels + c, winner);
    return best;
  }
};

/// Each input gathers from the windows that cover it, so that no two threads write the same element.
template <class T>
struct largest_gradient {
  sliding_axis ys, xs;
  view<const T> dy;
  places at;  ///< inputs
  const std::uint16_t* switches;

  bool in_fours() const { return kernel::in_fours(dy) && kernel::in_fours(switches); }

  template <int N>
  SALIENT_HD several<T, N> results(long position, int c) const {
    const place to = at(position);
    const shape out = dy.extent;
    const range rows = ys.outputs(to.y, out.height), columns = xs.outputs(to.x, out.width);
    several<T, N> sum{};
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column) {
        const int tap_y = ys.tap(row, to.y), tap_x = xs.tap(column, to.x);
        if (tap_y < 0 || tap_x < 0) continue;
        const long o = (to.n * out.height + row) * out.width + column;
        const auto winner = load<N>(switches + o * out.channels + c);
        const auto signal = load<N>(dy.at(o) + c);
        for (int j = 0; j < N; ++j)
          if (winner[j] == tap_y * xs.length + tap_x) sum[j] += signal[j];
      }
    return sum;
  }
};

template <class T>
struct rival_reach {
  sliding_axis ys, xs;
  view<const T> x, slope;
  places outputs;
  const std::uint16_t* switches;
  T* reach;

  template <class Team>
  SALIENT_HD void operator()(const Team& team, long n, const position_range& part) const {
    T least = team.bound(reach + n);
    const int channels = x.extent.channels;
    part.for_each(team, channels, [&](long p, int first, int step) {
      const place at = outputs(p);
      const range rows = ys.inside(at.y), columns = xs.inside(at.x);
      if (rows.first >= rows.last || columns.first >= columns.last) return;
      const auto input = [&](const view<const T>& from, int row, int column) {
        return under(from, n, ys.start(at.y) + row * ys.dilation, xs.start(at.x) + column * xs.dilation);
      };
      for (int c = first; c < channels; c += step) {
        const int winner = switches[p * channels + c];
        const T highest = input(x, winner / xs.length, winner % xs.length)[c];
        const T speed = input(slope, winner / xs.length, winner % xs.length)[c];
        for (int row = rows.first; row < rows.last; ++row)
          for (int column = columns.first; column < columns.last; ++column) {
            const T behind = highest - input(x, row, column)[c], gain = input(slope, row, column)[c] - speed;
            if (gain > 0 && behind > 0 && behind < least * gain) least = behind / gain;
          }
      }
    });
    team.lower(reach + n, least);
  }
};

template <class D, class T>
void average(const D& d, const mean_windows& w, const view<const T>& x, const epilogue<T>& e,
             const view<T>& y) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() != implementation::eigen)
      return share_out(d, elementwise(x.elements()), direct::avg_pool{w, x, e, y});
  write_sums(d, y, e, x.extent.positions() / y.extent.positions(), averaged<T>{w, x, places(y.extent)});
}

template <class D, class T>
void average_gradient(const D& d, const mean_windows& w, const view<const T>& dy, const epilogue<T>& e,
                      const view<T>& dx) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() != implementation::eigen)
      return share_out(d, elementwise(dx.elements()), direct::avg_pool_gradient{w, dy, e, dx});
  write_results(d, dx, e, 4, averaged_gradient<T>{w, dy, places(dx.extent)});
}

}  // namespace

template <class D, class T>
void max_pool(const D& d, const window& w, const view<const T>& x, const epilogue<T>& e, const view<T>& y,
              std::uint16_t* switches) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() != implementation::eigen)
      return share_out(d, elementwise(y.elements() * w.area()), direct::max_pool{w, x, e, y, switches});
  write_results(
      d, y, e, static_cast<double>(w.area()),
      largest<T>{sliding_rows(w, x.extent), sliding_columns(w, x.extent), x, places(y.extent), switches});
}

template <class D, class T>
void max_pool_gradient(const D& d, const window& w, const view<const T>& dy, const std::uint16_t* switches,
                       const epilogue<T>& e, const view<T>& dx) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() != implementation::eigen)
      return share_out(d, elementwise(dx.elements()), direct::max_pool_gradient{w, dy, switches, e, dx});
  write_results(d, dx, e, static_cast<double>(w.area()),
                largest_gradient<T>{sliding_rows(w, dx.extent), sliding_columns(w, dx.extent), dy,
                                    places(dx.extent), switches});
}

template <class D, class T>
void max_pool_slope(const D& d, const window& w, const view<const T>& x_slope, const std::uint16_t* switches,
                    const view<T>& y_slope) {
  const shape in = x_slope.extent;
  const sliding_axis ys = sliding_rows(w, in), xs = sliding_columns(w, in);
  const places outputs(y_slope.extent);
  write_results(d, y_slope, {}, 4, [=] SALIENT_HD(long p, int c) {
    const place at = outputs(p);
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
  for_each_part(d, x.batch, y.extent, static_cast<double>(w.area()),
                rival_reach<T>{sliding_rows(w, x.extent), sliding_columns(w, x.extent), x, slope,
                               places(y.extent), switches, reach});
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
