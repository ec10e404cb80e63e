// SPDX-License-Identifier: MIT
#include "salient/kernel/activation.hpp"

#include <cmath>

#include "kernel/expression.hpp"

namespace salient::kernel {

template <class D, class T>
void relu(const D& d, long size, const T* x, T* y) {
  assign(
      d, size, y, [](auto v) { return v.cwiseMax(T(0)); }, x);
}

template <class D, class T>
void relu_gradient(const D& d, long size, const T* y, const T* dy, T* dx) {
  assign(
      d, size, dx, [](auto out, auto signal) { return (out > T(0)).select(signal, signal.constant(T(0))); },
      y, dy);
}

template <class D, class T>
void relu_guided(const D& d, long size, const T* y, const T* dy, T* dx) {
  assign(
      d, size, dx,
      [](auto out, auto signal) { return (out > T(0)).select(signal.cwiseMax(T(0)), signal.constant(T(0))); },
      y, dy);
}

template <class D, class T>
void apply(const D& d, const finish<T>& after, long size, T* values) {
  if (after.gate && after.rectify) return relu_guided(d, size, after.gate, values, values);
  if (after.gate) return relu_gradient(d, size, after.gate, values, values);
  if (after.rectify) relu(d, size, values, values);
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
  template void relu(const D&, long, const T*, T*);                       \
  template void relu_gradient(const D&, long, const T*, const T*, T*);    \
  template void relu_guided(const D&, long, const T*, const T*, T*);      \
  template void apply(const D&, const finish<T>&, long, T*);              \
  template void relu_reach(const D&, long, long, const T*, const T*, T*); \
  template void softmax(const D&, long, long, const T*, T*);              \
  template void softmax_gradient(const D&, long, long, const T*, const T*, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
