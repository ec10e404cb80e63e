// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/guided_backprop.hpp"

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

TEST_ON_EVERY_DEVICE(guided_backprop, obeys_the_method_laws) { method_laws(methods::guided_backprop{}); }

static_assert(!applies<methods::guided_backprop, network<input<2, 2>, flatten, dense<3>>>);

TEST(guided_backprop, differs_from_gradients_only_through_relus) {
  using linear_above = network<input<5, 5>, conv2d<3, 2>, flatten, dense<4>>;
  const cpu device;
  const auto model = random_model<linear_above>(device);
  session s(model);
  s.forward(random_images(linear_above::input_shape));
  const auto map = [&](auto rule) {
    s.write(s.signal(linear_above::scores), std::vector<float>{1, -2, 0.5f, 0});
    s.backward<decltype(rule)>(linear_above::scores, 0);
    tensor t(linear_above::input_shape);
    s.read(s.signal(0), t.values);
    return t.values;
  };
  EXPECT_EQ(map(guided{}), map(gradient{}));
  EXPECT_EQ(map(deconv{}), map(gradient{}));
}

/// Two pixels, two filters with weights 2 and -3, and one output. Its weights per pixel are (5, 7; -11, 13).
using two_pixels = network<input<1, 2>, conv2d<2, 1, with{.bias = false}>, relu, flatten, dense<1, false>>;
const state_dict by_hand{{"0.weight", {2, 1, 1, 1}, {2, -3}},
                         {"3.weight", {1, 4}, {5, -11, 7, 13}}};  // PyTorch's order: filter, then pixel

TEST(the_three_rules, give_what_is_worked_out_by_hand) {
  const cpu device;
  const model<two_pixels> m(device, by_hand);
  tensor image(two_pixels::input_shape);
  image.values = {1, -1};  // filter 0 is active at pixel 0, filter 1 at pixel 1
  const auto gradient_map = gradients(m, image, logit(0)).map.values;
  const auto guided_map = guided_backprop(m, image, logit(0)).map.values;
  const auto deconv_map = deconvolution(m, image, logit(0)).map.values;
  EXPECT_EQ(gradient_map, (std::vector<float>{2 * 5, -3 * 13}));
  EXPECT_EQ(guided_map, (std::vector<float>{2 * 5, -3 * 13})) << "both signals that pass are positive";
  EXPECT_EQ(deconv_map, (std::vector<float>{2 * 5 - 3 * 7, -3 * 13}))
      << "filter 1 passes at pixel 0 too; -11 nowhere";

  image.values = {-1, 1};  // filter 1 is active at pixel 0, filter 0 at pixel 1
  EXPECT_EQ(gradients(m, image, logit(0)).map.values, (std::vector<float>{-3 * 7, 2 * -11}));
  EXPECT_EQ(guided_backprop(m, image, logit(0)).map.values, (std::vector<float>{-3 * 7, 0}))
      << "-11 is dropped";
  EXPECT_EQ(deconvolution(m, image, logit(0)).map.values, (std::vector<float>{2 * 5 - 3 * 7, -3 * 13}))
      << "does not look at the input";
}

}  // namespace
}  // namespace salient
