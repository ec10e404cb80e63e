// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

/// As PyTorch's LocalResponseNorm(size, alpha, beta, k): y_c = x_c / (k + alpha / size s_c)^beta, where s_c
/// is the sum of the squares of channels c - size / 2 to c + (size - 1) / 2.
template <class T>
struct local_response {
  int size = 5;
  T alpha = T(1e-4), beta = T(0.75), k = T(1);
};

/// y = epilogue(normalised x)
template <class D, class T>
SALIENT_EXPORT void local_response_norm(const D&, const local_response<T>&, const view<const T>& x,
                                        const epilogue<T>&, const view<T>& y);

/// dx = epilogue(derivative at input x applied to dy)
template <class D, class T>
SALIENT_EXPORT void local_response_norm_gradient(const D&, const local_response<T>&, const view<const T>& dy,
                                                 const view<const T>& x, const epilogue<T>&,
                                                 const view<T>& dx);

}  // namespace salient::kernel
