// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/tensor.hpp"

namespace salient {

// Reductions of a raw signed map, in float or double, image by image of the batch. Sums are taken in double
// and brought back to the range of the map's type, so a finite map stays finite; a NaN or an infinity among
// the inputs of a value shows in that value. They throw salient::error when a tensor's values do not fill its
// extent.

/// |value|, N x H x W x C -> N x H x W x C. Reduces no channel: evidence for and against looks the same.
template <class T>
basic_tensor<T> absolute(const basic_tensor<T>& map);

/// The largest |value| of a position's channels, N x H x W x C -> N x H x W x 1 (Simonyan et al., 1312.6034).
template <class T>
basic_tensor<T> channel_max_abs(const basic_tensor<T>& map);

/// The signed sum of a position's channels, N x H x W x 1. Keeps completeness: the map's total is unchanged.
template <class T>
basic_tensor<T> channel_sum(const basic_tensor<T>& map);

/// The signed mean of a position's channels, N x H x W x 1.
template <class T>
basic_tensor<T> channel_mean(const basic_tensor<T>& map);

/// The Euclidean norm of a position's channels, N x H x W x 1.
template <class T>
basic_tensor<T> channel_norm(const basic_tensor<T>& map);

}  // namespace salient
