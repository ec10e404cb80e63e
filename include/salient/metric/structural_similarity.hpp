// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "salient/core/tensor.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

/// The structural similarity (SSIM) of two maps of one shape, for each image: 1 for equal maps, about 0 for
/// unrelated ones, at least -1. Unlike a correlation it asks for the same values at the same places. Wang,
/// Bovik, Sheikh and Simoncelli 2004; Adebayo et al. 2018, arXiv:1810.03292, compare maps by it.
///
/// As the paper: windows of 11x11 pixels with Gaussian weights of sigma 1.5, at every place where they fit;
/// K1 = 0.01, K2 = 0.03. Several channels are compared one by one and averaged. `range` is the difference of
/// the largest and smallest value that a map may have; by default that of the values of both maps of the
/// image together, so that scaling both changes nothing. None if that is zero: both maps are one constant.
///
/// Takes N x H x W x C, at least 11x11. For float and double. Throws salient::error for smaller maps, if the
/// shapes differ, if the values do not fill them or are not finite, or if `range` is not positive and finite.
template <class T>
values structural_similarity(const basic_tensor<T>& a, const basic_tensor<T>& b,
                             std::optional<double> range = {});

}  // namespace salient::metrics
