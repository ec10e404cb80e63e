// SPDX-License-Identifier: MIT
#include "salient/kernel/map.hpp"

#include "kernel/direct/direct.hpp"
#include "kernel/expression.hpp"

namespace salient::kernel {

template <class D, class T>
void multiply_elements(const D& d, long size, const T* a, const T* b, T* out) {
  assign(d, size, out, [](auto u, auto v) { return u * v; }, a, b);
}

template <class D, class T>
void line(const D& d, long count, long size, const T* from, const T* to, const T* positions, T* out) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(count * size), direct::line{count, size, from, to, positions, out});
  for_each(d, size, static_cast<double>(count), [=] SALIENT_HD(long e) {
    // Exact at position 1: a rounding error would break ties between equal neighbours and change a
    // max-pool's winner.
    for (long i = 0; i < count; ++i)
      out[i * size + e] = positions[i] == T(1) ? to[e] : from[e] + positions[i] * (to[e] - from[e]);
  });
}

template <class D, class T>
void accumulate(const D& d, long count, long size, const T* x, const T* weights, double* sum) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(count * size), direct::accumulate{count, size, x, weights, sum});
  for_each(d, size, static_cast<double>(count), [=] SALIENT_HD(long e) {
    double total = sum[e];
    for (long i = 0; i < count; ++i)
      total += static_cast<double>(weights[i]) * static_cast<double>(x[i * size + e]);
    sum[e] = total;
  });
}

template <class D, class T>
void weighted_channels(const D& d, const view<const T>& x, const T* weight, T* out) {
  const long positions = x.extent.positions();
  const int channels = x.extent.channels;
  for_each(d, x.positions(), static_cast<double>(channels), [=] SALIENT_HD(long p) {
    const T *w = weight + p / positions * channels, *values = x.at(p);
    T sum = 0;
    for (int c = 0; c < channels; ++c) sum += w[c] * values[c];
    out[p] = sum;
  });
}

template <class D, class T>
void channel_mean(const D& d, const view<const T>& x, T* mean) {
  const long positions = x.extent.positions();
  const int channels = x.extent.channels;
  for_each(d, x.batch * channels, static_cast<double>(positions), [=] SALIENT_HD(long i) {
    const T* const first = x.at(i / channels * positions) + i % channels;
    T sum = 0;
    for (long p = 0; p < positions; ++p) sum += first[p * x.pitch];
    mean[i] = sum / static_cast<T>(positions);
  });
}

#define KERNELS(D, T)                                                            \
  template void multiply_elements(const D&, long, const T*, const T*, T*);       \
  template void line(const D&, long, long, const T*, const T*, const T*, T*);    \
  template void accumulate(const D&, long, long, const T*, const T*, double*);   \
  template void weighted_channels(const D&, const view<const T>&, const T*, T*); \
  template void channel_mean(const D&, const view<const T>&, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
