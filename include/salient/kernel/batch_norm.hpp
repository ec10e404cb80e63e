// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

// Batch normalisation while it is trained: over the batch and all positions, channel by channel. Where it is
// not, it is `apply` with a scale and a shift. Sums are in double, in an order that does not depend on the
// number of threads.

/// The mean and the biased variance of each channel, (C) each.
template <class D, class T>
void batch_statistics(const D&, const view<const T>& x, T* mean, T* variance);

/// What a batch was normalised by: y = (x - mean) / sqrt(variance + epsilon) weight + bias.
template <class T>
struct batch_norm_parameters {
  const T* mean;      ///< (C)
  const T* variance;  ///< (C), biased
  const T* weight;    ///< (C) or null, which is 1
  T epsilon = T(1e-5);
};

/// The same as y = scale x + shift; `bias` may be null. Shifts follow the scales.
template <class D, class T>
void batch_norm_scale(const D&, long channels, const batch_norm_parameters<T>&, const T* bias,
                      T* scale);  // (2, C)

/// The gradients of weight and bias, (C) each.
template <class T>
struct batch_norm_gradients {
  T* dweight;
  T* dbias;
};

/// Both, overwritten: sums over the batch and all positions of dy (x - mean) / sqrt(variance + epsilon), and
/// of dy.
template <class D, class T>
void batch_norm_weight_gradient(const D&, const view<const T>& dy, const view<const T>& x,
                                const batch_norm_parameters<T>&, const batch_norm_gradients<T>&);

/// dx = the epilogue of the derivative applied to dy, the statistics being x's own; reads both gradients.
template <class D, class T>
void batch_norm_gradient(const D&, const view<const T>& dy, const view<const T>& x,
                         const batch_norm_parameters<T>&, const batch_norm_gradients<T>&, const epilogue<T>&,
                         const view<T>& dx);

/// dscale_c = the sum of dy x over the batch and all positions: of a scale by channel, from its input
template <class D, class T>
void scale_gradient(const D&, const view<const T>& dy, const view<const T>& x,
                    T* dscale);  // (C)

/// dslope_c = the sum of dy x where x is not positive: of PReLU's slopes, from its input
template <class D, class T>
void prelu_gradient(const D&, const view<const T>& dy, const view<const T>& x,
                    T* dslope);  // (C)

}  // namespace salient::kernel
