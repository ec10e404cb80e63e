// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/tensor.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

/// Whether the map's most relevant pixel lies on the object, for each image: 1 if it does, 0 if not. Their
/// mean is the accuracy; larger is better. Zhang et al. 2016, arXiv:1608.00507.
///
/// map: N x H x W x C, or a feature map, N x h x w x 1; a pixel's relevance is the signed sum over its
/// channels, see metric/plane.hpp. mask: N x H x W x 1, not zero on the object. Of equally relevant pixels
/// the first in row-major order is asked. `tolerance`: it also counts if a pixel of the object is at most
/// this many pixels away; the paper allows 15 on photos.
///
/// None for an empty mask, which nothing can hit, and for a constant map, which points nowhere. For maps in
/// float and double. Throws salient::error if there are not as many maps as masks, if the map is larger, if
/// the mask has several channels, if values do not fill a tensor or are not finite, or if the tolerance is
/// negative or not finite.
template <class T>
values pointing_game(const basic_tensor<T>& map, const tensor& mask, double tolerance = 0);

}  // namespace salient::metrics
