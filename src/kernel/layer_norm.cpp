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

  template <class Team>
  SALIENT_HD moments(const Team& team, const T* x, int channels, T epsilon) {
    mean = team.template sum_of<T>(channels, terms{x, 0, false}) / static_cast<T>(channels);
    const T variance = team.template sum_of<T>(channels, terms{x, mean, true}) / static_cast<T>(channels);
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

  template <class Team>
  SALIENT_HD moments<T> sums(const Team& team, long position) const {
    return {team, x.at(position), x.extent.channels, p.epsilon};
  }
  SALIENT_HD T result(const moments<T>& m, long position, int c) const {
    const T v = (x.at(position)[c] - m.mean) * m.scale;
    return (p.weight ? v * p.weight[c] : v) + (p.bias ? p.bias[c] : T(0));
  }
};

/// dx = scale (g - mean(g) - v mean(g v)), where v is the normalised x and g = dy weight.
template <class T>
struct normalised_gradient_row {
  view<const T> dy, x;
  layer_norm_parameters<T> p;

  struct row_sums {
    moments<T> m;
    T sum, product, share;
  };
  template <class Team>
  SALIENT_HD row_sums sums(const Team& team, long position) const {
    const T *const row = x.at(position), *const signal = dy.at(position);
    const int count = x.extent.channels;
    const moments<T> m(team, row, count, p.epsilon);
    return {m, team.template sum_of<T>(count, terms{row, signal, p.weight, m.mean, m.scale, false}),
            team.template sum_of<T>(count, terms{row, signal, p.weight, m.mean, m.scale, true}),
            T(1) / static_cast<T>(count)};
  }
  SALIENT_HD T result(const row_sums& s, long position, int c) const {
    const T signal = dy.at(position)[c];
    const T v = (x.at(position)[c] - s.m.mean) * s.m.scale, g = p.weight ? signal * p.weight[c] : signal;
    return s.m.scale * (g - s.share * (s.sum + v * s.product));
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

template <class T>
struct stored_moments {
  view<const T> x;
  T epsilon;
  T* to;  ///< (N, H, W, 2)

  template <class Team>
  SALIENT_HD void operator()(const Team& team, long position) const {
    const moments<T> m(team, x.at(position), x.extent.channels, epsilon);
    if (team.lane() != 0) return;
    to[2 * position] = m.mean;
    to[2 * position + 1] = m.scale;
  }
};

}  // namespace

template <class D, class T>
void layer_norm(const D& d, const view<const T>& x, const layer_norm_parameters<T>& p, const epilogue<T>& e,
                const view<T>& y) {
  write_whole_rows(d, y, e, 4, normalised_row<T>{x, p});
}

template <class D, class T>
void layer_norm_gradient(const D& d, const view<const T>& dy, const view<const T>& x,
                         const layer_norm_parameters<T>& p, const epilogue<T>& e, const view<T>& dx) {
  write_whole_rows(d, dx, e, 8, normalised_gradient_row<T>{dy, x, p});
}

template <class D, class T>
void layer_norm_weight_gradient(const D& d, const view<const T>& dy, const view<const T>& x, T epsilon,
                                const layer_norm_gradients<T>& to, T* scratch) {
  const int channels = x.extent.channels;
  T *const dweight = to.dweight, *const dbias = to.dbias;
  for_each_row(d, x.positions(), channels, 2.0 * channels, stored_moments<T>{x, epsilon, scratch});
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
