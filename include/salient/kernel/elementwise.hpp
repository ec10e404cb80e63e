// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

// Element by element. Outputs may be the inputs themselves.

/// y = the epilogue of x, both N x H x W x C of any pitch. Copies, sums, activations and batch norms are
/// this kernel.
template <class D, class T>
void apply(const D&, const view<const T>& x, const epilogue<T>&, const view<T>& y);

/// y = the epilogue of x s, where s has x's shape or is one value for each image and channel: N x 1 x 1 x C.
template <class D, class T>
void multiply(const D&, const view<const T>& x, const view<const T>& s, const epilogue<T>&, const view<T>& y);

/// ds = the epilogue of the sum over positions of dy x: N x 1 x 1 x C. What the backward pass of `multiply`
/// gives a factor of one value for each channel.
template <class D, class T>
void multiply_gradient(const D&, const view<const T>& dy, const view<const T>& x, const epilogue<T>&,
                       const view<T>& ds);

/// y = softmax(x) over the channels of each position
template <class D, class T>
void softmax(const D&, const view<const T>& x, const view<T>& y);

/// dx = y (dy - <y, dy>) over the channels of each position
template <class D, class T>
void softmax_gradient(const D&, const view<const T>& y, const view<const T>& dy, const view<T>& dx);

/// reach_n = min(reach_n, how far along the line x + t slope, t > 0, an element of image n first becomes
/// `bend`). Elements that are `bend`, or never become so, do not count.
template <class D, class T>
void bend_reach(const D&, const view<const T>& x, const view<const T>& slope, T bend,
                T* reach);  // (N)

}  // namespace salient::kernel
