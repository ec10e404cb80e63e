// SPDX-License-Identifier: MIT
// label: threads
#include "salient/metric/road.hpp"

#include <cmath>

#include "laws/method_laws.hpp"
#include "metric/maps.hpp"

namespace salient::metrics {
namespace {

using namespace laws;

tensor mask_of(shape extent, const std::vector<std::size_t>& removed) {
  tensor mask({extent.height, extent.width, 1});
  for (const std::size_t i : removed) mask.values[i] = 1;
  return mask;
}

TEST(impute, changes_no_pixel_that_is_not_removed) {
  const auto images = random_images<float>({5, 4, 3}, 2);
  EXPECT_EQ(impute(images, tensor({5, 4, 1}, 2)).values, images.values);
  auto mask = tensor({5, 4, 1}, 2);
  mask.values[7] = mask.values[20] = 1;
  const auto filled = impute(images, mask);
  for (std::size_t i = 0; i < images.values.size(); ++i)
    EXPECT_EQ(filled.values[i] == images.values[i], mask.values[i / 3] == 0) << i;
}

TEST(impute, gives_a_pixel_the_mean_of_its_neighbours) {
  const auto image = map_of<double>({3, 3, 1}, {1, 2, 4, 8, 16, 32, 64, 128, 256});
  const imputation exact{.noise = 0};
  // In the middle; at a border, without three neighbours; in a corner, without five.
  EXPECT_NEAR(impute(image, mask_of({3, 3, 1}, {4}), exact).values[4],
              (2.0 + 8 + 32 + 128) / 6 + (1.0 + 4 + 64 + 256) / 12, 1e-12);
  EXPECT_NEAR(impute(image, mask_of({3, 3, 1}, {3}), exact).values[3],
              (2 * (1.0 + 16 + 64) + 2 + 128) / (2 * 3 + 2), 1e-12);
  EXPECT_NEAR(impute(image, mask_of({3, 3, 1}, {0}), exact).values[0], (2 * (2.0 + 8) + 16) / 5, 1e-12);
  // Two that are neighbours.
  const auto pair = impute(image, mask_of({3, 3, 1}, {0, 3}), exact).values;
  EXPECT_NEAR(5 * pair[0], 2 * (2 + pair[3]) + 16, 1e-12);
  EXPECT_NEAR(8 * pair[3], 2 * (pair[0] + 16 + 64) + 2 + 128, 1e-12);
}

TEST(impute, gives_pixels_among_equal_ones_their_value_and_continues_no_slope_beyond_the_border) {
  basic_tensor<double> image({9, 7, 2}, 1, 0.3);
  auto mask = tensor({9, 7, 1}, 1, 1);
  mask(0, 4, 3, 0) = 0;  // one pixel is left
  for (std::size_t i = 0; i < image.values.size(); ++i)
    if (mask.values[i / 2] != 0) image.values[i] = 99;
  for (const double v : impute(image, mask, {.noise = 0}).values) EXPECT_NEAR(v, 0.3, 1e-12);
  // A plane is its own mean, inside.
  basic_tensor<double> slope({9, 7, 1});
  for (int y = 0; y < 9; ++y)
    for (int x = 0; x < 7; ++x) slope(0, y, x, 0) = 2 * y - 3 * x;
  auto inside = tensor({9, 7, 1});
  for (int y = 1; y < 8; ++y)
    for (int x = 1; x < 6; ++x) inside(0, y, x, 0) = 1;
  const auto filled = impute(slope, inside, {.noise = 0});
  for (std::size_t i = 0; i < slope.values.size(); ++i) EXPECT_NEAR(filled.values[i], slope.values[i], 1e-12);
}

TEST(impute, adds_noise_of_the_deviation_to_removed_pixels) {
  basic_tensor<double> image({60, 50, 1}, 1, 0.5);
  auto mask = tensor({60, 50, 1}, 1, 1);
  mask.values[0] = 0;
  const auto filled = impute(image, mask, {.noise = 0.02});
  double squares = 0, sum = 0;
  for (const double v : filled.values) sum += v - 0.5, squares += (v - 0.5) * (v - 0.5);
  EXPECT_NEAR(sum / 2999, 0, 4 * 0.02 / std::sqrt(2999));
  EXPECT_NEAR(std::sqrt(squares / 2999), 0.02, 4 * 0.02 / std::sqrt(2 * 2999));
  EXPECT_NE(impute(image, mask, {.noise = 0.02, .seed = 1}).values, filled.values);
  EXPECT_NE(impute(image, mask, {.noise = 0.02, .first = 1}).values, filled.values);
  EXPECT_EQ(impute(image, mask, {.noise = 0.02}).values, filled.values);
}

TEST(impute, refuses_what_it_cannot_fill_in) {
  const auto images = random_images<float>({3, 4, 2}, 2);
  auto mask = tensor({3, 4, 1}, 2, 1);
  mask.values[3] = 0;
  EXPECT_EQ(message_of([&] { impute(images, mask); }),
            "impute: all pixels of image 1 are removed, so that nothing is left to fill them in from");
  EXPECT_EQ(message_of([&] { impute(images, tensor({3, 3, 1}, 2)); }),
            "impute: needs a mask of 3x4 for each of 2 images, got 2 of 3x3");
  EXPECT_EQ(message_of([&] { impute(images, tensor({3, 4, 1})); }),
            "impute: needs a mask of 3x4 for each of 2 images, got 1 of 3x4");
  EXPECT_NE(message_of([&] { impute(images, tensor({3, 4, 2}, 2)); }).find("1 channel"), std::string::npos);
  EXPECT_EQ(message_of([&] { impute(images, tensor({3, 4, 1}, 2), {.noise = -1}); }),
            "impute: the noise is a standard deviation, which must be at least 0 and finite, got -1");
  auto poisoned = images;
  poisoned.values[5] = std::nanf("");
  EXPECT_NE(message_of([&] { impute(poisoned, tensor({3, 4, 1}, 2)); }).find("element 5"), std::string::npos);
}

/// z = (w . x, 0).
using linear = network<input<2, 2, 1>, flatten, dense<2>>;

TEST(road, by_hand) {
  const cpu device;
  const model<linear, cpu, double> m(
      device, {{"1.weight", {2, 4}, {1, 2, 4, 8, 0, 0, 0, 0}}, {"1.bias", {2}, {0, 0}}},
      {.range = 2, .mean = 0.5, .deviation = 0.25});
  const auto images = map_of<double>({2, 2, 1}, {1, 0, 0, 0.5}),
             maps = map_of<double>({2, 2, 1}, {3, 0, 7, 1});
  road_options options{.steps = 3, .most = 0.75, .fill = {.noise = 0}};
  // Every pixel is a neighbour of the other three.
  const auto z = [](double a, double b, double c, double d) {
    const auto x = [](double p) { return (2 * p - 0.5) / 0.25; };
    return x(a) + 2 * x(b) + 4 * x(c) + 8 * x(d);
  };
  const auto curve = road(m, images, maps, logit(0), options).at(0);
  EXPECT_EQ(curve.shares, (std::vector<double>{0, 0.25, 0.5, 0.75}));
  // Of pixel 2 alone: (2 * 1 + 2 * .5 + 0) / 5. Of 0 and 2: 5 a = 2 c + .5, 5 c = 2 a + 2 * .5.
  const double c = (1 + 0.2) / (5 - 0.8), a = (2 * c + 0.5) / 5;
  const std::vector<double> expected{z(1, 0, 0, 0.5), z(1, 0, 0.6, 0.5), z(a, 0, c, 0.5), z(0, 0, 0, 0)};
  ASSERT_EQ(curve.values.size(), 4u);
  for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(curve.values[k], expected[k], 1e-12) << k;
  EXPECT_NEAR(*curve.area, (expected[0] / 2 + expected[1] + expected[2] + expected[3] / 2) / 3, 1e-12);
  options.order = removal_order::least_relevant_first;
  const auto other = road(m, images, maps, logit(0), options).at(0);
  EXPECT_NEAR(other.values[0], expected[0], 1e-12);
  EXPECT_NEAR(other.values[1], z(1, (2 + 1) / 5.0, 0, 0.5), 1e-12);
  EXPECT_NEAR(other.values[3], z(0, 0, 0, 0), 1e-12);  // pixel 2 is left, which is 0
}

TEST(road, makes_as_many_steps_as_asked_for_and_the_same_images) {
  const cpu device;
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape);
  const auto fine = road(model, images, images, {}, {.steps = 1000, .most = 0.5})[0],
             coarse = road(model, images, images, {}, {.steps = 3, .most = 0.5})[0];
  ASSERT_EQ(fine.values.size(), 22u);
  EXPECT_EQ(coarse.values, (std::vector{fine.values[0], fine.values[7], fine.values[14], fine.values[21]}));
  EXPECT_EQ(coarse.shares.back(), 0.5);
}

/// Equal pixels are removed in row-major order, and from the last one on where the least relevant come first.
TEST(road, orders_pixels_as_deletion_does) {
  const cpu device;
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape);
  auto ties = basic_tensor<double>({7, 6, 1}), distinct = ties;
  for (std::size_t i = 0; i < 42; ++i) {
    ties.values[i] = static_cast<double>(i % 3);
    distinct.values[i] = ties.values[i] - 1e-3 * static_cast<double>(i);
  }
  for (const auto order : {removal_order::most_relevant_first, removal_order::least_relevant_first})
    EXPECT_EQ(road(model, images, ties, {}, {.order = order})[0].values,
              road(model, images, distinct, {}, {.order = order})[0].values);
  EXPECT_EQ(areas(road(model, images, basic_tensor<double>({7, 6, 1}))), values{std::nullopt});
}

TEST_ON_EVERY_DEVICE(road, agrees_on_batches_and_devices) {
  const cpu device;
  const auto images = random_images(conv_net::input_shape, 3),
             maps = random_images(conv_net::input_shape, 3, 8);
  const std::vector<int> classes{1, 0, 2};
  const auto together =
      road(random_model<conv_net>(device), images, maps, probability(classes), {.fill = {.first = 3}});
  const auto expect = [&](const auto& other, double tolerance) {
    for (const long at_once : {1L, 7L, 1000L})
      for (std::uint32_t n = 0; n < 3; ++n) {
        const auto alone = road(other, images.slice(n, 1), maps.slice(n, 1), probability(classes[n]),
                                {.fill = {.first = 3 + n}, .at_once = at_once});
        expect_near(std::span<const double>(alone[0].values), std::span<const double>(together[n].values),
                    tolerance);
      }
  };
  if constexpr (built_for_gpu)
    if (const gpu* card = tested_gpu()) return expect(random_model<conv_net>(*card), gpu_tolerance);
  expect(random_model<conv_net>(device), 0);
  expect(random_model<conv_net>(cpu_pool(3)), 0);
}

TEST(road, refuses_bad_options_and_maps) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 2);
  const auto refusal = [&](const tensor& maps, const road_options& options) {
    return message_of([&] { road(model, images, maps, {}, options); });
  };
  for (const double most : {0.0, 1.0, -0.5, std::nan("")})
    EXPECT_NE(refusal(images, {.most = most})
                  .find("road: the largest share that is removed must be above 0 and below 1, got"),
              std::string::npos);
  EXPECT_EQ(
      refusal(images, {.most = 0.999}),
      "road: the largest share that is removed must be at least one of 42 pixels and leave one, got 0.999");
  EXPECT_NE(refusal(images, {.most = 0.001}).find("got 0.001"), std::string::npos);
  EXPECT_EQ(refusal(images, {.steps = 0}), "road: needs at least 1 step, got 0");
  EXPECT_EQ(refusal(images, {.fill = {.noise = -1}}),
            "road: the noise is a standard deviation, which must be at least 0 and finite, got -1");
  EXPECT_EQ(refusal(images, {.at_once = 0}), "a session needs room for at least one image, got 0");
  EXPECT_EQ(refusal(images.slice(0, 1), {}), "road: needs one map for each of 2 images, got 1");
  EXPECT_EQ(refusal(tensor({8, 6, 1}, 2), {}),
            "road: a map of 8x6 is larger than the image or mask, which has 7x6");
}

}  // namespace
}  // namespace salient::metrics
