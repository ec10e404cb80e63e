// SPDX-License-Identifier: MIT
#include "salient/kernel/score_gradient.hpp"

#include <cmath>

#include "kernel/rows.hpp"
#include "salient/core/finite.hpp"

namespace salient::kernel {
namespace {

/// The first of the largest scores, for all members of a team; `largest` receives the score.
template <class T, class Team>
SALIENT_HD int predicted(const Team& team, const T* z, int classes, T& largest) {
  largest = z[0];
  for (int k = team.lane(); k < classes; k += team.lanes()) largest = z[k] > largest ? z[k] : largest;
  largest = team.largest(largest);
  int first = classes;
  for (int k = classes - 1 - team.lane(); k >= 0; k -= team.lanes())
    if (z[k] == largest) first = k;
  first = team.smallest(first);
  return first < classes ? first : 0;  // none equals NaN
}

template <class T>
struct predict_row {
  view<const T> scores;
  int* to;

  template <class Team>
  SALIENT_HD void operator()(const Team& team, long n) const {
    T largest;
    const int c = predicted(team, scores.at(n), scores.extent.channels, largest);
    if (team.lane() == 0) to[n] = c;
  }
};

template <class T>
struct differentiate_row {
  score_start start;
  view<const T> scores;
  T* gradients;
  int* not_finite;

  template <class Team>
  SALIENT_HD void operator()(const Team& team, long n) const {
    const int classes = scores.extent.channels;
    const T* const z = scores.at(n);
    T* const dz = gradients + n * classes;
    if (not_finite)
      for (int k = team.lane(); k < classes; k += team.lanes())
        if (!is_finite(z[k])) *not_finite = 1;
    T largest = 0;
    int c = start.classes ? start.classes[n * start.step] : start.all;
    if (c < 0 || start.f != score_function::logit) {
      const int best = predicted(team, z, classes, largest);
      if (c < 0) c = best;
    }
    if (start.f == score_function::logit) {
      for (int k = team.lane(); k < classes; k += team.lanes()) dz[k] = k == c ? T(1) : T(0);
      return;
    }
    T sum = 0, own = 0, others = 0;
    for (int k = team.lane(); k < classes; k += team.lanes()) sum += dz[k] = std::exp(z[k] - largest);
    sum = team.sum(sum);
    for (int k = team.lane(); k < classes; k += team.lanes()) {
      dz[k] /= sum;
      (k == c ? own : others) += dz[k];
    }
    own = team.sum(own);
    others = team.sum(others);
    for (int k = team.lane(); k < classes; k += team.lanes())
      if (start.f == score_function::probability)
        dz[k] = own * (k == c ? others : -dz[k]);
      else if (k == c)
        dz[k] = -others;
  }
};

}  // namespace

template <class D, class T>
void score_gradient(const D& d, const score_start& start, const view<const T>& z, T* dz, int* not_finite) {
  const int classes = z.extent.channels;
  for_each_row(d, z.batch, classes, 20.0 * classes, differentiate_row<T>{start, z, dz, not_finite});
}

template <class D, class T>
void predict(const D& d, const view<const T>& z, int* classes) {
  const int count = z.extent.channels;
  for_each_row(d, z.batch, count, count, predict_row<T>{z, classes});
}

#define KERNELS(D, T)                                                                         \
  template void score_gradient(const D&, const score_start&, const view<const T>&, T*, int*); \
  template void predict(const D&, const view<const T>&, int*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
