// SPDX-License-Identifier: MIT
#pragma once

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

/// y = softmax(x) over each of `batch` rows of `classes` values
template <class D, class T>
void softmax(const D&, long batch, long classes, const T* x, T* y);

/// dx = y (dy - <y, dy>) over each row
template <class D, class T>
void softmax_gradient(const D&, long batch, long classes, const T* y, const T* dy, T* dx);

}  // namespace salient::kernel
