// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/tensor.hpp"

namespace salient {

/// Reductions of a raw signed map, image by image of the batch. Sums are taken in double and brought back to
/// the float range, so a finite map stays finite; a NaN or an infinity among the inputs of a value shows in
/// that value. Throws salient::error when a tensor's values do not fill its extent.

/// |value|, N x H x W x C -> N x H x W x C. Reduces no channel: evidence for and against looks the same.
tensor absolute(const tensor& map);

/// The largest |value| of a position's channels, N x H x W x C -> N x H x W x 1 (Simonyan et al., 1312.6034).
tensor channel_max_abs(const tensor& map);

/// The signed sum of a position's channels, N x H x W x 1. Keeps completeness: the map's total is unchanged.
tensor channel_sum(const tensor& map);

/// The signed mean of a position's channels, N x H x W x 1.
tensor channel_mean(const tensor& map);

/// The Euclidean norm of a position's channels, N x H x W x 1.
tensor channel_norm(const tensor& map);

}  // namespace salient
