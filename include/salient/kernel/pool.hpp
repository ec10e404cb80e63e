// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/shape.hpp"
#include "salient/core/window.hpp"
#include "salient/kernel/finish.hpp"

namespace salient::kernel {

/// y = the largest value of each window, finished; padding never wins. `switches` receives the winner's
/// position (row * W + column of the input); on a tie the first of the window in row-major order wins.
template <class D, class T>
void max_pool(const D&, long batch, const window&, shape in, shape out,
              const T* x,  // (N, H, W, C)
              const finish&,
              T* y,            // (N, H', W', C)
              int* switches);  // (N, H', W', C) or null

/// dx = dy sent back to the recorded winners, finished
template <class D, class T>
void max_pool_gradient(const D&, long batch, const window&, shape in, shape out,
                       const T* dy,          // (N, H', W', C)
                       const int* switches,  // (N, H', W', C)
                       const finish&,
                       T* dx);  // (N, H, W, C), overwritten

/// y_slope = x_slope of the recorded winners: the forward derivative
template <class D, class T>
void max_pool_slope(const D&, long batch, shape in, shape out,
                    const T* x_slope,     // (N, H, W, C)
                    const int* switches,  // (N, H', W', C)
                    T* y_slope);          // (N, H', W', C)

/// reach_n = min(reach_n, how far along the line x + t slope a window of image n first changes its winner)
template <class D, class T>
void max_pool_reach(const D&, long batch, const window&, shape in, shape out,
                    const T* x,           // (N, H, W, C)
                    const T* slope,       // (N, H, W, C)
                    const int* switches,  // (N, H', W', C)
                    T* reach);            // (N)

/// y = the mean of each window, finished; padding counted as zeros (PyTorch's `count_include_pad=True`)
template <class D, class T>
void avg_pool(const D&, long batch, const window&, shape in, shape out,
              const T* x,  // (N, H, W, C)
              const finish&,
              T* y);  // (N, H', W', C)

/// dx = the adjoint applied to dy, finished
template <class D, class T>
void avg_pool_gradient(const D&, long batch, const window&, shape in, shape out,
                       const T* dy,  // (N, H', W', C)
                       const finish&,
                       T* dx);  // (N, H, W, C), overwritten

}  // namespace salient::kernel
