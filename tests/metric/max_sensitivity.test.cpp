// SPDX-License-Identifier: MIT
// label: threads
#include "salient/metric/max_sensitivity.hpp"

#include <cmath>

#include "laws/method_laws.hpp"
#include "metric/maps.hpp"
#include "salient/core/philox.hpp"
#include "salient/method/list.hpp"

namespace salient::metrics {
namespace {

using namespace laws;

using linear = network<input<5, 4, 2>, conv2d<3, 2>, flatten, dense<3>>;

TEST(max_sensitivity, of_a_linear_networks_gradient_is_zero) {
  const cpu device;
  const auto model = random_model<linear, double>(device);
  const auto images = random_images<double>(linear::input_shape, 2);
  EXPECT_EQ(max_sensitivity(model, images, methods::gradients{}), (values{0.0, 0.0}));
}

TEST(max_sensitivity, of_gradients_x_input_is_how_far_the_weighed_noise_reaches) {
  const cpu device;
  const auto model = random_model<linear, double>(device);
  const auto images = random_images<double>(linear::input_shape, 1);
  const auto w = gradients(model, images, logit(2)).map.values;
  const auto [least, largest] = std::ranges::minmax(images.values);
  double norm = 0, most = 0;
  for (std::size_t i = 0; i < w.size(); ++i) norm += std::pow(w[i] * images.values[i], 2);
  for (std::uint32_t s = 0; s < 5; ++s) {
    double moved = 0;
    for (std::size_t i = 0; i < w.size(); ++i) {
      const double u =
          random_numbers{.seed = 6, .use = random_use::sensitivity_noise, .image = 1, .sample = s}.uniform(i);
      moved += std::pow(w[i] * 0.1 * (largest - least) * (2 * u - 1), 2);
    }
    most = std::max(most, moved);
  }
  const auto found = max_sensitivity(model, images, methods::gradients_x_input{}, logit(2),
                                     {.radius = 0.1, .samples = 5, .seed = 6, .first = 1});
  EXPECT_NEAR(found.at(0).value(), std::sqrt(most / norm), 1e-12);
}

/// The class is that of the image, also where the noise would change it.
TEST(max_sensitivity, keeps_the_class_of_the_image) {
  using two = network<input<1, 2, 1>, flatten, dense<2>>;
  const cpu device;
  const model<two, cpu, double> m(device, {{"1.weight", {2, 2}, {1, 0, 0, 1}}, {"1.bias", {2}, {0, 0}}});
  const auto images = map_of<double>({1, 2, 1}, {-1, -1.001});
  EXPECT_EQ(max_sensitivity(m, images, methods::gradients{}, logit(), {.radius = 1000, .samples = 20}),
            values{0.0});
}

TEST(max_sensitivity, grows_with_the_samples_and_has_no_value_for_a_map_of_zeros) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape);
  double before = 0;
  for (const int samples : {1, 4, 16}) {
    const double now =
        max_sensitivity(model, images, methods::gradients_x_input{}, logit(), {.samples = samples})[0]
            .value();
    EXPECT_GE(now, before);
    before = now;
  }
  EXPECT_GT(before, max_sensitivity(model, images, methods::gradients_x_input{}, logit(), {.samples = 1})[0]);
  const tensor zeros(conv_net::input_shape);
  EXPECT_EQ(max_sensitivity(model, zeros, methods::gradients_x_input{}), values{std::nullopt});
}

TEST(max_sensitivity, takes_every_method) {
  const cpu device;
  const auto model = random_model<pooled_net>(device);
  const auto images = random_images(pooled_net::input_shape);
  long count = 0;
  with_all_methods([&]<class... Methods>() {
    (
        [&] {
          if constexpr (applies<Methods, pooled_net>) {
            SCOPED_TRACE(Methods::words.name);
            const auto found = max_sensitivity(model, images, Methods{}, logit(1), {.samples = 2});
            ASSERT_EQ(found.size(), 1u);
            EXPECT_LT(found[0].value_or(0), 2);
            count += found[0] && *found[0] > 0;
          }
        }(),
        ...);
  });
  EXPECT_GT(count, 12);
}

/// A batch gives the values of its images, each with its own options, however many run at once.
TEST_ON_EVERY_DEVICE(max_sensitivity, agrees_on_batches_and_devices) {
  const cpu device;
  const auto images = random_images(conv_net::input_shape, 3);
  const std::vector<int> classes{1, 0, 2};
  const methods::integrated_gradients method{
      .steps = 4, .baseline_image = random_images<double>(conv_net::input_shape, 3, 9)};
  const auto together = max_sensitivity(random_model<conv_net>(device), images, method, logit(classes),
                                        {.samples = 5, .first = 7});
  EXPECT_NE(together[0], together[1]);
  const auto expect = [&](const auto& other, double tolerance) {
    for (const long at_once : {1L, 2L, 1000L})
      for (std::uint32_t n = 0; n < 3; ++n) {
        const auto alone = max_sensitivity(other, images.slice(n, 1), method.of_image(n), logit(classes[n]),
                                           {.samples = 5, .first = 7 + n, .at_once = at_once});
        EXPECT_NEAR(*alone[0], *together[n], tolerance * *together[n]);
      }
  };
  if constexpr (built_for_gpu)
    if (const gpu* card = tested_gpu()) return expect(random_model<conv_net>(*card), 0.01);
  expect(random_model<conv_net>(device), 0);
  expect(random_model<conv_net>(cpu_pool(3)), 0);
}

TEST(max_sensitivity, refuses_bad_options_and_images) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 2);
  const auto refusal = [&](const sensitivity_options& options, const logit& target = {}) {
    return message_of([&] { max_sensitivity(model, images, methods::gradients{}, target, options); });
  };
  EXPECT_EQ(
      refusal({.radius = 0}),
      "max_sensitivity: the radius is a share of the input's range, which must be above 0 and finite, got 0");
  EXPECT_NE(refusal({.radius = std::nan("")}).find("got nan"), std::string::npos);
  EXPECT_EQ(refusal({.samples = 0}), "max_sensitivity: samples must be between 1 and 1000000, got 0");
  EXPECT_EQ(refusal({.at_once = 0}), "a session needs room for at least one image, got 0");
  EXPECT_EQ(refusal({}, 5), "target 5 is out of range: the network has classes 0 to 4");
  EXPECT_EQ(refusal({.radius = 1e39}),
            "max_sensitivity: the network's input is not finite with noise; give a smaller radius");
  EXPECT_NE(message_of([&] {
              max_sensitivity(model, images, methods::integrated_gradients{.steps = 0});
            }).find("steps"),
            std::string::npos);
  EXPECT_NE(message_of([&] {
              max_sensitivity(model, tensor({7, 6, 1}), methods::gradients{});
            }).find("needs images of 7x6x2"),
            std::string::npos);
}

}  // namespace
}  // namespace salient::metrics
