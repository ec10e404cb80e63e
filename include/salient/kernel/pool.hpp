// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "salient/core/view.hpp"
#include "salient/core/window.hpp"
#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

// Poolings, channel by channel. Windows may reach beyond the padding (PyTorch's ceil_mode): that part is
// neither read nor counted.

/// y = the epilogue of the largest value of each window, or NaN if it has one; padding never wins. `switches`
/// receives the winner's place in its window, row * w.width + column, of at most 65,536; on a tie the first
/// in row-major order wins. A window with no place inside the image gives minus infinity, and no gradient.
template <class D, class T>
void max_pool(const D&, const window&, const view<const T>& x, const epilogue<T>&, const view<T>& y,
              std::uint16_t* switches);  // (N, H', W', C) or null

/// dx = the epilogue of dy sent back to the recorded winners
template <class D, class T>
void max_pool_gradient(const D&, const window&, const view<const T>& dy, const std::uint16_t* switches,
                       const epilogue<T>&, const view<T>& dx);

/// y_slope = x_slope of the recorded winners: the forward derivative
template <class D, class T>
void max_pool_slope(const D&, const window&, const view<const T>& x_slope, const std::uint16_t* switches,
                    const view<T>& y_slope);

/// reach_n = min(reach_n, how far along the line x + t slope a window of image n first changes its winner)
template <class D, class T>
void max_pool_reach(const D&, const window&, const view<const T>& x, const view<const T>& slope,
                    const view<const T>& y,         // for its extent
                    const std::uint16_t* switches,  // (N, H', W', C)
                    T* reach);                      // (N)

/// What a mean is divided by.
enum class divisor {
  window,  ///< all of the window's places, padding among them (PyTorch's count_include_pad=True)
  inside,  ///< those inside the image
};

/// y = the epilogue of the mean of each window
template <class D, class T>
void avg_pool(const D&, const window&, divisor, const view<const T>& x, const epilogue<T>&, const view<T>& y);

/// dx = the epilogue of the adjoint applied to dy
template <class D, class T>
void avg_pool_gradient(const D&, const window&, divisor, const view<const T>& dy, const epilogue<T>&,
                       const view<T>& dx);

/// Means over windows that divide the image as evenly as may be: output i of n along an axis of length m is
/// the mean of inputs floor(i m / n) to ceil((i + 1) m / n) - 1. As PyTorch's AdaptiveAvgPool2d.
template <class D, class T>
void adaptive_avg_pool(const D&, const view<const T>& x, const epilogue<T>&, const view<T>& y);
template <class D, class T>
void adaptive_avg_pool_gradient(const D&, const view<const T>& dy, const epilogue<T>&, const view<T>& dx);

}  // namespace salient::kernel
