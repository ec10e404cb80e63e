// SPDX-License-Identifier: MIT
#include "salient/kernel/elementwise.hpp"

#include <cmath>

#include "kernel/direct/direct.hpp"
#include "kernel/rows.hpp"

namespace salient::kernel {
namespace {

template <class T>
struct copied {
  view<const T> x;

  bool in_fours() const { return kernel::in_fours(x); }
  template <int N>
  SALIENT_HD several<T, N> results(long position, int c) const {
    return load<N>(x.at(position) + c);
  }
};

template <class T>
struct multiplied {
  view<const T> x, s;
  divider shared;  ///< by the number of positions that share a factor

  bool in_fours() const { return kernel::in_fours(x) && kernel::in_fours(s); }
  template <int N>
  SALIENT_HD several<T, N> results(long position, int c) const {
    auto v = load<N>(x.at(position) + c);
    const auto factors = load<N>(s.at(shared(position)) + c);
    for (int j = 0; j < N; ++j) v[j] *= factors[j];
    return v;
  }
};

template <class T>
struct multiplied_gradient {
  view<const T> dy, x;

  SALIENT_HD T operator()(long n, int c) const {
    T sum = 0;
    for (long p = n * positions(); p < (n + 1) * positions(); ++p) sum += dy.at(p)[c] * x.at(p)[c];
    return sum;
  }
  SALIENT_HD T part(long n, int c, int i, int parts) const {
    const T *const signal = dy.image(n) + c, *const input = x.image(n) + c;
    return part_of_sum<T>(positions(), i, parts,
                          [&](long p) { return signal[p * dy.pitch] * input[p * x.pitch]; });
  }
  SALIENT_HD T whole(long, T sum) const { return sum; }

 private:
  SALIENT_HD long positions() const { return x.extent.positions(); }
};

template <class T>
struct softmax_row {
  view<const T> x;
  view<T> y;

  template <class Team>
  SALIENT_HD void operator()(const Team& team, long position) const {
    const T* const in = x.at(position);
    T* const out = y.at(position);
    const int classes = x.extent.channels;
    T largest = in[0];
    for (int c = team.lane(); c < classes; c += team.lanes()) largest = in[c] > largest ? in[c] : largest;
    largest = team.largest(largest);
    T sum = 0;
    for (int c = team.lane(); c < classes; c += team.lanes()) {
      out[c] = std::exp(in[c] - largest);
      sum += out[c];
    }
    sum = team.sum(sum);
    for (int c = team.lane(); c < classes; c += team.lanes()) out[c] /= sum;
  }
};

template <class T>
struct softmax_gradient_row {
  view<const T> y, dy;
  view<T> dx;

  template <class Team>
  SALIENT_HD void operator()(const Team& team, long position) const {
    const T *const probability = y.at(position), *const signal = dy.at(position);
    T* const to = dx.at(position);
    const int classes = y.extent.channels;
    T inner = 0;
    for (int c = team.lane(); c < classes; c += team.lanes()) inner += probability[c] * signal[c];
    inner = team.sum(inner);
    for (int c = team.lane(); c < classes; c += team.lanes()) to[c] = probability[c] * (signal[c] - inner);
  }
};

template <class T>
struct bend_reach_of {
  view<const T> x, slope;
  T bend;
  T* reach;

  template <class Team>
  SALIENT_HD void operator()(const Team& team, long n, const position_range& part) const {
    T least = team.bound(reach + n);
    const int channels = x.extent.channels;
    part.for_each(team, channels, [&](long p, int first, int step) {
      for (int c = first; c < channels; c += step) {
        const T way = bend - x.at(p)[c], speed = slope.at(p)[c];
        if ((way > 0 && speed > 0) || (way < 0 && speed < 0)) {
          const T at = way / speed;
          least = at < least ? at : least;
        }
      }
    });
    team.lower(reach + n, least);
  }
};

}  // namespace

template <class D, class T>
void apply(const D& d, const view<const T>& x, const epilogue<T>& e, const view<T>& y) {
  if (x.data == y.data && x.pitch == y.pitch && e.empty()) return;
  if constexpr (has_direct<D, T>)
    if (d.kernels() != implementation::eigen)
      return share_out(d, elementwise(y.elements()), direct::apply{x, e, y});
  write_results(d, y, e, 1, copied<T>{x});
}

template <class D, class T>
void multiply(const D& d, const view<const T>& x, const view<const T>& s, const epilogue<T>& e,
              const view<T>& y) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() != implementation::eigen)
      return share_out(d, elementwise(y.elements()), direct::multiply{x, s, e, y});
  const long shared = s.extent.positions() == 1 ? y.extent.positions() : 1;  // positions that share a factor
  write_results(d, y, e, 1, multiplied<T>{x, s, divider(static_cast<int>(shared))});
}

template <class D, class T>
void multiply_gradient(const D& d, const view<const T>& dy, const view<const T>& x, const epilogue<T>& e,
                       const view<T>& ds) {
  if constexpr (has_direct<D, T>)
    if (d.kernels() != implementation::eigen)
      return share_out(d, elementwise(x.elements()), direct::multiply_gradient{dy, x, e, ds});
  write_sums(d, ds, e, x.extent.positions(), multiplied_gradient<T>{dy, x});
}

template <class D, class T>
void softmax(const D& d, const view<const T>& x, const view<T>& y) {
  const int classes = x.extent.channels;
  for_each_row(d, x.positions(), classes, 20.0 * classes, softmax_row<T>{x, y});
}

template <class D, class T>
void softmax_gradient(const D& d, const view<const T>& y, const view<const T>& dy, const view<T>& dx) {
  const int classes = y.extent.channels;
  for_each_row(d, y.positions(), classes, 4.0 * classes, softmax_gradient_row<T>{y, dy, dx});
}

template <class D, class T>
void bend_reach(const D& d, const view<const T>& x, const view<const T>& slope, T bend, T* reach) {
  for_each_part(d, x.batch, x.extent, 4, bend_reach_of<T>{x, slope, bend, reach});
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
