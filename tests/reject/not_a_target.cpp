// SPDX-License-Identifier: MIT
// expect: this is not a target: pass logit, probability or cross_entropy, or a type with value(z) and
// errors: 1
#include "harness.hpp"
#include "salient/salient.hpp"

using net = network<input<28, 28>, flatten, dense<8>, relu, dense<10>>;
struct without_derivative {
  float value(std::span<const float> z) const { return z[0]; }
};
float explain(const model<net>& m, const tensor& image) {
  return gradients(m, image, without_derivative()).map.values[0];
}
