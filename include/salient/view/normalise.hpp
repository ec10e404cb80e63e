// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/tensor.hpp"

namespace salient {

/// A map in the range of a colour map. `degenerate[n]` tells that image n had no range to show and
/// became zeros.
struct normalised {
  tensor map;
  std::vector<bool> degenerate;
};

/// Normalisations of maps in float or double. The result is always finite and in range, whatever the map
/// holds. Each image of a batch is scaled by its own range, over all its channels.
///
/// - The range is that of the finite values. +inf maps to the largest value, -inf to the smallest (in
///   `percentile`: to the largest), NaN to 0.
/// - An image without finite values, or whose finite values are constant (in `percentile`: in absolute
///   value), is degenerate: zeros.
/// - Differences are taken in double, so that neither 1e38 - -1e38 nor subnormal numbers lose precision.
///
/// They throw salient::error if a tensor's values do not fill its extent, or for a percentile
/// outside (0, 100].

/// (v - smallest) / (largest - smallest), in [0, 1]. For unsigned maps: zero is not preserved.
template <class T>
SALIENT_EXPORT normalised min_max(const basic_tensor<T>& map);

/// |v| / limit in [0, 1], clipped, where limit is the `p`-th percentile of |v| (linear interpolation between
/// ranks), so that a few outliers do not darken everything else. If the limit does not exceed the smallest
/// |v|, as in a map that is zero nearly everywhere, the largest |v| replaces it.
template <class T>
SALIENT_EXPORT normalised percentile(const basic_tensor<T>& map, double p = 99);

/// v / limit in [-1, 1] with the same limit: zero and the signs are preserved.
template <class T>
SALIENT_EXPORT normalised symmetric_percentile(const basic_tensor<T>& map, double p = 99);

}  // namespace salient
