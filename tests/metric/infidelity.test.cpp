// SPDX-License-Identifier: MIT
// label: threads
#include "salient/metric/infidelity.hpp"

#include <cmath>

#include "laws/method_laws.hpp"
#include "metric/maps.hpp"
#include "salient/core/philox.hpp"
#include "salient/view/reduce.hpp"

namespace salient::metrics {
namespace {

using namespace laws;

/// Without a ReLU, so that scores are linear in the input.
using linear = network<input<5, 4, 2>, conv2d<3, 2>, flatten, dense<3>>;

constexpr auto noise_change = infidelity_change::noise, removal = infidelity_change::removal;

double only(const values& v) {
  EXPECT_EQ(v.size(), 1u);
  return v.at(0).value();
}

TEST(infidelity, of_what_a_linear_network_does_is_zero) {
  const cpu device;
  const auto model = random_model<linear, double>(device);
  const auto images = random_images<double>(linear::input_shape, 2);
  const auto of_noise = infidelity(model, images, gradients(model, images).map);
  const auto of_removal =
      infidelity(model, images, gradients_x_input(model, images).map, logit(), {.change = removal});
  for (const infidelities& found : {of_noise, of_removal})
    for (std::size_t n = 0; n < 2; ++n) {
      EXPECT_LT(*found.mean[n], 1e-28);
      EXPECT_LT(*found.standard_error[n], 1e-28);
      EXPECT_LT(*found.scaled[n], 1e-28);
      EXPECT_LT(*found.unexplained[n], 1e-28);
    }
  // And not for the maps of the other kind.
  EXPECT_GT(*infidelity(model, images, gradients_x_input(model, images).map).mean[0], 1e-3);
  const auto map = gradients(model, images).map;
  EXPECT_GT(*infidelity(model, images, map, logit(), {.change = removal}).mean[0], 1e-3);
}

TEST(infidelity, of_a_constant_at_one_pixel_is_its_square_times_the_mean_square_of_the_noise) {
  const cpu device;
  const auto model = random_model<linear, double>(device);
  const auto images = random_images<double>(linear::input_shape, 1);
  auto map = gradients(model, images).map;
  constexpr std::size_t at = 13;
  constexpr double c = 3, deviation = 0.25;
  constexpr int samples = 40;
  map.values[at] += c;
  const auto [least, largest] = std::ranges::minmax(images.values);
  double squares = 0;
  for (std::uint32_t s = 0; s < samples; ++s) {
    const double z =
        random_numbers{.seed = 9, .use = random_use::infidelity_noise, .image = 2, .sample = s}.normal(at);
    squares += std::pow(deviation * (largest - least) * z, 2) / samples;
  }
  const auto found = infidelity(model, images, map, logit(),
                                {.deviation = deviation, .samples = samples, .seed = 9, .first = 2});
  EXPECT_NEAR(only(found.mean), c * c * squares, 1e-12);
  // Of many samples: c^2 times the variance, within four standard errors.
  const auto many = infidelity(model, images, map, logit(), {.deviation = deviation, .samples = 4000});
  const double expected = c * c * std::pow(deviation * (largest - least), 2);
  EXPECT_NEAR(only(many.mean), expected, 4 * only(many.standard_error));
  EXPECT_NEAR(only(many.standard_error), expected * std::sqrt(2.0 / 4000), 0.1 * only(many.standard_error));
}

TEST(infidelity, of_a_map_of_zeros_is_the_mean_square_of_the_falls) {
  const cpu device;
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape, 2);
  for (const auto change : {noise_change, removal}) {
    const auto falls = draw_value_falls(model, images, logit(), {.change = change, .samples = 8});
    const auto found = infidelity(falls, basic_tensor<double>(conv_net::input_shape, 2));
    for (std::size_t n = 0; n < 2; ++n) {
      double squares = 0;
      for (std::size_t k = 0; k < 8; ++k) squares += falls.falls[8 * n + k] * falls.falls[8 * n + k] / 8;
      EXPECT_NEAR(*found.mean[n], squares, 1e-14);
      EXPECT_NEAR(*found.scaled[n], squares, 1e-14);
      EXPECT_EQ(*found.unexplained[n], 1);
    }
  }
}

TEST(infidelity, removes_the_whole_image_where_the_square_is_as_large) {
  using square = network<input<4, 4, 1>, flatten, dense<3>, relu, dense<3>>;
  const cpu device;
  const auto model = random_model<square, double>(device);
  const auto images = random_images<double>(square::input_shape);
  const auto ig = integrated_gradients(model, images, logit(1), exact{});
  const infidelity_options whole{.change = removal, .side = 4, .samples = 3};
  EXPECT_LT(only(infidelity(model, images, ig.map, logit(1), whole).mean), 1e-20);
  const double fall = draw_value_falls(model, images, logit(1), whole).falls[2];
  EXPECT_NEAR(fall, ig.values[0] - predict(model, basic_tensor<double>(square::input_shape)).values[1],
              1e-12);
}

TEST(infidelity, scaled_and_unexplained_do_not_depend_on_the_maps_scale) {
  const cpu device;
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape);
  const auto map = noise(conv_net::input_shape);
  const auto once = infidelity(model, images, map);
  EXPECT_LT(only(once.scaled), only(once.mean));
  EXPECT_GT(only(once.unexplained), 0);
  EXPECT_LT(only(once.unexplained), 1);
  for (const double factor : {-4.0, 1e-3, 1e5}) {
    const auto other = infidelity(model, images, scaled(map, factor));
    EXPECT_NEAR(only(other.scaled), only(once.scaled), 1e-12);
    EXPECT_NEAR(only(other.unexplained), only(once.unexplained), 1e-12);
    EXPECT_GT(std::abs(only(other.mean) - only(once.mean)), 1e-3);
  }
}

TEST(infidelity, spreads_maps_of_another_shape) {
  const cpu device;
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape);
  const auto plane = noise({7, 6, 1}), layer = noise({3, 2, 1}), deep = noise({3, 2, 5});
  for (const auto& given : {plane, layer, deep}) {
    const auto large = resample(channel_sum(given), size(conv_net::input_shape));
    basic_tensor<double> full(conv_net::input_shape);
    for (std::size_t i = 0; i < full.values.size(); ++i) full.values[i] = large.values[i / 2] / 2;
    EXPECT_NEAR(only(infidelity(model, images, given).mean), only(infidelity(model, images, full).mean),
                1e-12);
  }
}

TEST(infidelity, has_no_share_where_the_value_never_changes) {
  const cpu device;
  using tiny = network<input<2, 2, 1>, flatten, dense<1>>;
  const model<tiny, cpu, double> m(device, {{"1.weight", {1, 4}, {0, 0, 0, 0}}, {"1.bias", {1}, {5}}});
  const auto images = map_of<double>({2, 2, 1}, {1, 2, 3, 4});
  const auto found = infidelity(m, images, images);
  EXPECT_GT(only(found.mean), 0);
  EXPECT_EQ(only(found.scaled), 0);
  EXPECT_EQ(found.unexplained, values{std::nullopt});
}

/// A batch gives the values of its images, however many run at once, and every device the same.
TEST_ON_EVERY_DEVICE(infidelity, agrees_on_batches_and_devices) {
  const cpu device;
  const auto images = random_images(conv_net::input_shape, 3),
             maps = random_images(conv_net::input_shape, 3, 8);
  const std::vector<int> classes{1, 0, 2};
  for (const auto change : {noise_change, removal}) {
    const auto together = infidelity(random_model<conv_net>(device), images, maps, logit(classes),
                                     {.change = change, .samples = 9, .first = 4});
    EXPECT_NE(together.mean[0], together.mean[1]);
    const auto expect = [&](const auto& other, double tolerance) {
      for (const long at_once : {1L, 4L, 1000L})
        for (std::uint32_t n = 0; n < 3; ++n) {
          const auto alone = infidelity(other, images.slice(n, 1), maps.slice(n, 1), logit(classes[n]),
                                        {.change = change, .samples = 9, .first = 4 + n, .at_once = at_once});
          EXPECT_NEAR(only(alone.mean), *together.mean[n], tolerance * *together.mean[n]);
          EXPECT_NEAR(only(alone.scaled), *together.scaled[n], tolerance * *together.scaled[n]);
        }
    };
    if constexpr (built_for_gpu)
      if (const gpu* card = tested_gpu()) {
        expect(random_model<conv_net>(*card), 10 * gpu_tolerance);
        continue;
      }
    expect(random_model<conv_net>(device), 0);
    expect(random_model<conv_net>(cpu_pool(3)), 0);
  }
}

TEST(infidelity, draws_by_seed_and_image) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape);
  for (const auto change : {noise_change, removal}) {
    const auto falls = [&](std::uint64_t seed, std::uint32_t first) {
      return draw_value_falls(model, images, logit(0),
                              {.change = change, .side = 1, .samples = 20, .seed = seed, .first = first})
          .falls;
    };
    EXPECT_EQ(falls(1, 0), falls(1, 0));
    EXPECT_NE(falls(1, 0), falls(2, 0));
    EXPECT_NE(falls(1, 0), falls(1, 1));
  }
}

TEST(infidelity, refuses_bad_options_and_maps) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 2);
  const auto refusal = [&](const tensor& maps, const infidelity_options& options, const logit& target = {}) {
    return message_of([&] { infidelity(model, images, maps, target, options); });
  };
  EXPECT_EQ(
      refusal(images, {.deviation = 0}),
      "infidelity: the deviation is a share of the input's range, which must be above 0 and finite, got 0");
  EXPECT_NE(refusal(images, {.deviation = std::nan("")}).find("got nan"), std::string::npos);
  EXPECT_EQ(refusal(images, {.side = 7}),
            "infidelity: the side of the square must be between 1 and the image's shorter side, 6, got 7");
  EXPECT_NE(refusal(images, {.side = 0}).find("got 0"), std::string::npos);
  EXPECT_EQ(refusal(images, {.baseline = 1e39}),
            "infidelity: the baseline must be finite in the model's scalar, got 1e+39");
  EXPECT_EQ(refusal(images, {.samples = 1}),
            "infidelity: samples must be between 2, of which there is a standard error, and 1000000, got 1");
  EXPECT_NE(refusal(images, {.samples = 1'000'001}).find("got 1000001"), std::string::npos);
  EXPECT_EQ(refusal(images, {.at_once = 0}), "a session needs room for at least one image, got 0");
  EXPECT_EQ(refusal(images.slice(0, 1), {}), "infidelity: needs one map for each of 2 images, got 1");
  EXPECT_EQ(refusal(tensor({7, 7, 2}, 2), {}),
            "infidelity: needs maps no larger than the input, 7x6x2, got 7x7x2");
  EXPECT_NE(refusal(tensor({8, 6, 1}, 2), {}).find("got 8x6x1"), std::string::npos);
  EXPECT_EQ(refusal(images, {}, 5), "target 5 is out of range: the network has classes 0 to 4");
  auto poisoned = images;
  poisoned.values[5] = std::nanf("");
  EXPECT_EQ(refusal(poisoned, {}), "infidelity: all values must be finite, but element 5 of 168 is not");
  EXPECT_NE(refusal(images, {.deviation = 1e38}).find("not finite"), std::string::npos);
  const auto wide = random_model<conv_net, double>(device);
  EXPECT_EQ(message_of([&] {
              infidelity(wide, random_images<double>(conv_net::input_shape),
                         basic_tensor<double>(conv_net::input_shape, 1, 1e300));
            }),
            "infidelity: the squares are not finite; scale the maps down");
}

}  // namespace
}  // namespace salient::metrics
