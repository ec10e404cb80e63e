// SPDX-License-Identifier: MIT
#include "salient/kernel/map.hpp"

#include "kernel/direct/direct.hpp"
#include "kernel/expression.hpp"
#include "kernel/rows.hpp"

namespace salient::kernel {
namespace {

/// Exact at position 1: a rounding error would break ties between equal neighbours and change a max-pool's
/// winner.
template <class T>
SALIENT_HD T line_point(T from, T to, T position) {
  return position == T(1) ? to : from + position * (to - from);
}

/// N elements of one point.
template <int N, class T>
struct line_points {
  divider size;
  const T *from, *to, *positions;
  T* out;

  SALIENT_HD void operator()(long i) const {
    const long at = i * N, point = size(at), e = at - point * size.by();
    const auto begin = load<N>(from + e), end = load<N>(to + e);
    several<T, N> v;
    for (int j = 0; j < N; ++j) v[j] = line_point(begin[j], end[j], positions[point]);
    store(out + at, v);
  }
};

template <class T>
struct weighted_sum {
  view<const T> x;
  divider positions;  ///< of an image
  const T* weight;
  T* out;

  template <class Team>
  SALIENT_HD void operator()(const Team& team, long position) const {
    const int channels = x.extent.channels;
    const T *const w = weight + positions(position) * channels, *const values = x.at(position);
    T sum = 0;
    for (int c = team.lane(); c < channels; c += team.lanes()) sum += w[c] * values[c];
    sum = team.sum(sum);
    if (team.lane() == 0) out[position] = sum;
  }
};

template <class T>
struct mean_of_channel {
  view<const T> x;

  SALIENT_HD T operator()(long n, int c) const {
    const T* const first = x.image(n) + c;
    T sum = 0;
    for (long p = 0; p < x.extent.positions(); ++p) sum += first[p * x.pitch];
    return whole(n, sum);
  }
  SALIENT_HD T part(long n, int c, int i, int parts) const {
    const T* const first = x.image(n) + c;
    return part_of_sum<T>(x.extent.positions(), i, parts, [&](long p) { return first[p * x.pitch]; });
  }
  SALIENT_HD T whole(long, T sum) const { return sum / static_cast<T>(x.extent.positions()); }
};

}  // namespace

template <class D, class T>
void multiply_elements(const D& d, long size, const T* a, const T* b, T* out) {
  assign(d, size, out, [](auto u, auto v) { return u * v; }, a, b);
}

template <class D, class T>
void line(const D& d, long count, long size, const T* from, const T* to, const T* positions, T* out) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() != implementation::eigen)
      return share_out(d, elementwise(count * size), direct::line{count, size, from, to, positions, out});
  if constexpr (has_threads<D>) {
    const divider by_size(static_cast<int>(size));
    if (size % 4 == 0 && in_fours(from) && in_fours(to) && in_fours(out))
      return for_each(d, count * size / 4, 0, line_points<4, T>{by_size, from, to, positions, out});
    return for_each(d, count * size, 0, line_points<1, T>{by_size, from, to, positions, out});
  } else {
    for_each(d, size, static_cast<double>(count), [=](long e) {
      for (long i = 0; i < count; ++i) out[i * size + e] = line_point(from[e], to[e], positions[i]);
    });
  }
}

template <class D, class T>
void accumulate(const D& d, long count, long size, const T* x, const T* weights, double* sum) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() != implementation::eigen)
      return share_out(d, elementwise(count * size), direct::accumulate{count, size, x, weights, sum});
  if constexpr (has_threads<D>)
    sum_positions(
        d, count, static_cast<int>(size),
        [=] SALIENT_HD(long i, int e) {
          return static_cast<double>(weights[i]) * static_cast<double>(x[i * size + e]);
        },
        [=] SALIENT_HD(int e, double total) { sum[e] += total; });
  else
    for_each(d, size, static_cast<double>(count), [=](long e) {
      double total = sum[e];
      for (long i = 0; i < count; ++i)
        total += static_cast<double>(weights[i]) * static_cast<double>(x[i * size + e]);
      sum[e] = total;
    });
}

template <class D, class T>
void weighted_channels(const D& d, const view<const T>& x, const T* weight, T* out) {
  const int channels = x.extent.channels;
  for_each_row(d, x.positions(), channels, static_cast<double>(channels),
               weighted_sum<T>{x, divider(static_cast<int>(x.extent.positions())), weight, out});
}

template <class D, class T>
void channel_mean(const D& d, const view<const T>& x, T* mean) {
  write_sums(d, view<T>(mean, x.batch, {1, 1, x.extent.channels}), {}, x.extent.positions(),
             mean_of_channel<T>{x});
}

#define KERNELS(D, T)                                                            \
  template void multiply_elements(const D&, long, const T*, const T*, T*);       \
  template void line(const D&, long, long, const T*, const T*, const T*, T*);    \
  template void accumulate(const D&, long, long, const T*, const T*, double*);   \
  template void weighted_channels(const D&, const view<const T>&, const T*, T*); \
  template void channel_mean(const D&, const view<const T>&, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
