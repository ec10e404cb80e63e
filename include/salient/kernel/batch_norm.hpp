// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

// Batch normalisation in training: per channel, over the batch and all positions. In inference it is `apply`
// with a scale and a shift. Sums are in double, in an order that does not depend on the number of threads.

/// Mean and biased variance of each channel, (C) each.
template <class D, class T>
SALIENT_EXPORT void batch_statistics(const D&, const view<const T>& x, T* mean, T* variance);

/// The parameters of y = (x - mean) / sqrt(variance + epsilon) weight + bias.
template <class T>
struct batch_norm_parameters {
  const T* mean;      ///< (C)
  const T* variance;  ///< (C), biased
  const T* weight;    ///< (C) or null, meaning 1
  T epsilon = T(1e-5);
};

/// Converts to y = scale x + shift: C scales, then C shifts. `bias` may be null.
template <class D, class T>
SALIENT_EXPORT void batch_norm_scale(const D&, long channels, const batch_norm_parameters<T>&, const T* bias,
                                     T* scale);  // (2, C)

/// The gradients of weight and bias, (C) each.
template <class T>
struct batch_norm_gradients {
  T* dweight;
  T* dbias;
};

/// Overwrites both gradients: the sums over the batch and all positions of dy (x - mean) / sqrt(variance +
/// epsilon), and of dy.
template <class D, class T>
SALIENT_EXPORT void batch_norm_weight_gradient(const D&, const view<const T>& dy, const view<const T>& x,
                                               const batch_norm_parameters<T>&,
                                               const batch_norm_gradients<T>&);

/// dx = epilogue(derivative applied to dy), where the statistics depend on x. Reads both gradients.
template <class D, class T>
SALIENT_EXPORT void batch_norm_gradient(const D&, const view<const T>& dy, const view<const T>& x,
                                        const batch_norm_parameters<T>&, const batch_norm_gradients<T>&,
                                        const epilogue<T>&, const view<T>& dx);

/// dscale_c = the sum of dy x over the batch and all positions: gradient of a per-channel scale with input x
template <class D, class T>
SALIENT_EXPORT void scale_gradient(const D&, const view<const T>& dy, const view<const T>& x,
                                   T* dscale);  // (C)

/// dslope_c = the sum of dy x where x <= 0: gradient of PReLU's slopes with input x
template <class D, class T>
SALIENT_EXPORT void prelu_gradient(const D&, const view<const T>& dy, const view<const T>& x,
                                   T* dslope);  // (C)

}  // namespace salient::kernel
