// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/tensor.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

// How much of a map lies on the object, for each image, from 0 to 1; larger is better. Arras, Osman and Samek
// 2020, arXiv:2003.07258.
//
// map: N x H x W x C, or a feature map, N x h x w x 1; a pixel's relevance is the signed sum over its
// channels, see metric/plane.hpp. mask: N x H x W x 1, not zero on the object. None for an empty mask. For
// maps in float and double. They throw salient::error if there are not as many maps as masks, if the map is
// larger, if the mask has several channels, or if values do not fill a tensor or are not finite.

/// The object's share of all positive relevance. What speaks against the class counts on neither side: with
/// it the share would leave 0 to 1. None if no pixel is positive.
template <class T>
values relevance_mass_accuracy(const basic_tensor<T>& map, const tensor& mask);

/// For an object of K pixels, the share of the K most relevant pixels that lie on it; equally relevant ones
/// in row-major order. None for a constant map, which orders nothing.
template <class T>
values relevance_rank_accuracy(const basic_tensor<T>& map, const tensor& mask);

}  // namespace salient::metrics
