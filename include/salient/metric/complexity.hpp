// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/tensor.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

/// How many pixels carry the map: the entropy of the shares that its pixels' magnitudes have of their sum, in
/// nats, for each image.
///
/// 0: one pixel has everything; log P: all P pixels are equal. Smaller is simpler, which is good as long as
/// the map is right. None for a map of zeros. Takes maps of any shape; see metric/plane.hpp. Bhatt, Weller
/// and Moura 2020, arXiv:2005.00631. For float and double. Throws salient::error if the values do not fill
/// the map or are not finite.
template <class T>
values complexity(const basic_tensor<T>& map);

}  // namespace salient::metrics
