// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/full_grad.hpp"

#include <cmath>
#include <numeric>
#include <string>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

const cpu device;  // outlives every model

/// Batch norms with and without a convolution's bias before them and with and without parameters, a residual
/// sum, a projection, a concat, and every activation that is piecewise linear through zero.
using conv = conv2d<4, 3, with{.padding = 1, .bias = false}>;
using residual_net =
    network<input<8, 7, 3>, conv2d<4, 3, with{.padding = 1}>, batch_norm<>, relu,
            sum<sequence<conv, batch_norm<>, relu, conv, batch_norm<norm{.affine = false}>>, identity>, relu,
            sum<sequence<conv2d<6, 3, with{.stride = 2}>, batch_norm<>>, conv2d<6, 3, with{.stride = 2}>>,
            leaky_relu<0.1>, concat<sequence<conv2d<3, 1>, prelu<>>, identity>, max_pool<2>, conv2d<5, 1>,
            global_avg_pool, flatten, dense<6>, batch_norm<>, relu, dense<4>, softmax>;

TEST_ON_EVERY_DEVICE(full_grad, obeys_the_method_laws) {
  method_laws(methods::full_grad{});
  method_laws(methods::full_grad{.scale = full_grad_scale::layer, .budget = 1});
}

double sum_of(std::span<const double> values) { return std::accumulate(values.begin(), values.end(), 0.0); }

template <class Network>
void expect_complete(std::size_t layers, unsigned seed = 3) {
  const auto model = random_model<Network, double>(device, seed);
  const auto images = random_images<double>(Network::input_shape, 3);
  const auto e = full_grad(model, images, logit({2, 0, 1}));
  ASSERT_EQ(e.totals.size(), 3u);
  ASSERT_EQ(e.layers.size(), layers);
  for (long n = 0; n < 3; ++n) {
    const double value = e.values[static_cast<std::size_t>(n)], total = e.totals[static_cast<std::size_t>(n)];
    EXPECT_NEAR(total, value, 1e-12 * std::max(1.0, std::abs(value)));
    EXPECT_NEAR(sum_of(e.input.image(n)) + sum_of(e.biases.image(n)), total, 1e-12);
    for (std::size_t l = 0; l < layers; ++l)
      EXPECT_NE(e.biases.image(n)[l], 0) << "activation " << e.layers[l] << " of " << Network::size;
  }
}

TEST(full_grad, has_parts_that_add_up_to_the_score) {
  expect_complete<dense_net>(2);
  expect_complete<conv_net>(3);
  expect_complete<pooling_net>(3);
  expect_complete<pooled_net>(3);
  expect_complete<pooled_softmax_net>(3);
  // Weights for which no layer is off as a whole.
  expect_complete<residual_net>(12, 2);
}

TEST(full_grad, does_not_add_up_where_an_activation_has_values_of_its_own) {
  using smooth_net = network<input<6, 6, 2>, conv2d<3, 3>, silu, flatten, dense<3>>;
  const auto model = random_model<smooth_net, double>(device);
  const auto e = full_grad(model, random_images<double>(smooth_net::input_shape), logit(1));
  EXPECT_GT(std::abs(e.totals[0] - e.values[0]), 1e-3);
}

/// A layer's sum of b dz/db is the slope of the score when its constants grow by a common factor.
TEST(full_grad, has_the_slopes_of_the_score_in_the_biases) {
  using net = network<input<6, 7, 2>, named<"first", conv2d<3, 3>>, named<"norm", batch_norm<>>, silu,
                      named<"last", conv2d<4, 2, with{.stride = 2}>>, relu, flatten, named<"head", dense<3>>>;
  const auto weights = random_weights<net>();
  const auto images = random_images<double>(net::input_shape);
  const auto e = full_grad(model<net, cpu, double>(device, weights), images, logit(1));
  ASSERT_EQ(e.layers,
            (std::vector{net::find("first"), net::find("norm"), net::find("last"), net::find("head")}));
  const model<net, cpu, double> original(device, weights);
  const auto values = original.values();
  for (std::size_t l = 0; l < e.layers.size(); ++l) {
    const parameter_place& p = net::parameter_layout.places[static_cast<std::size_t>(e.layers[l] - 1)];
    const auto score = [&](double growth) {
      auto changed = values;
      for (int c = 0; c < net::extent(e.layers[l]).channels; ++c) {
        const auto tensor = [&](std::size_t t) { return values[static_cast<std::size_t>(p.tensor[t] + c)]; };
        const double constant =
            p.list.count == 4 ? tensor(1) - tensor(0) * tensor(2) / std::sqrt(tensor(3) + 1e-5) : tensor(1);
        changed[static_cast<std::size_t>(p.tensor[1] + c)] += growth * constant;
      }
      model<net, cpu, double> other(device, weights);
      other.assign(changed);
      return gradients(other, images, logit(1)).values[0];
    };
    const double step = 1e-5;
    EXPECT_NEAR(e.biases.values[l], (score(step) - score(-step)) / (2 * step), 1e-8) << "layer " << l;
  }
}

/// z_0 = sum of v (2 x + 1) + 3, where every unit is on: the input's part is 2 v x, the convolution's v.
TEST(full_grad, draws_a_case_by_hand) {
  using net = network<input<1, 4>, conv2d<1, 1>, relu, flatten, dense<2>>;
  const model<net, cpu, double> model(device, {{"0.weight", {1, 1, 1, 1}, {2}},
                                               {"0.bias", {1}, {1}},
                                               {"3.weight", {2, 4}, {4, 1, 3, -5, 0, 0, 0, 0}},
                                               {"3.bias", {2}, {3, 0}}});
  basic_tensor<double> image({1, 4, 1});
  image.values = {0.5, 1, 0, 0.25};  // 2 v x: 4, 2, 0, -2.5; v: 4, 1, 3, -5
  const auto e = full_grad(model, image, logit(0));
  const std::vector expected{1 + 0.75, 0.5 + 0, 0 + 0.5, 0.625 + 1};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_DOUBLE_EQ(e.map.values[i], expected[i]);
  EXPECT_EQ(e.input.values, (std::vector<double>{4, 2, 0, -2.5}));
  EXPECT_EQ(e.biases.values, (std::vector<double>{3, 3}));
  EXPECT_EQ(e.totals, (std::vector<double>{9.5}));
  EXPECT_EQ(e.values, e.totals);
}

/// With one channel in each part the two scales are the same; with more they differ.
TEST(full_grad, scales_channels_or_layers) {
  using grey = network<input<6, 6>, conv2d<1, 3>, relu, flatten, dense<3>>;
  const auto by = [](const auto& model, const auto& image, full_grad_scale scale) {
    return full_grad(model, image, logit(1), {.scale = scale}).map;
  };
  const auto a = random_model<grey, double>(device);
  const auto x = random_images<double>(grey::input_shape);
  EXPECT_EQ(by(a, x, full_grad_scale::channel).values, by(a, x, full_grad_scale::layer).values);
  const auto b = random_model<conv_net, double>(device);
  const auto y = random_images<double>(conv_net::input_shape);
  const auto channels = by(b, y, full_grad_scale::channel), layers = by(b, y, full_grad_scale::layer);
  EXPECT_LE(*std::ranges::max_element(layers.values), *std::ranges::max_element(channels.values));
  EXPECT_NE(channels.values, layers.values);
}

/// In front of a global average pool all gradients are equal, but for rounding that depends on the place.
TEST(full_grad, does_not_draw_rounding) {
  using linear = network<input<9, 9>, conv2d<3, 3>, global_avg_pool, flatten, dense<2>>;
  const cpu by_eigen(implementation::eigen);
  const auto model = random_model<linear>(by_eigen);
  const tensor image(linear::input_shape, 1, 0.0F);
  EXPECT_TRUE(all_zero(full_grad(model, image, logit(1)).map));
}

TEST(full_grad, has_the_same_bits_under_every_budget) {
  const auto model = random_model<residual_net>(device);
  const auto images = random_images<float>(residual_net::input_shape, 4);
  const auto few = full_grad(model, images, logit(1), {.budget = 1}),
             many = full_grad(model, images, logit(1));
  EXPECT_EQ(few.map.values, many.map.values);
  EXPECT_EQ(few.biases.values, many.biases.values);
  EXPECT_EQ(few.input.values, many.input.values);
  EXPECT_EQ(few.totals, many.totals);
}

TEST(full_grad, refuses_a_budget_of_nothing) {
  const auto model = random_model<conv_net>(device);
  try {
    full_grad(model, random_images<float>(conv_net::input_shape), logit(1), {.budget = 0});
    FAIL();
  } catch (const error& e) {
    EXPECT_STREQ(e.what(), "FullGrad: the budget must be at least 1 byte, got 0");
  }
}

}  // namespace
}  // namespace salient
