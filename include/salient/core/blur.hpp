// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/core/tensor.hpp"

namespace salient {

/// The widest Gaussian of gaussian_blur, in pixels.
inline constexpr double widest_blur = 10'000;

/// What a blur finds beyond the border of an image.
enum class outside {
  mirrored,  ///< the pixels inside (c b a | a b c), so that a constant image stays constant
  zeros      ///< so that an image fades from its border, and a wide blur leaves little of it
};

/// Blurs every channel of every image with a Gaussian whose standard deviation is `sigma` pixels; 0 changes
/// nothing. For float and double.
///
/// The Gaussian is cut at round(4 sigma) pixels and its weights sum to 1. As scipy.ndimage.gaussian_filter,
/// with its defaults for mirrored pixels and with mode="constant" for zeros. Throws salient::error if sigma
/// is not between 0 and 10,000, or if the values do not fill the tensor's extent.
template <class T>
SALIENT_EXPORT basic_tensor<T> gaussian_blur(const basic_tensor<T>& in, double sigma,
                                             outside = outside::mirrored);

}  // namespace salient
