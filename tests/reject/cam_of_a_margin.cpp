// SPDX-License-Identifier: MIT
// expect: CAM by the classifier's weights explains one class, and this target is about none; use grad_cam
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using net = network<input<28, 28>, conv2d<4, 3>, relu, global_avg_pool, dense<10>>;
struct margin {
  static constexpr bool linear = true;
  float value(std::span<const float> z) const { return z[0] - z[1]; }
  void derivative(std::span<const float>, std::span<float> dz) const { dz[0] = 1, dz[1] = -1; }
};
float explain(const model<net>& m, const tensor& image) { return cam(m, image, margin()).map.values[0]; }
