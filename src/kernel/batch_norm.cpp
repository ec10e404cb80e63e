// SPDX-License-Identifier: MIT
#include "salient/kernel/batch_norm.hpp"

#include <cmath>

#include "kernel/rows.hpp"

namespace salient::kernel {
namespace {

template <class T>
struct batch_norm_gradient_row {
  view<const T> dy, x;
  batch_norm_parameters<T> p;
  batch_norm_gradients<T> g;
  T share;  ///< 1 / number of positions

  template <class W>
  SALIENT_HD void operator()(long position, channel_range channels, W& write) const {
    const T *const row = x.at(position), *const signal = dy.at(position);
    for (int c = channels.first; c < channels.last(); ++c) {
      const T scale = T(1) / std::sqrt(p.variance[c] + p.epsilon), v = (row[c] - p.mean[c]) * scale;
      const T own = signal[c] - share * (g.dbias[c] + v * g.dweight[c]);
      write(c, (p.weight ? p.weight[c] * scale : scale) * own);
    }
  }
};

}  // namespace

template <class D, class T>
void batch_statistics(const D& d, const view<const T>& x, T* mean, T* variance) {
  const double share = 1.0 / static_cast<double>(x.positions());
  sum_positions(
      d, x.positions(), x.extent.channels, [=] SALIENT_HD(long p, int c) { return x.at(p)[c]; },
      [=] SALIENT_HD(int c, double sum) { mean[c] = static_cast<T>(sum * share); });
  sum_positions(
      d, x.positions(), x.extent.channels,
      [=] SALIENT_HD(long p, int c) {
        const double from_mean = static_cast<double>(x.at(p)[c]) - static_cast<double>(mean[c]);
        return from_mean * from_mean;
      },
      [=] SALIENT_HD(int c, double sum) { variance[c] = static_cast<T>(sum * share); });
}

template <class D, class T>
void batch_norm_scale(const D& d, long channels, const batch_norm_parameters<T>& p, const T* bias, T* scale) {
  for_each(d, channels, 20, [=] SALIENT_HD(long c) {
    const T own = (p.weight ? p.weight[c] : T(1)) / std::sqrt(p.variance[c] + p.epsilon);
    scale[c] = own;
    scale[channels + c] = (bias ? bias[c] : T(0)) - p.mean[c] * own;
  });
}

template <class D, class T>
void batch_norm_weight_gradient(const D& d, const view<const T>& dy, const view<const T>& x,
                                const batch_norm_parameters<T>& p, const batch_norm_gradients<T>& to) {
  const T *const mean = p.mean, *const variance = p.variance, epsilon = p.epsilon;
  T *const dweight = to.dweight, *const dbias = to.dbias;
  sum_positions(
      d, x.positions(), x.extent.channels,
      [=] SALIENT_HD(long q, int c) { return dy.at(q)[c] * (x.at(q)[c] - mean[c]); },
      [=] SALIENT_HD(int c, double sum) {
        dweight[c] = static_cast<T>(sum / std::sqrt(static_cast<double>(variance[c]) + epsilon));
      });
  sum_positions(
      d, x.positions(), x.extent.channels, [=] SALIENT_HD(long q, int c) { return dy.at(q)[c]; },
      [=] SALIENT_HD(int c, double sum) { dbias[c] = static_cast<T>(sum); });
}

template <class D, class T>
void batch_norm_gradient(const D& d, const view<const T>& dy, const view<const T>& x,
                         const batch_norm_parameters<T>& p, const batch_norm_gradients<T>& g,
                         const epilogue<T>& e, const view<T>& dx) {
  write_rows(d, dx, e, 4, 8, batch_norm_gradient_row<T>{dy, x, p, g, T(1) / static_cast<T>(x.positions())});
}

template <class D, class T>
void scale_gradient(const D& d, const view<const T>& dy, const view<const T>& x, T* dscale) {
  sum_positions(
      d, x.positions(), x.extent.channels, [=] SALIENT_HD(long p, int c) { return dy.at(p)[c] * x.at(p)[c]; },
      [=] SALIENT_HD(int c, double sum) { dscale[c] = static_cast<T>(sum); });
}

template <class D, class T>
void prelu_gradient(const D& d, const view<const T>& dy, const view<const T>& x, T* dslope) {
  sum_positions(
      d, x.positions(), x.extent.channels,
      [=] SALIENT_HD(long p, int c) { return x.at(p)[c] > T(0) ? T(0) : dy.at(p)[c] * x.at(p)[c]; },
      [=] SALIENT_HD(int c, double sum) { dslope[c] = static_cast<T>(sum); });
}

#define KERNELS(D, T)                                                                                        \
  template void batch_statistics(const D&, const view<const T>&, T*, T*);                                    \
  template void batch_norm_scale(const D&, long, const batch_norm_parameters<T>&, const T*, T*);             \
  template void batch_norm_weight_gradient(const D&, const view<const T>&, const view<const T>&,             \
                                           const batch_norm_parameters<T>&, const batch_norm_gradients<T>&); \
  template void batch_norm_gradient(const D&, const view<const T>&, const view<const T>&,                    \
                                    const batch_norm_parameters<T>&, const batch_norm_gradients<T>&,         \
                                    const epilogue<T>&, const view<T>&);                                     \
  template void scale_gradient(const D&, const view<const T>&, const view<const T>&, T*);                    \
  template void prelu_gradient(const D&, const view<const T>&, const view<const T>&, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
