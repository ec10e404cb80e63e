// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/guided_grad_cam.hpp"

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

static_assert(!applies<methods::guided_grad_cam<>, dense_net>);
static_assert(!applies<methods::guided_grad_cam<>, network<input<5, 5>, conv2d<2, 3>, flatten, dense<2>>>,
              "no ReLU");

TEST_ON_EVERY_DEVICE(guided_grad_cam, obeys_the_method_laws) {
  method_laws(methods::guided_grad_cam<>{});
  method_laws(methods::guided_grad_cam<"features">{.interpolation = interpolation::nearest, .relu = false});
  method_laws(methods::guided_grad_cam<"features">{.alignment = map_alignment::receptive_field});
}

TEST(guided_grad_cam, is_the_product_of_its_parts) {
  const cpu device;
  const auto model = random_model<pooling_net, double>(device);
  const auto image = random_images<double>(pooling_net::input_shape);
  for (const auto how : {interpolation::bilinear, interpolation::nearest})
    for (const bool relu : {true, false}) {
      auto expected = guided_backprop(model, image, logit(1)).map;
      const auto where =
          resample(grad_cam<"features">(model, image, logit(1), {.relu = relu}).map, {11, 9}, how);
      for (int y = 0; y < 11; ++y)
        for (int x = 0; x < 9; ++x)
          for (int c = 0; c < 3; ++c) expected(0, y, x, c) *= where(0, y, x, 0);
      const auto actual =
          guided_grad_cam<"features">(model, image, logit(1), {.interpolation = how, .relu = relu}).map;
      EXPECT_EQ(actual.values, expected.values);
    }
}

/// A spike where the layer's windows, without padding, have their middle: at the same pixel, not stretched.
TEST(guided_grad_cam, puts_cells_at_the_centres_of_what_they_see) {
  const cpu device;
  const auto model = random_model<conv_net, double>(device);
  const auto image = random_images<double>(conv_net::input_shape);
  const auto aligned = guided_grad_cam<1>(model, image, logit(1),
                                          {.alignment = map_alignment::receptive_field, .relu = false});
  auto expected = guided_backprop(model, image, logit(1)).map;
  const auto coarse = grad_cam<1>(model, image, logit(1), {.relu = false}).map;  // 5 x 4, for 7 x 6 pixels
  for (int y = 0; y < 7; ++y)
    for (int x = 0; x < 6; ++x)
      for (int c = 0; c < 2; ++c)
        expected(0, y, x, c) *= coarse(0, std::clamp(y - 1, 0, 4), std::clamp(x - 1, 0, 3), 0);
  expect_near(aligned.map, expected, 1e-12);
}

}  // namespace
}  // namespace salient
