// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/tensor.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

/// How few pixels carry the map: the Gini coefficient of its pixels' magnitudes, for each image.
///
/// 0: all pixels are equal; (P - 1) / P: one of P pixels has everything. Larger is sparser, which is good as
/// long as the map is right. None for a map of zeros. Takes maps of any shape; see metric/plane.hpp.
/// Chalasani et al. 2020, arXiv:1810.06583. For float and double. Throws salient::error if the values do not
/// fill the map or are not finite.
template <class T>
values sparseness(const basic_tensor<T>& map);

}  // namespace salient::metrics
