// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

// Element-wise kernels. Outputs may alias inputs.

/// y = epilogue(x), both N x H x W x C with any pitch. Copies, sums, activations and batch norms
/// use this kernel.
template <class D, class T>
SALIENT_EXPORT void apply(const D&, const view<const T>& x, const epilogue<T>&, const view<T>& y);

/// y = epilogue(x s), where s has x's shape or is N x 1 x 1 x C, one factor for each image and channel.
template <class D, class T>
SALIENT_EXPORT void multiply(const D&, const view<const T>& x, const view<const T>& s, const epilogue<T>&,
                             const view<T>& y);

/// ds = epilogue(sum over positions of dy x): N x 1 x 1 x C. The gradient of a per-channel factor
/// of `multiply`.
template <class D, class T>
SALIENT_EXPORT void multiply_gradient(const D&, const view<const T>& dy, const view<const T>& x,
                                      const epilogue<T>&, const view<T>& ds);

/// y = softmax(x) over the channels of each position
template <class D, class T>
SALIENT_EXPORT void softmax(const D&, const view<const T>& x, const view<T>& y);

/// dx = y (dy - <y, dy>) over the channels of each position
template <class D, class T>
SALIENT_EXPORT void softmax_gradient(const D&, const view<const T>& y, const view<const T>& dy,
                                     const view<T>& dx);

/// reach_n = min(reach_n, t), where t > 0 is the first point on the line x + t slope at which an element of
/// image n reaches `bend`. Elements that are at `bend` already, or never reach it, are ignored.
template <class D, class T>
SALIENT_EXPORT void bend_reach(const D&, const view<const T>& x, const view<const T>& slope, T bend,
                               T* reach);  // (N)

}  // namespace salient::kernel
