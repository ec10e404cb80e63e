// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/gradients.hpp"

#include <numeric>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

TEST_ON_EVERY_DEVICE(gradients, obeys_the_method_laws) { method_laws(methods::gradients{}); }
TEST_ON_EVERY_DEVICE(gradients_x_input, obeys_the_method_laws) { method_laws(methods::gradients_x_input{}); }

/// The target's value, computed by forward passes only.
template <class Target, class Model>
double value(const Model& model, const basic_tensor<double>& image, int c) {
  session<Model, pass::forward> s(model);
  s.forward(image);
  return Target::value(s.scores().image(0), c);
}

template <class Network, class Target>
void expect_central_differences() {
  const cpu device;
  const auto model = random_model<Network, double>(device);
  auto image = random_images<double>(Network::input_shape);
  const auto map = gradients(model, image, Target(1)).map;
  basic_tensor<double> differences(Network::input_shape);
  for (std::size_t i = 0; i < image.values.size(); ++i) {
    const double at = image.values[i], step = 1e-6;
    image.values[i] = at + step;
    const double up = value<Target>(model, image, 1);
    image.values[i] = at - step;
    const double down = value<Target>(model, image, 1);
    image.values[i] = at;
    differences.values[i] = (up - down) / (2 * step);
  }
  expect_near(map, differences, 1e-7);
}

TEST(gradients, are_the_central_differences_of_every_target) {
  for_each_network([]<class Network>() {
    expect_central_differences<Network, logit>();
    expect_central_differences<Network, probability>();
    expect_central_differences<Network, cross_entropy>();
  });
}

TEST(gradients, of_a_linear_network_are_its_weights) {
  using linear = network<input<2, 3, 1>, flatten, dense<2>>;
  const cpu device;
  const model<linear> m(
      device, {{"1.weight", {2, 6}, {1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6}}, {"1.bias", {2}, {7, 8}}});
  EXPECT_EQ(gradients(m, tensor(linear::input_shape, 1, 0.5f), logit(1)).map.values,
            (std::vector<float>{-1, -2, -3, -4, -5, -6}));
  EXPECT_EQ(gradients_x_input(m, tensor(linear::input_shape, 1, 0.5f), logit(0)).map.values,
            (std::vector<float>{0.5f, 1, 1.5f, 2, 2.5f, 3}));
}

TEST(gradients, read_the_score_before_a_softmax) {
  using bare = network<input<3, 4, 2>, flatten, dense<9>, relu, dense<5>>;
  using topped = network<input<3, 4, 2>, flatten, dense<9>, relu, dense<5>, softmax>;
  const cpu device;
  const auto image = random_images(bare::input_shape);
  const auto a = gradients(random_model<bare>(device), image, logit(2));
  const auto b = gradients(random_model<topped>(device), image, logit(2));
  EXPECT_EQ(a.map.values, b.map.values);
  EXPECT_EQ(a.scores.values, b.scores.values);
}

TEST(gradients, of_probability_and_loss_have_opposite_signs) {
  const cpu device;
  const auto model = random_model<conv_net, double>(device);
  const auto image = random_images<double>(conv_net::input_shape);
  const auto p = gradients(model, image, probability(2)), loss = gradients(model, image, cross_entropy(2));
  basic_tensor<double> scaled = loss.map;  // d(-log p) = -dp / p
  for (double& v : scaled.values) v *= -p.values[0];
  expect_near(p.map, scaled, 1e-12);
}

TEST(gradients, explain_the_predicted_class_by_default) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 3);
  const auto result = gradients(model, images);
  for (long n = 0; n < 3; ++n)
    EXPECT_EQ(result.classes[static_cast<std::size_t>(n)], predicted_class(result.scores.image(n)));
  EXPECT_EQ(gradients(model, images, logit(result.classes)).map.values, result.map.values);
}

TEST(gradients_x_input, sum_to_the_score_without_biases) {
  using homogeneous =
      network<input<9, 8, 2>, conv2d<5, 3, with{.bias = false}>, relu, max_pool<2>,
              conv2d<4, 2, with{.padding = padding::same, .bias = false}>, relu, flatten, dense<3, false>>;
  const cpu device;
  const auto model = random_model<homogeneous, double>(device);
  for (unsigned seed = 0; seed < 5; ++seed)
    for (int c = 0; c < 3; ++c) {
      const auto e =
          gradients_x_input(model, random_images<double>(homogeneous::input_shape, 1, seed), logit(c));
      EXPECT_NEAR(std::accumulate(e.map.values.begin(), e.map.values.end(), 0.0), e.values[0], 1e-12);
    }
}

TEST(explain, refuses_images_that_mean_nothing) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto message = [&](const tensor& image) -> std::string {
    try {
      gradients(model, image);
    } catch (const error& e) {
      return e.what();
    }
    return "nothing thrown";
  };
  EXPECT_EQ(message(tensor({7, 6, 1})),
            "the network needs images of 7x6x2 (height x width x channels), got 7x6x1");
  EXPECT_NE(message(tensor(conv_net::input_shape, 0)).find("got 0"), std::string::npos);
  for (const std::size_t wrong : {10u, 100'000u}) {
    tensor lying(conv_net::input_shape);
    lying.values.resize(wrong);
    EXPECT_NE(message(lying).find("should have 84 values"), std::string::npos);
  }
  auto poisoned = random_images(conv_net::input_shape);
  poisoned.values[5] = std::nanf("");
  EXPECT_NE(message(poisoned).find("not finite at element 5"), std::string::npos);
}

TEST(explain, refuses_scores_that_overflow) {
  using tenfold = network<input<1, 1>, dense<1>>;
  const cpu device;
  const model<tenfold> m(device, {{"0.weight", {1, 1}, {10}}, {"0.bias", {1}, {0}}});
  EXPECT_EQ(gradients(m, tensor(tenfold::input_shape, 1, 3e37f)).map.values[0], 10);
  EXPECT_THROW(gradients(m, tensor(tenfold::input_shape, 1, 3e38f)), error);
}

}  // namespace
}  // namespace salient
