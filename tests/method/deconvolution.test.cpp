// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/deconvolution.hpp"

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

TEST_ON_EVERY_DEVICE(deconvolution, obeys_the_method_laws) {
  method_laws(methods::deconvolution<>{});
  method_laws(methods::deconvolution<"features">{});
  method_laws(methods::deconvolution<"features">{.map = 2, .strongest = true});
}

static_assert(!applies<methods::deconvolution<>, dense_net>, "needs a convolution");
static_assert(!applies<methods::deconvolution<"nothing">, conv_net>);

/// The definition: a layer's activations, masked, propagated down with the deconv rule.
template <class Network>
basic_tensor<double> from_layer(const basic_tensor<double>& image, int layer, int map, bool strongest) {
  const cpu device;
  const auto model = random_model<Network, double>(device);
  session<salient::model<Network, cpu, double>, pass::saliency<3>> s(model);
  EXPECT_EQ(layer, 2);
  s.forward(image);
  basic_tensor<double> start(Network::extent(3));
  s.read(s.activation(3), start.values);
  double best = -1e300;
  for (int y = 0; y < start.extent.height; ++y)
    for (int x = 0; x < start.extent.width; ++x) best = std::max(best, start(0, y, x, std::max(map, 0)));
  for (int y = 0; y < start.extent.height; ++y)
    for (int x = 0; x < start.extent.width; ++x)
      for (int c = 0; c < start.extent.channels; ++c)
        if (map >= 0 && (c != map || (strongest && start(0, y, x, c) != best))) start(0, y, x, c) = 0;
  s.write(s.signal(3), start.values);
  s.template backward<deconv>(3, 0);
  basic_tensor<double> result(Network::input_shape);
  s.read(s.signal(0), result.values);
  return result;
}

TEST(deconvolution, starts_at_the_activations_of_a_layer) {
  const cpu device;
  const auto model = random_model<conv_net, double>(device);
  const auto image = random_images<double>(conv_net::input_shape);
  const auto all = deconvolution<"features">(model, image).map;
  const auto one = deconvolution<"features">(model, image, logit(), {.map = 1}).map;
  const auto unit = deconvolution<3>(model, image, logit(), {.map = 1, .strongest = true}).map;
  expect_near(all, from_layer<conv_net>(image, 2, -1, false), 1e-12);
  expect_near(one, from_layer<conv_net>(image, 2, 1, false), 1e-12);
  expect_near(unit, from_layer<conv_net>(image, 2, 1, true), 1e-12);
  EXPECT_NE(all.values, one.values);
  EXPECT_NE(one.values, unit.values);
}

TEST(deconvolution, of_one_unit_reaches_no_further_than_the_unit_sees) {
  using net =
      network<input<20, 20>, conv2d<3, 3>, relu, named<"features", conv2d<2, 3>>, relu, flatten, dense<2>>;
  const cpu device;
  const auto map = deconvolution<"features">(random_model<net>(device), random_images(net::input_shape),
                                             logit(), {.map = 0, .strongest = true})
                       .map;
  int top = 20, bottom = -1, left = 20, right = -1;
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 20; ++x)
      if (map(0, y, x, 0) != 0) {
        top = std::min(top, y), bottom = std::max(bottom, y);
        left = std::min(left, x), right = std::max(right, x);
      }
  EXPECT_GE(bottom, top) << "something is seen";
  EXPECT_LE(bottom - top, 4) << "two 3x3 convolutions see 5x5";
  EXPECT_LE(right - left, 4);
}

TEST(deconvolution, starts_at_the_first_of_equally_strong_units) {
  basic_tensor<float> activations({2, 2, 2}, 2);
  activations.values = {9, 1, 9, 3, 9, 3, 9, 3,   // map 1: 1, 3, 3, 3
                        9, 2, 9, 2, 9, 2, 9, 2};  // map 1: all 2
  methods::detail::keep_units(activations, 1, true);
  EXPECT_EQ(activations.values, (std::vector<float>{0, 0, 0, 3, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0}));
}

TEST(deconvolution, refuses_maps_that_are_not_there) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto image = random_images(conv_net::input_shape);
  EXPECT_THROW(deconvolution<"features">(model, image, logit(), {.map = 3}), error);
  EXPECT_THROW(deconvolution<"features">(model, image, logit(), {.map = -2}), error);
  EXPECT_THROW(deconvolution<"features">(model, image, logit(), {.strongest = true}), error);
  EXPECT_THROW(deconvolution(model, image, logit(), {.map = 0}), error);
}

}  // namespace
}  // namespace salient
