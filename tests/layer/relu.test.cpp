// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/relu.hpp"

#include <gtest/gtest.h>

#include "laws/layer_laws.hpp"
#include "salient/layer/named.hpp"
#include "salient/layer/softmax.hpp"

namespace salient {
namespace {

using values = std::vector<float>;

// Only relu itself may be fused with its neighbours, under any name; a type derived from it may not.
struct derived : relu {};
static_assert(joinable<relu>);
static_assert(!joinable<derived> && !joinable<softmax>);

TEST_ON_EVERY_DEVICE(relu, obeys_the_layer_laws) {
  laws::layer_laws<relu>({4, 5, 3}, {4, 5, 3});
  laws::layer_laws<relu>({1, 1, 1}, {1, 1, 1}, 1);
  laws::layer_laws<relu>({90, 81, 7}, {90, 81, 7}, 3);
}

// All combinations of signs of the input and the signal.
constexpr float x[] = {-2, -2, -2, 0, 0, 0, 3, 3, 3};
constexpr float signal[] = {-5, 0, 7, -5, 0, 7, -5, 0, 7};

template <class Device, class Rule>
values passed(const Device& device, Rule rule) {
  laws::single_layer<relu, Device, float> layer(device, {1, 1, 9}, 1);
  layer.forward(values(std::begin(x), std::end(x)));
  return layer.backward(rule, values(std::begin(signal), std::end(signal)));
}

template <class Device>
void truth_table(const Device& device) {
  EXPECT_EQ(passed(device, gradient{}), (values{0, 0, 0, 0, 0, 0, -5, 0, 7})) << "relu'(0) = 0";
  EXPECT_EQ(passed(device, guided{}), (values{0, 0, 0, 0, 0, 0, 0, 0, 7}));
  EXPECT_EQ(passed(device, deconv{}), (values{0, 0, 7, 0, 0, 7, 0, 0, 7}));
}

TEST_ON_EVERY_DEVICE(relu, three_rules) {
  if (const gpu* card = laws::tested_gpu()) return truth_table(*card);
  truth_table(cpu{});
  truth_table(cpu_pool(2));
}

}  // namespace
}  // namespace salient
