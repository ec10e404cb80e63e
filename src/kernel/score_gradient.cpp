// SPDX-License-Identifier: MIT
#include "salient/kernel/score_gradient.hpp"

#include <cmath>

#include "kernel/portable.hpp"
#include "salient/core/finite.hpp"

namespace salient::kernel {
namespace {

/// The first of the largest scores.
template <class T>
SALIENT_HD int predicted(const T* z, int classes) {
  int best = 0;
  T largest = z[0];
  for (int k = 1; k < classes; ++k)
    if (largest < z[k]) {
      largest = z[k];
      best = k;
    }
  return best;
}

template <class T>
struct differentiate {
  score_start start;
  view<const T> scores;
  T* gradients;
  int* not_finite;

  /// Each member of a team has every size()-th class. Sums go over all classes in order, so each member makes
  /// them on its own: elements that others write are waited for.
  template <class Team>
  SALIENT_HD void operator()(const Team& team, long n) const {
    const int classes = scores.extent.channels;
    const T* const z = scores.at(n);
    T* const dz = gradients + n * classes;
    if (not_finite)
      for (int k = team.lane(); k < classes; k += team.size())
        if (!is_finite(z[k])) *not_finite = 1;
    const bool named = start.classes || start.all >= 0;
    const int best = named && start.f == score_function::logit ? 0 : predicted(z, classes);
    const int c = start.classes ? start.classes[n * start.step] : named ? start.all : best;
    if (start.f == score_function::logit) {
      for (int k = team.lane(); k < classes; k += team.size()) dz[k] = k == c ? T(1) : T(0);
      return;
    }
    for (int k = team.lane(); k < classes; k += team.size()) dz[k] = std::exp(z[k] - z[best]);
    team.wait();
    T sum = 0;
    for (int k = 0; k < classes; ++k) sum += dz[k];
    team.wait();
    for (int k = team.lane(); k < classes; k += team.size()) dz[k] /= sum;
    team.wait();
    T others = 0;
    for (int k = 0; k < classes; ++k)
      if (k != c) others += dz[k];
    const T own = dz[c];
    team.wait();
    for (int k = team.lane(); k < classes; k += team.size())
      if (start.f == score_function::probability)
        dz[k] = own * (k == c ? others : -dz[k]);
      else if (k == c)
        dz[k] = -others;
  }
};

}  // namespace

template <class D, class T>
void score_gradient(const D& d, const score_start& start, const view<const T>& z, T* dz, int* not_finite) {
  for_each_team(d, z.batch, z.extent.channels, differentiate<T>{start, z, dz, not_finite});
}

template <class D, class T>
void predict(const D& d, const view<const T>& z, int* classes) {
  const int count = z.extent.channels;
  for_each(d, z.batch, static_cast<double>(count),
           [=] SALIENT_HD(long n) { classes[n] = predicted(z.at(n), count); });
}

#define KERNELS(D, T)                                                                         \
  template void score_gradient(const D&, const score_start&, const view<const T>&, T*, int*); \
  template void predict(const D&, const view<const T>&, int*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
