// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "salient/core/tensor.hpp"

namespace salient {

/// A map in the range of a colour map. `degenerate[n]` says that image n had nothing to show and came back as
/// zeros.
struct normalised {
  tensor map;
  std::vector<bool> degenerate;
};

/// The normalisations, of maps in float or double, are total: whatever the map holds, what comes back is
/// finite and in range. Each image of a batch is scaled by its own range, taken over all its channels.
///
/// - An image that is constant (for `percentile`: in absolute value) is degenerate: zeros, marked.
/// - The range is that of the finite values. Afterwards +inf is shown as the largest value, -inf as the
/// smallest
///   (`percentile`: as the largest), NaN as 0. An image whose finite values are constant, or absent, is
///   degenerate.
/// - Differences are taken in double: neither 1e38 - -1e38 nor denormals lose anything.
///
/// They throw salient::error when a tensor's values do not fill its extent, or on a percentile outside (0,
/// 100].

/// (v - smallest) / (largest - smallest), in [0, 1]. For maps without a sign: zero does not stay where it
/// was.
template <class T>
normalised min_max(const basic_tensor<T>& map);

/// |v| / limit in [0, 1], where limit is the `p`-th percentile of |v| (interpolated linearly between ranks)
/// and what lies above is clipped, so that a few outliers do not darken everything else. Where that limit is
/// no more than the smallest |v|, as in a map that is zero nearly everywhere, the largest |v| takes its
/// place.
template <class T>
normalised percentile(const basic_tensor<T>& map, double p = 99);

/// v / limit in [-1, 1] with the same limit: zero stays zero and every value keeps its sign.
template <class T>
normalised symmetric_percentile(const basic_tensor<T>& map, double p = 99);

}  // namespace salient
