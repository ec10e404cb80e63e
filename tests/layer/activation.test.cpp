// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/activation.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "laws/layer_laws.hpp"

namespace salient {
namespace {

// The laws of layers, which include those of guided backpropagation and the deconvnet, on two shapes.
template <class L>
void obeys() {
  laws::layer_laws<L>({4, 5, 3}, {4, 5, 3});
  laws::layer_laws<L>({1, 1, 20}, {1, 1, 20}, 3);
}

TEST_ON_EVERY_DEVICE(activations, piecewise_linear) {
  obeys<relu6>();
  obeys<clip<-0.25, 0.5>>();
  obeys<leaky_relu<>>();
  obeys<leaky_relu<0.3>>();
  obeys<prelu<>>();
  obeys<prelu<true>>();
  obeys<hard_sigmoid<>>();
  obeys<hard_sigmoid<0.2>>();
}

TEST_ON_EVERY_DEVICE(activations, smooth) {
  obeys<sigmoid>();
  obeys<tanh>();
  obeys<silu>();
  obeys<hard_swish>();
  obeys<gelu>();
  obeys<gelu_tanh>();
  obeys<elu<>>();
  obeys<elu<0.5>>();
  obeys<softplus<>>();
  obeys<softplus<2.0, 0.5>>();
}

/// f and its gradient at some points, in double.
template <class L>
std::pair<std::vector<double>, std::vector<double>> at(const std::vector<double>& x) {
  const cpu device;
  laws::single_layer<L, cpu, double> layer(device, {1, 1, static_cast<int>(x.size())}, 1);
  const auto y = layer.forward(x);
  return {y, layer.backward(gradient{}, std::vector<double>(x.size(), 1.0))};
}

void expect_near(const std::vector<double>& got, const std::vector<double>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-12) << "at " << i;
}

// Values of PyTorch 2.15 in float64; the points include the breakpoints.
TEST(activations, are_pytorchs) {
  const std::vector<double> x{-4, -3, -1, 0, 0.5, 3, 6, 7};
  const auto check = [&]<class L>(const std::vector<double>& y, const std::vector<double>& slope) {
    const auto [value, derivative] = at<L>(x);
    expect_near(value, y);
    expect_near(derivative, slope);
  };
  check.operator()<relu6>({0, 0, 0, 0, 0.5, 3, 6, 6}, {0, 0, 0, 0, 1, 1, 0, 0});
  check.operator()<leaky_relu<0.25>>({-1, -0.75, -0.25, 0, 0.5, 3, 6, 7},
                                     {0.25, 0.25, 0.25, 0.25, 1, 1, 1, 1});
  check.operator()<hard_sigmoid<>>({0, 0, 1.0 / 3, 0.5, 0.5 + 0.5 / 6, 1, 1, 1},
                                   {0, 0, 1.0 / 6, 1.0 / 6, 1.0 / 6, 0, 0, 0});
}

}  // namespace
}  // namespace salient
