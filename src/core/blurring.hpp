// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "salient/core/blur.hpp"

namespace salient {

/// gaussian_blur for images of one extent, one after the other, in double: its workspace is taken once.
class gaussian_blurring {
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
