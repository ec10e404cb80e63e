// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "salient/core/export.hpp"
#include "salient/core/view.hpp"
#include "salient/core/window.hpp"
#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

// Poolings, per channel. Windows may extend beyond the padding (PyTorch's ceil_mode); that part is neither
// read nor counted.

/// y = epilogue(largest value of each window), or NaN if the window has one; padding never wins. `switches`
/// receives the winner's index in its window, row * w.width + column, below 65,536; the first in row-major
/// order wins a tie. A window entirely outside the image gives minus infinity and no gradient.
template <class D, class T>
SALIENT_EXPORT void max_pool(const D&, const window&, const view<const T>& x, const epilogue<T>&,
                             const view<T>& y,
                             std::uint16_t* switches);  // (N, H', W', C) or null

/// dx = epilogue(dy routed back to the recorded winners)
template <class D, class T>
SALIENT_EXPORT void max_pool_gradient(const D&, const window&, const view<const T>& dy,
                                      const std::uint16_t* switches, const epilogue<T>&, const view<T>& dx);

/// y_slope = x_slope at the recorded winners: the forward-mode derivative
template <class D, class T>
SALIENT_EXPORT void max_pool_slope(const D&, const window&, const view<const T>& x_slope,
                                   const std::uint16_t* switches, const view<T>& y_slope);

/// reach_n = min(reach_n, t), where t is the first point on the line x + t slope at which a window of image n
/// changes its winner
template <class D, class T>
SALIENT_EXPORT void max_pool_reach(const D&, const window&, const view<const T>& x,
                                   const view<const T>& slope,
                                   const view<const T>& y,         // only its extent is read
                                   const std::uint16_t* switches,  // (N, H', W', C)
                                   T* reach);                      // (N)

/// The divisor of a mean.
enum class divisor {
  window,  ///< the size of the window, padding included (PyTorch's count_include_pad=True)
  inside,  ///< the number of inputs inside the image
};

/// y = epilogue(mean of each window)
template <class D, class T>
SALIENT_EXPORT void avg_pool(const D&, const window&, divisor, const view<const T>& x, const epilogue<T>&,
                             const view<T>& y);

/// dx = epilogue(adjoint applied to dy)
template <class D, class T>
SALIENT_EXPORT void avg_pool_gradient(const D&, const window&, divisor, const view<const T>& dy,
                                      const epilogue<T>&, const view<T>& dx);

/// Adaptive average pooling, as PyTorch's AdaptiveAvgPool2d: along an axis, output i of n is the mean of
/// inputs floor(i m / n) to ceil((i + 1) m / n) - 1 of m.
template <class D, class T>
SALIENT_EXPORT void adaptive_avg_pool(const D&, const view<const T>& x, const epilogue<T>&, const view<T>& y);
template <class D, class T>
SALIENT_EXPORT void adaptive_avg_pool_gradient(const D&, const view<const T>& dy, const epilogue<T>&,
                                               const view<T>& dx);

}  // namespace salient::kernel
