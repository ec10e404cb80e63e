// SPDX-License-Identifier: MIT
#include "salient/train/initialise.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "salient/salient.hpp"

namespace salient {
namespace {

using net = network<input<8, 6, 2>, conv2d<40, 3>, relu, conv2d<30, 3, with{.bias = false}>, relu, flatten,
                    dense<200>, relu, dense<20>>;

/// As in PyTorch, a bias is drawn from the same range as the weights: 1 / sqrt(inputs).
TEST(random_parameters, lie_evenly_in_the_range_that_the_inputs_give) {
  const state_dict tensors = random_parameters<net>(1);
  ASSERT_EQ(tensors.size(), 7u) << "a convolution has no bias";
  double inputs = 0;
  for (const named_tensor& t : tensors) {
    if (t.dimensions.size() > 1)
      inputs = static_cast<double>(t.values.size()) / static_cast<double>(t.dimensions[0]);
    const double bound = 1 / std::sqrt(inputs);
    const auto [least, most] = std::ranges::minmax(t.values);
    EXPECT_GE(least, -bound) << t.name;
    EXPECT_LE(most, bound) << t.name;
    EXPECT_LT(least, -0.7 * bound) << t.name << ": both ends are reached";
    EXPECT_GT(most, 0.7 * bound) << t.name;
    double mean = 0;
    for (const float v : t.values) mean += v / static_cast<double>(t.values.size());
    EXPECT_LT(std::abs(mean), 2 * bound / std::sqrt(static_cast<double>(t.values.size()))) << t.name;
  }
}

TEST(random_parameters, follow_from_the_seed) {
  const auto one = random_parameters<net>(1), same = random_parameters<net>(1),
             other = random_parameters<net>(2);
  for (std::size_t t = 0; t < one.size(); ++t) {
    EXPECT_EQ(one[t].values, same[t].values);
    EXPECT_NE(one[t].values, other[t].values);
  }
}

}  // namespace
}  // namespace salient
