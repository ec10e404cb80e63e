// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

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

/// gaussian_blur for images of one extent, one after the other, in double: its workspace is taken once.
class SALIENT_EXPORT gaussian_blurring {
 public:
  /// `widest`: no sigma will be larger.
  gaussian_blurring(shape extent, double widest, outside beyond = outside::mirrored);

  /// H x W x C values. Throws salient::error if sigma is not between 0 and 10,000.
  void operator()(std::span<const double> in, double sigma, std::span<double> out);

 private:
  void weigh(double sigma);
  void along(const double* in, long outer, long length, long inner, double* out);

  shape extent_;
  outside beyond_;
  std::vector<double> weights_, zeros_, between_;
  std::vector<long> places_;
};

}  // namespace salient
