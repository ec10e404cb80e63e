// SPDX-License-Identifier: MIT
#include "salient/kernel/activation.hpp"

#include <cmath>

#include "kernel/direct/direct.hpp"
#include "kernel/portable.hpp"

namespace salient::kernel {

template <class D, class T>
void apply(const D& d, const finish& after, long size, const T* x, T* y) {
  if (x == y && !after.rectify && !after.signs && !after.gate) return;
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(size), [&](share s) { direct::apply(s, after, size, x, y); });
  for_each(d, size, 1, [=] SALIENT_HD(long i) {
    T v = x[i];
    if (after.signs) after.signs[i] = v > T(0);
    if (after.rectify && v < T(0)) v = T(0);
    y[i] = after.gate && !after.gate[i] ? T(0) : v;
  });
}

template <class D, class T>
void relu_reach(const D& d, long batch, long size, const T* x, const T* slope, T* reach) {
  for_each(d, batch, 4.0 * static_cast<double>(size), [=] SALIENT_HD(long n) {
    T least = reach[n];
    for (long i = n * size; i < (n + 1) * size; ++i)
      if (x[i] * slope[i] < 0) {
        const T at = -x[i] / slope[i];
        least = at < least ? at : least;
      }
    reach[n] = least;
  });
}

template <class D, class T>
void softmax(const D& d, long batch, long classes, const T* x, T* y) {
  for_each(d, batch, 20.0 * static_cast<double>(classes), [=] SALIENT_HD(long n) {
    const T* in = x + n * classes;
    T* out = y + n * classes;
    T largest = in[0];
    for (long c = 1; c < classes; ++c) largest = in[c] > largest ? in[c] : largest;
    T sum = 0;
    for (long c = 0; c < classes; ++c) {
      out[c] = std::exp(in[c] - largest);
      sum += out[c];
    }
    for (long c = 0; c < classes; ++c) out[c] /= sum;
  });
}

template <class D, class T>
void softmax_gradient(const D& d, long batch, long classes, const T* y, const T* dy, T* dx) {
  for_each(d, batch, 4.0 * static_cast<double>(classes), [=] SALIENT_HD(long n) {
    const long row = n * classes;
    T inner = 0;
    for (long c = 0; c < classes; ++c) inner += y[row + c] * dy[row + c];
    for (long c = 0; c < classes; ++c) dx[row + c] = y[row + c] * (dy[row + c] - inner);
  });
}

#define KERNELS(D, T)                                                     \
  template void apply(const D&, const finish&, long, const T*, T*);       \
  template void relu_reach(const D&, long, long, const T*, const T*, T*); \
  template void softmax(const D&, long, long, const T*, T*);              \
  template void softmax_gradient(const D&, long, long, const T*, const T*, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
