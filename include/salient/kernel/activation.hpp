// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/finish.hpp"

namespace salient::kernel {

// Element by element over `size` values. Outputs may be the inputs themselves.

/// y = what the finish makes of x
template <class D, class T>
void apply(const D&, const finish&, long size, const T* x, T* y);

/// reach_n = min(reach_n, how far along the line an element of image n first changes its sign), where x + t
/// slope is the line. Elements that are zero, or never change it, do not count.
template <class D, class T>
void relu_reach(const D&, long batch, long size,
                const T* x,      // (N, size)
                const T* slope,  // (N, size)
                T* reach);       // (N)

/// y = softmax(x) over each of `batch` rows of `classes` values
template <class D, class T>
void softmax(const D&, long batch, long classes, const T* x, T* y);

/// dx = y (dy - <y, dy>) over each row
template <class D, class T>
void softmax_gradient(const D&, long batch, long classes, const T* y, const T* dy, T* dx);

}  // namespace salient::kernel
