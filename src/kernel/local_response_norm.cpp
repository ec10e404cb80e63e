// SPDX-License-Identifier: MIT
#include "salient/kernel/local_response_norm.hpp"

#include <cmath>

#include "kernel/rows.hpp"

namespace salient::kernel {
namespace {

/// k + alpha / size times the sum of squares of the channels around c.
template <class T>
SALIENT_HD T divisor_of(const local_response<T>& r, const T* x, int channels, int c) {
  const int first = c - r.size / 2 > 0 ? c - r.size / 2 : 0;
  const int last = c + (r.size - 1) / 2 < channels ? c + (r.size - 1) / 2 : channels - 1;
  T squares = 0;
  for (int i = first; i <= last; ++i) squares += x[i] * x[i];
  return r.k + r.alpha / static_cast<T>(r.size) * squares;
}

template <class T>
struct responding_row {
  local_response<T> r;
  view<const T> x;

  template <class W>
  SALIENT_HD void operator()(long position, channel_range channels, W& write) const {
    const T* const row = x.at(position);
    for (int c = channels.first; c < channels.last(); ++c)
      write(c, row[c] * std::pow(divisor_of(r, row, x.extent.channels, c), -r.beta));
  }
};

/// dx_c = dy_c d_c^-beta - 2 alpha / size beta x_c sum_j dy_j x_j d_j^(-beta - 1), over the channels j whose
/// divisor d_j includes channel c.
template <class T>
struct responding_gradient_row {
  local_response<T> r;
  view<const T> dy, x;

  template <class W>
  SALIENT_HD void operator()(long position, channel_range channels, W& write) const {
    const T *const row = x.at(position), *const signal = dy.at(position);
    const int all = x.extent.channels;
    for (int c = channels.first; c < channels.last(); ++c) {
      const int first = c - (r.size - 1) / 2 > 0 ? c - (r.size - 1) / 2 : 0;
      const int last = c + r.size / 2 < all ? c + r.size / 2 : all - 1;
      T sum = 0, own = 0;
      for (int j = first; j <= last; ++j) {
        const T divisor = divisor_of(r, row, all, j), power = std::pow(divisor, -r.beta);
        sum += signal[j] * row[j] * power / divisor;
        if (j == c) own = signal[c] * power;
      }
      write(c, own - T(2) * r.alpha / static_cast<T>(r.size) * r.beta * row[c] * sum);
    }
  }
};

}  // namespace

template <class D, class T>
void local_response_norm(const D& d, const local_response<T>& r, const view<const T>& x, const epilogue<T>& e,
                         const view<T>& y) {
  write_rows(d, y, e, 20, 8, responding_row<T>{r, x});
}

template <class D, class T>
void local_response_norm_gradient(const D& d, const local_response<T>& r, const view<const T>& dy,
                                  const view<const T>& x, const epilogue<T>& e, const view<T>& dx) {
  write_rows(d, dx, e, 20.0 * r.size, 8, responding_gradient_row<T>{r, dy, x});
}

#define KERNELS(D, T)                                                                                  \
  template void local_response_norm(const D&, const local_response<T>&, const view<const T>&,          \
                                    const epilogue<T>&, const view<T>&);                               \
  template void local_response_norm_gradient(const D&, const local_response<T>&, const view<const T>&, \
                                             const view<const T>&, const epilogue<T>&, const view<T>&);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
