// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/core/tensor.hpp"

namespace salient {

// Reductions over channels of a raw signed map in float or double, image by image. Sums are taken in double
// and clamped to the range of the map's type, so a finite map stays finite. NaN and infinities propagate.
// They throw salient::error if a tensor's values do not fill its extent.

/// |value|, N x H x W x C -> N x H x W x C. Keeps all channels: evidence for and against looks the same.
template <class T>
SALIENT_EXPORT basic_tensor<T> absolute(const basic_tensor<T>& map);

/// The largest |value| over a position's channels, N x H x W x C -> N x H x W x 1 (Simonyan et
/// al., 1312.6034).
template <class T>
SALIENT_EXPORT basic_tensor<T> channel_max_abs(const basic_tensor<T>& map);

/// The signed sum over a position's channels, N x H x W x 1. Keeps completeness: the map's total
/// is unchanged.
template <class T>
SALIENT_EXPORT basic_tensor<T> channel_sum(const basic_tensor<T>& map);

/// The signed mean over a position's channels, N x H x W x 1.
template <class T>
SALIENT_EXPORT basic_tensor<T> channel_mean(const basic_tensor<T>& map);

/// The Euclidean norm over a position's channels, N x H x W x 1.
template <class T>
SALIENT_EXPORT basic_tensor<T> channel_norm(const basic_tensor<T>& map);

}  // namespace salient
