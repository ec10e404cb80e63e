// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/finish.hpp"

namespace salient::kernel {

// Element by element over `size` values. Outputs may be the inputs themselves.

/// y = max(0, x)
template <class D, class T>
void relu(const D&, long size, const T* x, T* y);

/// dx = dy where y > 0, else 0
template <class D, class T>
void relu_gradient(const D&, long size, const T* y, const T* dy, T* dx);

/// dx = max(0, dy) where y > 0, else 0
template <class D, class T>
void relu_guided(const D&, long size, const T* y, const T* dy, T* dx);

/// What the finish says, of values that are there already.
template <class D, class T>
void apply(const D&, const finish<T>&, long size, T* values);

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
