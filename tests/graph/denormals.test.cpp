// SPDX-License-Identifier: MIT
// label: threads

// Every kernel of a pass treats subnormal weights, pixels and signals as zero, on every CPU.
#include <algorithm>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "salient/graph/session.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/flatten.hpp"
#include "salient/layer/pool.hpp"
#include "salient/layer/relu.hpp"

namespace salient {
namespace {

using convolutional =
    network<input<20, 20, 3>, conv2d<32, 3>, relu, avg_pool<2>, conv2d<5, 3>, flatten, dense<7>>;
using strided = network<input<15, 15, 16>, conv2d<3, 3, with{.stride = 2, .padding = 1}>, max_pool<2>,
                        flatten, dense<70>, relu, dense<4>>;

template <class T>
constexpr T subnormal = std::numeric_limits<T>::min() / 4;
/// Its product with a subnormal number is a normal one.
template <class T>
constexpr T large = T(1e20);

template <class T>
bool all_zero(const std::vector<T>& values) {
  return std::ranges::all_of(values, [](T v) { return v == 0; });
}

/// Scores and input gradient of a network without biases; weights, pixels and score signals are constants.
template <class Network, class T>
struct passes {
  std::vector<T> scores, gradient;

  template <class Device>
  passes(const Device& device, T weight, T pixel, T signal) {
    model<Network, Device, T> m(device, state_of_zeros());
    std::vector<T> values(static_cast<std::size_t>(Network::parameter_layout.elements), T(0));
    for (const parameter_place& p : Network::parameter_layout.places)
      if (has_parameters(p)) std::fill_n(values.begin() + p.tensor[0], p.list.tensors[0].elements(), weight);
    m.assign(values);
    session s(m);
    s.load(basic_tensor<T>(Network::input_shape, 1, pixel));
    s.forward(0, Network::output);
    scores.resize(Network::classes);
    s.read(s.activation(Network::scores), scores);
    s.write(s.signal(Network::scores), std::vector<T>(Network::classes, signal));
    s.backward(Network::scores, 0);
    gradient.resize(static_cast<std::size_t>(Network::input_shape.elements()));
    s.read(s.signal(0), gradient);
  }

 private:
  static state_dict state_of_zeros() {
    const auto& layout = Network::parameter_layout;
    return parameters_to(std::vector<float>(static_cast<std::size_t>(layout.elements)),
                         Network::parameter_table);
  }
};

template <class Network, class T, class Device>
void expect_zeros(const Device& device) {
  const passes<Network, T> normal(device, T(1), T(1), T(1));
  ASSERT_FALSE(all_zero(normal.scores) || all_zero(normal.gradient));
  EXPECT_TRUE(all_zero(passes<Network, T>(device, subnormal<T>, large<T>, T(1)).scores))
      << "weights, forward";
  EXPECT_TRUE(all_zero(passes<Network, T>(device, subnormal<T>, T(1), large<T>).gradient))
      << "weights, backward";
  EXPECT_TRUE(all_zero(passes<Network, T>(device, T(1), subnormal<T>, T(1)).scores)) << "pixels";
  EXPECT_TRUE(all_zero(passes<Network, T>(device, T(1), T(1), subnormal<T>).gradient)) << "signals";
}

template <class Network>
void expect_zeros_everywhere() {
  for (const implementation kernels : {implementation::direct, implementation::eigen}) {
    SCOPED_TRACE(kernels == implementation::direct ? "direct kernels" : "Eigen's kernels");
    expect_zeros<Network, float>(cpu(kernels));
    expect_zeros<Network, float>(cpu_pool(3, kernels));
  }
  expect_zeros<Network, double>(cpu());
  expect_zeros<Network, double>(cpu_pool(3));
}

TEST(denormals, are_zero_to_convolutions_and_average_pools) { expect_zeros_everywhere<convolutional>(); }
TEST(denormals, are_zero_to_strided_convolutions_and_dense_layers) { expect_zeros_everywhere<strided>(); }

}  // namespace
}  // namespace salient
