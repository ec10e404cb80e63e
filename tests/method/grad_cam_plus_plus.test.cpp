// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/grad_cam_plus_plus.hpp"

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

TEST_ON_EVERY_DEVICE(grad_cam_plus_plus, obeys_the_method_laws) {
  method_laws(methods::grad_cam_plus_plus<>{});
  method_laws(methods::grad_cam_plus_plus<"features">{});
}

basic_tensor<double> of(shape extent, std::vector<double> values) {
  basic_tensor<double> t(extent);
  t.values = std::move(values);
  return t;
}

/// The formula of the paper, with its powers, on values worked out by hand.
TEST(grad_cam_plus_plus, weighs_maps_as_the_paper_does) {
  // One map with the values 1, 3 and gradients 2, -1: alpha_1 = 4 / (8 + 8 * 4) = 0.1, and relu(-1) = 0.
  const auto weights =
      methods::detail::grad_cam_plus_plus_weights(of({1, 2, 1}, {1, 3}), of({1, 2, 1}, {2, -1}));
  ASSERT_EQ(weights.values.size(), 1u);
  EXPECT_DOUBLE_EQ(weights.values[0], 0.1 * 2);
}

TEST(grad_cam_plus_plus, takes_zero_where_the_denominator_is_zero) {
  // 2 g^2 + g^3 sum = 0 at g = 1 and sum = -2; and at g = 0.
  const auto weights =
      methods::detail::grad_cam_plus_plus_weights(of({1, 2, 1}, {-3, 1}), of({1, 2, 1}, {1, 0}));
  EXPECT_EQ(weights.values[0], 0);
}

/// g^3 would be zero in double long before g is.
TEST(grad_cam_plus_plus, does_not_underflow) {
  const auto weights =
      methods::detail::grad_cam_plus_plus_weights(of({1, 2, 1}, {1, 1}), of({1, 2, 1}, {1e-200, 0}));
  EXPECT_DOUBLE_EQ(weights.values[0], 0.5e-200);
}

/// A batch of maps, each weighed by its own sum.
TEST(grad_cam_plus_plus, keeps_images_and_channels_apart) {
  basic_tensor<double> maps({1, 2, 2}, 2), gradients({1, 2, 2}, 2);
  maps.values = {1, 0, 3, 2, 0, 5, 0, 0};
  gradients.values = {2, 1, 0, 1, 4, 1, 4, 1};
  const auto weights = methods::detail::grad_cam_plus_plus_weights(maps, gradients);
  EXPECT_EQ(weights.batch, 2);
  const std::vector<double> expected{2 / (2 + 2 * 4.0), 2 * 1 / (2 + 2.0), 2 * 4 / 2.0, 2 * 1 / (2 + 5.0)};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_DOUBLE_EQ(weights.values[i], expected[i]) << i;
}

}  // namespace
}  // namespace salient
