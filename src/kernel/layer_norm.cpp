// SPDX-License-Identifier: MIT
#include "salient/kernel/layer_norm.hpp"

#include <cmath>

#include "kernel/rows.hpp"

namespace salient::kernel {
namespace {

/// A position's mean and 1 / sqrt(variance + epsilon).
template <class T>
struct moments {
  T mean, scale;

  SALIENT_HD moments(const T* x, int channels, T epsilon) {
    mean = sum_of<T>(channels, terms{x, 0, false}) / static_cast<T>(channels);
    const T variance = sum_of<T>(channels, terms{x, mean, true}) / static_cast<T>(channels);
    scale = T(1) / std::sqrt(variance + epsilon);
  }

 private:
  struct terms {
    const T* x;
    T mean;
    bool squared;
    SALIENT_HD T operator()(int c) const {
      const T from_mean = x[c] - mean;
      return squared ? from_mean * from_mean : from_mean;
    }
  };
};

template <class T>
struct normalised_row {
  view<const T> x;
  layer_norm_parameters<T> p;

  template <class W>
  SALIENT_HD void operator()(long position, channel_range channels, W& write) const {
    const T* const row = x.at(position);
    const moments<T> m(row, channels.count, p.epsilon);
    for (int c = 0; c < channels.count; ++c) {
      const T v = (row[c] - m.mean) * m.scale;
      write(c, (p.weight ? v * p.weight[c] : v) + (p.bias ? p.bias[c] : T(0)));
    }
  }
};

/// dx = scale (g - mean(g) - v mean(g v)), where v is the normalised x and g = dy weight.
template <class T>
struct normalised_gradient_row {
  view<const T> dy, x;
  layer_norm_parameters<T> p;

  template <class W>
  SALIENT_HD void operator()(long position, channel_range channels, W& write) const {
    const T *const row = x.at(position), *const signal = dy.at(position);
    const int count = channels.count;
    const moments<T> m(row, count, p.epsilon);
    const T sum = sum_of<T>(count, terms{row, signal, p.weight, m.mean, m.scale, false});
    const T product = sum_of<T>(count, terms{row, signal, p.weight, m.mean, m.scale, true});
    const T share = T(1) / static_cast<T>(count);
    for (int c = 0; c < count; ++c) {
      const T v = (row[c] - m.mean) * m.scale, g = p.weight ? signal[c] * p.weight[c] : signal[c];
      write(c, m.scale * (g - share * (sum + v * product)));
    }
  }

 private:
  struct terms {
    const T *x, *dy, *weight;
    T mean, scale;
    bool times_x;
    SALIENT_HD T operator()(int c) const {
      const T g = weight ? dy[c] * weight[c] : dy[c];
      return times_x ? g * ((x[c] - mean) * scale) : g;
    }
  };
};

}  // namespace

template <class D, class T>
void layer_norm(const D& d, const view<const T>& x, const layer_norm_parameters<T>& p, const epilogue<T>& e,
                const view<T>& y) {
  write_rows(d, y, e, 4, (y.extent.channels + 7) / 8 * 8, normalised_row<T>{x, p});
}

template <class D, class T>
void layer_norm_gradient(const D& d, const view<const T>& dy, const view<const T>& x,
                         const layer_norm_parameters<T>& p, const epilogue<T>& e, const view<T>& dx) {
  write_rows(d, dx, e, 8, (dx.extent.channels + 7) / 8 * 8, normalised_gradient_row<T>{dy, x, p});
}

template <class D, class T>
void layer_norm_weight_gradient(const D& d, const view<const T>& dy, const view<const T>& x, T epsilon,
                                const layer_norm_gradients<T>& to, T* scratch) {
  const int channels = x.extent.channels;
  T *const dweight = to.dweight, *const dbias = to.dbias;
  for_each(d, x.positions(), 2.0 * channels, [=] SALIENT_HD(long p) {
    const moments<T> m(x.at(p), channels, epsilon);
    scratch[2 * p] = m.mean;
    scratch[2 * p + 1] = m.scale;
  });
  if (dweight)
    sum_positions(
        d, x.positions(), channels,
        [=] SALIENT_HD(long p, int c) {
          return dy.at(p)[c] * ((x.at(p)[c] - scratch[2 * p]) * scratch[2 * p + 1]);
        },
        [=] SALIENT_HD(int c, double sum) { dweight[c] = static_cast<T>(sum); });
  if (dbias)
    sum_positions(
        d, x.positions(), channels, [=] SALIENT_HD(long p, int c) { return dy.at(p)[c]; },
        [=] SALIENT_HD(int c, double sum) { dbias[c] = static_cast<T>(sum); });
}

#define KERNELS(D, T)                                                                                     \
  template void layer_norm(const D&, const view<const T>&, const layer_norm_parameters<T>&,               \
                           const epilogue<T>&, const view<T>&);                                           \
  template void layer_norm_gradient(const D&, const view<const T>&, const view<const T>&,                 \
                                    const layer_norm_parameters<T>&, const epilogue<T>&, const view<T>&); \
  template void layer_norm_weight_gradient(const D&, const view<const T>&, const view<const T>&, T,       \
                                           const layer_norm_gradients<T>&, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
