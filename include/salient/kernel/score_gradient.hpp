// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/core/view.hpp"

namespace salient::kernel {

// The start of a backward pass on the device: what the targets of method/target.hpp compute on the host, by
// the same sums, on a CPU in the same order.

enum class score_function { logit, probability, cross_entropy };

/// The function of the scores z, and the class of each entry of the batch: classes[n step], or `all`, or the
/// predicted one, the first of the largest scores.
struct score_start {
  score_function f = score_function::logit;
  const int* classes = nullptr;  ///< in device memory; without it:
  long step = 0;
  int all = -1;  ///< the class of every entry; -1 for the predicted ones
};

/// dz = df/dz. Sets *not_finite to 1 if a score is not finite; it may be null.
template <class D, class T>
SALIENT_EXPORT void score_gradient(const D&, const score_start&,
                                   const view<const T>& z,  // (N, 1, 1, classes)
                                   T* dz,                   // (N, classes); not the memory of z
                                   int* not_finite = nullptr);

/// The predicted class of each entry.
template <class D, class T>
SALIENT_EXPORT void predict(const D&, const view<const T>& z, int* classes);

}  // namespace salient::kernel
