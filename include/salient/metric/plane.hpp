// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "salient/core/size.hpp"
#include "salient/core/tensor.hpp"

namespace salient::metrics {

// How metrics read a map. It may have the shape of the network's input, N x H x W x C, or of a feature map,
// N x h x w x 1. Each pixel becomes one number, in one of two ways:
//
// - Its magnitude, the sum of |value| over the channels. Metrics of a map alone (sparseness, complexity,
//   total variation, effective resolution) read it, and take the map in its own size.
// - Its relevance, the signed sum over the channels: evidence against the class comes last. Metrics that put
//   pixels in order or look for them (deletion, insertion, average drop, pointing game, relevance accuracies)
//   read it. They enlarge a feature map to the size of the image or mask, bilinearly as `resample` does.
//   Where a method's sign means nothing, as for Gradients, give them `absolute(map)` of view/reduce.hpp.
//
// Metrics do not depend on the scale of a map. Those of a network do not depend on the batch.

namespace detail {

/// Throws salient::error if the map's values do not fill its extent or are not all finite.
template <class T>
void check_map(const basic_tensor<T>& map, std::string_view metric);

/// check_map of both. Throws salient::error unless they have the same number of images, and the same extent.
template <class T>
void check_pair(const basic_tensor<T>& a, const basic_tensor<T>& b, std::string_view metric);

/// The magnitudes of image n's pixels, row-major, times a power of two that keeps their sum finite.
template <class T>
std::vector<double> magnitudes(const basic_tensor<T>& map, long n);

/// The pixels' relevance, N x height x width x 1, each image times a power of two. Throws as check_map, and
/// if there is not one map for each of `images` images, or a map is larger than `to`.
template <class T>
basic_tensor<double> relevance(const basic_tensor<T>& maps, size to, long images, std::string_view metric);

/// True if all values are equal. No pixel comes before another then.
bool constant(std::span<const double> values);

/// The pixels' indices, the largest value first; equal ones in row-major order.
std::vector<long> largest_first(std::span<const double> values);

}  // namespace detail
}  // namespace salient::metrics
