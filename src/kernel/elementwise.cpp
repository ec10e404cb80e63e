// SPDX-License-Identifier: MIT
#include "salient/kernel/elementwise.hpp"

#include <cmath>

#include "kernel/direct/direct.hpp"
#include "kernel/epilogue.hpp"

namespace salient::kernel {

template <class D, class T>
void apply(const D& d, const view<const T>& x, const epilogue<T>& e, const view<T>& y) {
  if (x.data == y.data && x.pitch == y.pitch && e.empty()) return;
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(y.elements()), direct::apply{x, e, y});
  write_results(d, y, e, 1, [=] SALIENT_HD(long p, int c) { return x.at(p)[c]; });
}

template <class D, class T>
void multiply(const D& d, const view<const T>& x, const view<const T>& s, const epilogue<T>& e,
              const view<T>& y) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(y.elements()), direct::multiply{x, s, e, y});
  const long shared = s.extent.positions() == 1 ? y.extent.positions() : 1;  // positions that share a factor
  write_results(d, y, e, 1, [=] SALIENT_HD(long p, int c) { return x.at(p)[c] * s.at(p / shared)[c]; });
}

template <class D, class T>
void multiply_gradient(const D& d, const view<const T>& dy, const view<const T>& x, const epilogue<T>& e,
                       const view<T>& ds) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(x.elements()), direct::multiply_gradient{dy, x, e, ds});
  const long positions = x.extent.positions();
  write_results(d, ds, e, static_cast<double>(positions), [=] SALIENT_HD(long n, int c) {
    T sum = 0;
    for (long p = n * positions; p < (n + 1) * positions; ++p) sum += dy.at(p)[c] * x.at(p)[c];
    return sum;
  });
}

template <class D, class T>
void softmax(const D& d, const view<const T>& x, const view<T>& y) {
  const int classes = x.extent.channels;
  for_each(d, x.positions(), 20.0 * classes, [=] SALIENT_HD(long p) {
    const T* in = x.at(p);
    T* out = y.at(p);
    T largest = in[0];
    for (int c = 1; c < classes; ++c) largest = in[c] > largest ? in[c] : largest;
    T sum = 0;
    for (int c = 0; c < classes; ++c) {
      out[c] = std::exp(in[c] - largest);
      sum += out[c];
    }
    for (int c = 0; c < classes; ++c) out[c] /= sum;
  });
}

template <class D, class T>
void softmax_gradient(const D& d, const view<const T>& y, const view<const T>& dy, const view<T>& dx) {
  const int classes = y.extent.channels;
  for_each(d, y.positions(), 4.0 * classes, [=] SALIENT_HD(long p) {
    const T *probability = y.at(p), *signal = dy.at(p);
    T inner = 0;
    for (int c = 0; c < classes; ++c) inner += probability[c] * signal[c];
    for (int c = 0; c < classes; ++c) dx.at(p)[c] = probability[c] * (signal[c] - inner);
  });
}

template <class D, class T>
void bend_reach(const D& d, const view<const T>& x, const view<const T>& slope, T bend, T* reach) {
  const long positions = x.extent.positions();
  const int channels = x.extent.channels;
  for_each(d, x.batch, 4.0 * static_cast<double>(x.extent.elements()), [=] SALIENT_HD(long n) {
    T least = reach[n];
    for (long p = n * positions; p < (n + 1) * positions; ++p)
      for (int c = 0; c < channels; ++c) {
        const T way = bend - x.at(p)[c], speed = slope.at(p)[c];
        if ((way > 0 && speed > 0) || (way < 0 && speed < 0)) {
          const T at = way / speed;
          least = at < least ? at : least;
        }
      }
    reach[n] = least;
  });
}

#define KERNELS(D, T)                                                                                       \
  template void apply(const D&, const view<const T>&, const epilogue<T>&, const view<T>&);                  \
  template void multiply(const D&, const view<const T>&, const view<const T>&, const epilogue<T>&,          \
                         const view<T>&);                                                                   \
  template void multiply_gradient(const D&, const view<const T>&, const view<const T>&, const epilogue<T>&, \
                                  const view<T>&);                                                          \
  template void softmax(const D&, const view<const T>&, const view<T>&);                                    \
  template void softmax_gradient(const D&, const view<const T>&, const view<const T>&, const view<T>&);     \
  template void bend_reach(const D&, const view<const T>&, const view<const T>&, T, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
