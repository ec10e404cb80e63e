// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/core/view.hpp"

namespace salient::kernel {

// Kernels of saliency methods, apart from passes.

/// out = a b, element by element, for contiguous arrays
template <class D, class T>
SALIENT_EXPORT void multiply_elements(const D&, long size, const T* a, const T* b, T* out);

/// out_i = from + position_i (to - from) for `count` points on the line; exactly `to` at position 1
template <class D, class T>
SALIENT_EXPORT void line(const D&, long count, long size,
                         const T* from,       // (size)
                         const T* to,         // (size)
                         const T* positions,  // (count)
                         T* out);             // (count, size)

/// sum += weights_i x_i, row after row; in double, because there may be thousands of rows
template <class D, class T>
SALIENT_EXPORT void accumulate(const D&, long count, long size,
                               const T* x,        // (count, size)
                               const T* weights,  // (count)
                               double* sum);      // (size)

/// out = sum over channels of weight * x
template <class D, class T>
SALIENT_EXPORT void weighted_channels(const D&, const view<const T>& x,
                                      const T* weight,  // (N, C)
                                      T* out);          // (N, H, W)

/// mean = the mean over positions of x
template <class D, class T>
SALIENT_EXPORT void channel_mean(const D&, const view<const T>& x,
                                 T* mean);  // (N, C)

}  // namespace salient::kernel
