// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"

namespace salient::kernel {

// How the gradients along a line become a map, for contiguous arrays of `size` elements.

/// out = x, rounded
template <class D, class T>
SALIENT_EXPORT void narrow(const D&, long size, const double* x, T* out);

/// map = gradient (to - from), in double
template <class D, class T>
SALIENT_EXPORT void multiply_by_way(const D&, long size, const T* gradient, const T* from, const T* to,
                                    T* map);

}  // namespace salient::kernel
