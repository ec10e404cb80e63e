// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/tensor.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

/// How rough the map is, for each image: the sum of |difference| over all pairs of pixels that touch in a row
/// or column, divided by the sum of all pixels. The pixels are magnitudes, so the map's scale cancels.
///
/// 0: constant; 4: single pixels that nothing surrounds. Smaller is smoother, which is easier to read. A
/// picture drawn with twice the pixels has half the value, so compare maps of one size. None for a map of
/// zeros. Takes maps of any shape; see metric/plane.hpp. Anisotropic total variation: Rudin, Osher and Fatemi
/// 1992. For float and double. Throws salient::error if the values do not fill the map or are not finite.
template <class T>
values total_variation(const basic_tensor<T>& map);

}  // namespace salient::metrics
