// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

// Normalisation over the channels of each position, as PyTorch's LayerNorm over the last dimension: y = (x -
// mean) / sqrt(variance + epsilon) weight + bias, with the biased variance.

template <class T>
struct layer_norm_parameters {
  const T* weight = nullptr;  ///< (C) or null, meaning 1
  const T* bias = nullptr;    ///< (C) or null
  T epsilon = T(1e-5);
};

template <class D, class T>
SALIENT_EXPORT void layer_norm(const D&, const view<const T>& x, const layer_norm_parameters<T>&,
                               const epilogue<T>&, const view<T>& y);

/// dx = epilogue(derivative at input x applied to dy)
template <class D, class T>
SALIENT_EXPORT void layer_norm_gradient(const D&, const view<const T>& dy, const view<const T>& x,
                                        const layer_norm_parameters<T>&, const epilogue<T>&,
                                        const view<T>& dx);

/// The gradients of its parameters, (C) each, overwritten; either may be null.
template <class T>
struct layer_norm_gradients {
  T* dweight;
  T* dbias;
};

/// Elements of scratch that `layer_norm_weight_gradient` needs.
constexpr long layer_norm_scratch(shape s, long batch) { return 2 * batch * s.positions(); }

/// Computes both gradients, summed over the batch. Independent of the number of threads.
template <class D, class T>
SALIENT_EXPORT void layer_norm_weight_gradient(const D&, const view<const T>& dy, const view<const T>& x,
                                               T epsilon, const layer_norm_gradients<T>&, T* scratch);

}  // namespace salient::kernel
