// SPDX-License-Identifier: MIT
#include "salient/method/query.hpp"

#include <cmath>
#include <string>

#include "laws/message_of.hpp"
#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

void expect_says(const std::string& said, const std::string& words) {
  EXPECT_NE(said.find(words), std::string::npos) << said;
}

/// Scores of about 4e20, whose derivative by a pixel is about 1e50.
using steep = network<input<2, 2>, conv2d<1, 1>, relu, flatten, dense<2>>;
const state_dict steep_weights{{"0.weight", {1, 1, 1, 1}, {1e25F}},
                               {"0.bias", {1}, {0}},
                               {"3.weight", {2, 4}, std::vector<float>(8, 1e25F)},
                               {"3.bias", {2}, {0, 0}}};

/// Feature maps of 1e30 at one position. `flat`: weights of 1e20 at the others; `pooled`: weights of 1e9.
using flat = network<input<2, 2>, conv2d<1, 1>, relu, flatten, dense<2>>;
const state_dict flat_weights{{"0.weight", {1, 1, 1, 1}, {1e30F}},
                              {"0.bias", {1}, {0}},
                              {"3.weight", {2, 4}, {0, 1e20F, 1e20F, 1e20F, 0, 1e20F, 1e20F, 1e20F}},
                              {"3.bias", {2}, {0, 0}}};
using pooled = network<input<2, 2>, conv2d<1, 1>, relu, global_avg_pool, dense<2>>;
const state_dict pooled_weights{{"0.weight", {1, 1, 1, 1}, {1e30F}},
                                {"0.bias", {1}, {0}},
                                {"3.weight", {2, 1}, {1e9F, 1e9F}},
                                {"3.bias", {2}, {0, 0}}};

/// The map overflows in float and is rejected; in double it is finite.
template <class Network, class Method>
void overflows(const state_dict& weights, std::vector<float> pixels, const Method& method) {
  const cpu device;
  tensor image(Network::input_shape);
  image.values = std::move(pixels);
  const model<Network> narrow(device, weights);
  EXPECT_TRUE(all_finite(std::span<const float>(predict(narrow, image).values)));
  const std::string said = message_of([&] { explain(narrow, image, logit(0), method); });
  EXPECT_EQ(
      said,
      "the map is not finite: float overflows at such weights or pixels; use a model<network, cpu, double>");
  const model<Network, cpu, double> wide(device, weights);
  EXPECT_FALSE(all_zero(std::get<0>(explain(wide, image, logit(0), method)).map));
}

TEST(overflow, of_a_map_is_refused_whatever_the_method) {
  const std::vector<float> faint(4, 1e-30F), corner{1, 0, 0, 0};
  overflows<steep>(steep_weights, faint, methods::gradients{});
  overflows<steep>(steep_weights, faint, methods::gradients_x_input{});
  overflows<steep>(steep_weights, faint, methods::guided_backprop{});
  overflows<steep>(steep_weights, faint, methods::deconvolution<>{});
  overflows<steep>(steep_weights, faint, methods::integrated_gradients{.steps = 3});
  overflows<steep>(steep_weights, faint, exact{});
  overflows<flat>(flat_weights, corner, methods::grad_cam<>{});
  overflows<steep>(steep_weights, faint, methods::guided_grad_cam<>{});
  overflows<pooled>(pooled_weights, corner, methods::cam<>{});
  overflows<pooled>(pooled_weights, corner, methods::cam<cam_weights::activation_mean>{});
}

TEST(overflow, in_the_last_image_of_a_batch_is_refused) {
  const cpu device;
  const model<steep> m(device, steep_weights);
  tensor images(steep::input_shape, 3);  // black images, whose ReLUs are off
  EXPECT_TRUE(all_zero(gradients(m, images, logit(0)).map));
  images.values.back() = 1e-30F;
  expect_says(message_of([&] { gradients(m, images, logit(0)); }), "the map is not finite");
}

TEST(overflow, of_a_later_target_is_refused) {
  const cpu device;
  auto weights = steep_weights;
  for (std::size_t i = 0; i < 4; ++i) weights[2].values[i] = 1;
  const model<steep> m(device, weights);
  const tensor image(steep::input_shape, 1, 1e-30F);
  session<model<steep>> s(m);
  EXPECT_TRUE(explain_each(s, image, std::vector{logit(0)}, methods::gradients{}).size() == 1);
  expect_says(
      message_of([&] { explain_each(s, image, std::vector{logit(0), logit(1)}, methods::gradients{}); }),
      "the map is not finite");
}

TEST(overflow, of_a_targets_value_is_refused) {
  using plain = network<input<1, 2>, flatten, dense<2>>;
  const cpu device;
  const model<plain> m(device, {{"1.weight", {2, 2}, {3e38F, 0, 0, 3e38F}}, {"1.bias", {2}, {0, 0}}});
  tensor image(plain::input_shape);
  image.values = {1, -1};
  EXPECT_EQ(gradients(m, image, logit(0)).values[0], 3e38F);
  expect_says(message_of([&] { gradients(m, image, cross_entropy(1)); }), "the target's value is not finite");
}

template <class Device>
void refuses_scores_at_a_baseline(const Device& device) {
  const auto m = random_model<conv_net>(device);
  const tensor image = random_images(conv_net::input_shape), far(conv_net::input_shape, 1, 3e38F);
  for (const std::string& said :
       {message_of([&] { integrated_gradients(m, image, logit(1), {.baseline = 3e38}); }),
        message_of([&] { integrated_gradients(m, image, logit(1), {.baseline_image = far}); }),
        message_of([&] { integrated_gradients(m, image, logit(1), exact{.baseline = 3e38}); })})
    expect_says(said, "the class scores at the baseline are not finite");
}

TEST_ON_EVERY_DEVICE(overflow, of_scores_at_a_baseline_is_refused) {
  if constexpr (built_for_gpu)
    if (const gpu* card = tested_gpu()) return refuses_scores_at_a_baseline(*card);
  refuses_scores_at_a_baseline(cpu{});
}

/// A score that is 0 at x = 0 and x = 2, but 3e39 halfway.
template <class Device>
void refuses_scores_on_the_path(const Device& device) {
  using peak = network<input<1, 1>, dense<2>, relu, dense<1>, relu, dense<1>, relu, dense<1>>;
  const state_dict weights{{"0.weight", {2, 1}, {1, 1}},  {"0.bias", {2}, {0, -1}},
                           {"2.weight", {1, 2}, {1, -2}}, {"2.bias", {1}, {0}},
                           {"4.weight", {1, 1}, {3e38F}}, {"4.bias", {1}, {0}},
                           {"6.weight", {1, 1}, {10}},    {"6.bias", {1}, {0}}};
  const model<peak, Device> m(device, weights);
  const tensor image(peak::input_shape, 1, 2.0F);
  EXPECT_EQ(predict(m, image).values[0], 0);
  for (const std::string& said : {message_of([&] { integrated_gradients(m, image, logit(0), {.steps = 5}); }),
                                  message_of([&] { integrated_gradients(m, image, logit(0), exact{}); })})
    expect_says(said, "the class scores between baseline and image are not finite");
  if constexpr (computes_in<Device, double>) {
    const model<peak, Device, double> wide(device, weights);
    EXPECT_NEAR(integrated_gradients(wide, image, logit(0), exact{}).map.values[0] / 3e39, 0, 1e-10);
  }
}

TEST_ON_EVERY_DEVICE(overflow, of_scores_on_the_path_is_refused) {
  if constexpr (built_for_gpu)
    if (const gpu* card = tested_gpu()) return refuses_scores_on_the_path(*card);
  refuses_scores_on_the_path(cpu{});
}

TEST(explanation, says_which_images_are_out_of_range) {
  const cpu device;
  const auto m = random_model<conv_net>(device);
  tensor images = random_images(conv_net::input_shape, 3);
  EXPECT_TRUE(gradients(m, images).out_of_range.empty());
  images.values[static_cast<std::size_t>(conv_net::input_shape.elements() + 4)] = 255;
  using numbers = std::vector<int>;
  EXPECT_EQ(gradients(m, images).out_of_range, numbers{1});
  EXPECT_EQ(grad_cam(m, images).out_of_range, numbers{1});

  tensor bytes(conv_net::input_shape, 1, 128);
  EXPECT_EQ(integrated_gradients(m, images, logit(), {.baseline_image = bytes}).out_of_range,
            (numbers{0, 1, 2}));
  tensor each(conv_net::input_shape, 3);
  each.values.front() = -5;  // of image 0, whose own pixels are in range
  EXPECT_EQ(integrated_gradients(m, images, logit(), exact{.baseline_image = each}).out_of_range,
            (numbers{0, 1}));
  EXPECT_EQ(integrated_gradients(m, images, logit(), {.baseline = 3}).out_of_range, numbers{1})
      << "a number is a value of the network's input, in whatever range that is";

  const model<conv_net> of_bytes(device, random_weights<conv_net>(), preprocessing{.range = 255});
  EXPECT_EQ(gradients(of_bytes, images).out_of_range, numbers{1})
      << "images are given in 0 to 1 whatever the network takes";
}

/// A user's log softmax(z)_c: a target about a class, in float only.
struct log_probability {
  std::vector<int> classes;
  float value(std::span<const float> z, int c) const { return -cross_entropy::value(z, c); }
  void derivative(std::span<const float> z, int c, std::span<float> dz) const {
    cross_entropy::derivative(z, c, dz);
    for (float& v : dz) v = -v;
  }
};

/// The largest score minus the mean: a target about no class, in both scalars.
struct contrast {
  double scale = 1;
  template <class T>
  T value(std::span<const T> z) const {
    T mean = 0;
    for (const T v : z) mean += v / static_cast<T>(z.size());
    return static_cast<T>(scale) * (z[static_cast<std::size_t>(predicted_class(z))] - mean);
  }
  template <class T>
  void derivative(std::span<const T> z, std::span<T> dz) const {
    for (T& v : dz) v -= static_cast<T>(scale) / static_cast<T>(z.size());
    dz[static_cast<std::size_t>(predicted_class(z))] += static_cast<T>(scale);
  }
};

TEST(query, reads_the_derivative_at_each_images_own_scores) {
  const cpu device;
  const auto m = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 3);
  const auto together = gradients(m, images, probability({2, 0, 1}));
  for (long n = 0; n < 3; ++n) {
    const auto alone =
        gradients(m, images.slice(n, 1), probability(together.classes[static_cast<std::size_t>(n)]));
    EXPECT_EQ(together.map.slice(n, 1).values, alone.map.values) << "image " << n;
    EXPECT_EQ(together.values[static_cast<std::size_t>(n)], alone.values[0]);
  }
}

TEST(query, starts_from_inputs_and_given_classes) {
  const cpu device;
  constexpr preprocessing p{.mean = 0.25, .deviation = 0.5};
  const model<conv_net> m(device, random_weights<conv_net>(), p);
  const auto images = random_images(conv_net::input_shape, 2);
  const auto expected = gradients(m, images, logit({3, 1}));
  session<model<conv_net>> s(m, 3);
  s.begin(2);
  s.write(s.activation(0), preprocess(p, images).values);
  const query q(s, std::vector{3, 1}, logit(), "there");
  const auto e = methods::gradients{}(q);
  EXPECT_EQ(e.map.values, expected.map.values);
  EXPECT_EQ(e.values, expected.values);
  EXPECT_EQ(e.classes, expected.classes);
  EXPECT_EQ(e.scores.values, expected.scores.values);

  s.begin(1);
  s.write(s.activation(0), std::vector<float>(images.image(0).size(), 3e38F));
  expect_says(message_of([&] { query(s, std::vector{0}, logit(), "over there"); }),
              "the class scores over there are not finite");
}

TEST(own_target, about_a_class_is_told_the_class) {
  const cpu device;
  const auto m = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 3);
  const auto e = gradients(m, images, log_probability{{2, 0, 1}});
  auto expected = gradients(m, images, cross_entropy({2, 0, 1}));
  for (float& v : expected.map.values) v = -v;
  EXPECT_EQ(e.map.values, expected.map.values);
  EXPECT_EQ(e.classes, (std::vector{2, 0, 1}));
  EXPECT_EQ(gradients(m, images, log_probability{}).classes, predicted_classes(e.scores));
  EXPECT_THROW(gradients(m, images, log_probability{{9}}), error);
  const auto pooled_model = random_model<pooled_net>(device);
  const auto digits = random_images(pooled_net::input_shape);
  EXPECT_EQ(cam(pooled_model, digits, log_probability{{1}}).map.values,
            cam(pooled_model, digits, logit(1)).map.values);
}

TEST(own_target, may_have_members_and_any_derivative) {
  const cpu device;
  const auto m = random_model<conv_net, double>(device);
  auto image = random_images<double>(conv_net::input_shape);
  const auto e = gradients(m, image, contrast{3});
  EXPECT_TRUE(e.classes.empty());
  EXPECT_NEAR(e.values[0], 3 * gradients(m, image, contrast{}).values[0], 1e-12);
  basic_tensor<double> differences(conv_net::input_shape);
  for (std::size_t i = 0; i < image.values.size(); ++i) {
    const double at = image.values[i], step = 1e-6;
    const auto value = [&](double x) {
      image.values[i] = x;
      return contrast{3}.value(std::span<const double>(predict(m, image).values));
    };
    differences.values[i] = (value(at + step) - value(at - step)) / (2 * step);
    image.values[i] = at;
  }
  expect_near(e.map, differences, 1e-7);
  const auto integrated = integrated_gradients(m, image, contrast{3}, {.steps = 3000});
  EXPECT_NEAR(integrated.gaps[0], 0, 3e-3);
  EXPECT_NEAR(integrated.values[0], e.values[0], 1e-12);
}

#ifdef SALIENT_WITH_CUDA

/// The library's targets under types of a user's own: the host differentiates them.
template <class Target>
struct on_the_host : Target {
  using Target::Target;
};

template <class Target, class... Methods>
void starts_there_as_on_the_host(const Methods&... method) {
  using network = conv_net;
  const auto m = laws::random_model<network>(*laws::tested_gpu());
  session<model<network, gpu>, pass_for<network, Methods...>> s(m, 3);
  const auto images = laws::random_images(network::input_shape, 3);
  const std::vector<std::vector<int>> choices{{}, {2}, {1, 4, 0}};
  for (const std::vector<int>& classes : choices)
    for (int turn = 0; turn < 4; ++turn) {  // twice plain, recorded, replayed
      const auto there = explain(s, images, Target(classes), method...);
      const auto here = explain(s, images, on_the_host<Target>(classes), method...);
      const auto same = [](const auto& a, const auto& b) {
        EXPECT_EQ(a.classes, b.classes);
        EXPECT_EQ(a.scores.values, b.scores.values);
        EXPECT_EQ(a.values, b.values);
        expect_near(a.map, b.map, 1e-5);
      };
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        (same(std::get<I>(there), std::get<I>(here)), ...);
      }(std::index_sequence_for<Methods...>{});
    }
}

TEST_ON_GPU(query, starts_on_the_device_as_on_the_host) {
  starts_there_as_on_the_host<logit>(methods::gradients{}, methods::grad_cam<>{},
                                     methods::integrated_gradients{.steps = 20}, exact{});
  starts_there_as_on_the_host<probability>(methods::gradients{}, methods::integrated_gradients{.steps = 20},
                                           methods::smooth<>{.samples = 7}, methods::full_grad{});
  starts_there_as_on_the_host<cross_entropy>(methods::guided_backprop{}, methods::expected_gradients{},
                                             methods::integrated_gradients{.tolerance = 1e-3});
}

TEST_ON_GPU(query, refuses_scores_that_are_not_finite_as_on_a_cpu) {
  const model<flat, gpu> m(*laws::tested_gpu(), flat_weights);
  tensor image(flat::input_shape);
  image.values = {0, 1, 0, 0};  // a score of 1e50
  const auto refused = [&](const auto& method, const auto& target) {
    return message_of([&] { explain(m, image, target, method); });
  };
  const std::string words = "the class scores at the image are not finite";
  EXPECT_TRUE(refused(methods::gradients{}, logit(0)).starts_with(words));
  EXPECT_TRUE(refused(methods::gradients{}, probability()).starts_with(words));
  EXPECT_TRUE(refused(methods::grad_cam<>{}, logit()).starts_with(words));
  EXPECT_TRUE(refused(methods::integrated_gradients{}, logit(0)).starts_with(words));
  EXPECT_TRUE(refused(methods::gradients{}, logit(2)).starts_with("target 2 is out of range"));
}

#endif

}  // namespace
}  // namespace salient
