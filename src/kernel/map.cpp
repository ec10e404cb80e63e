// SPDX-License-Identifier: MIT
#include "salient/kernel/map.hpp"

#include "kernel/direct/direct.hpp"
#include "kernel/expression.hpp"

namespace salient::kernel {

template <class D, class T>
void copy(const D& d, long size, const T* x, T* out) {
  assign(d, size, out, [](auto v) { return v; }, x);
}

template <class D, class T>
void multiply_elements(const D& d, long size, const T* a, const T* b, T* out) {
  assign(d, size, out, [](auto u, auto v) { return u * v; }, a, b);
}

template <class D, class T>
void line(const D& d, long count, long size, const T* from, const T* to, const T* positions, T* out) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(count * size),
                       [&](share s) { direct::line(s, count, size, from, to, positions, out); });
  for_each(d, size, static_cast<double>(count), [=] SALIENT_HD(long e) {
    // Exact at the end: a last bit there would part equal neighbours, between which a max-pool then chooses.
    for (long i = 0; i < count; ++i)
      out[i * size + e] = positions[i] == T(1) ? to[e] : from[e] + positions[i] * (to[e] - from[e]);
  });
}

template <class D, class T>
void accumulate(const D& d, long count, long size, const T* x, const T* weights, double* sum) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(count * size),
                       [&](share s) { direct::accumulate(s, count, size, x, weights, sum); });
  for_each(d, size, static_cast<double>(count), [=] SALIENT_HD(long e) {
    double total = sum[e];
    for (long i = 0; i < count; ++i)
      total += static_cast<double>(weights[i]) * static_cast<double>(x[i * size + e]);
    sum[e] = total;
  });
}

template <class D, class T>
void weighted_channels(const D& d, long batch, long positions, long channels, const T* x, const T* weight,
                       T* out) {
  for_each(d, batch * positions, static_cast<double>(channels), [=] SALIENT_HD(long i) {
    const T* w = weight + i / positions * channels;
    T sum = 0;
    for (long c = 0; c < channels; ++c) sum += w[c] * x[i * channels + c];
    out[i] = sum;
  });
}

template <class D, class T>
void channel_mean(const D& d, long batch, long positions, long channels, const T* x, T* mean) {
  for_each(d, batch * channels, static_cast<double>(positions), [=] SALIENT_HD(long i) {
    const T* at = x + i / channels * positions * channels + i % channels;
    T sum = 0;
    for (long p = 0; p < positions; ++p) sum += at[p * channels];
    mean[i] = sum / static_cast<T>(positions);
  });
}

#define KERNELS(D, T)                                                                  \
  template void copy(const D&, long, const T*, T*);                                    \
  template void multiply_elements(const D&, long, const T*, const T*, T*);             \
  template void line(const D&, long, long, const T*, const T*, const T*, T*);          \
  template void accumulate(const D&, long, long, const T*, const T*, double*);         \
  template void weighted_channels(const D&, long, long, long, const T*, const T*, T*); \
  template void channel_mean(const D&, long, long, long, const T*, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
