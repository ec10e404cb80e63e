// SPDX-License-Identifier: MIT
// label: threads
#include "salient/metric/perturbation.hpp"

#include <cmath>
#include <numeric>

#include "laws/method_laws.hpp"
#include "metric/maps.hpp"
#include "salient/view/reduce.hpp"

namespace salient::metrics {
namespace {

using namespace laws;

/// z = (w . x, 0).
using linear = network<input<2, 2, 1>, flatten, dense<2>>;

model<linear, cpu, double> linear_model(const cpu& device, const std::vector<float>& w,
                                        const preprocessing& p = {}) {
  std::vector<float> weights = w;
  weights.resize(8);
  return {device, {{"1.weight", {2, 4}, weights}, {"1.bias", {2}, {0, 0}}}, p};
}

TEST(deletion, by_hand) {
  const cpu device;
  const auto model = linear_model(device, {1, 2, 4, 8});
  const auto images = map_of<double>({2, 2, 1}, {1, 1, 1, 1}), maps = map_of<double>({2, 2, 1}, {3, 0, 7, 1});
  // In the order 2, 0, 3, 1.
  const auto curves = deletion(model, images, maps, logit(0));
  ASSERT_EQ(curves.size(), 1u);
  EXPECT_EQ(curves[0].shares, (std::vector<double>{0, 0.25, 0.5, 0.75, 1}));
  EXPECT_EQ(curves[0].values, (std::vector<double>{15, 11, 10, 2, 0}));
  EXPECT_DOUBLE_EQ(*curves[0].area, (7.5 + 11 + 10 + 2) / 4);
  EXPECT_EQ(areas(curves), values{curves[0].area});
}

TEST(deletion, sets_the_networks_input_to_the_baseline) {
  const cpu device;
  const auto model = linear_model(device, {1, 2, 4, 8}, {.range = 2, .mean = 0.5, .deviation = 0.25});
  const auto images = map_of<double>({2, 2, 1}, {0.5, 0.5, 0.5, 0.5});  // 2 as input
  const auto maps = map_of<double>({2, 2, 1}, {4, 3, 2, 1});
  EXPECT_EQ(deletion(model, images, maps, logit(0))[0].values, (std::vector<double>{30, 28, 24, 16, 0}));
  EXPECT_EQ(deletion(model, images, maps, logit(0), {.baseline = 3})[0].values,
            (std::vector<double>{30, 31, 33, 37, 45}));
}

TEST(deletion, follows_the_probability_of_the_class_predicted_for_the_whole_image) {
  const cpu device;
  const auto model = linear_model(device, {1, 2, 4, -8});
  const auto images = map_of<double>({2, 2, 1}, {1, 1, 1, 0.5}),
             maps = map_of<double>({2, 2, 1}, {9, 9, 9, 1});
  const auto curves = deletion(model, images, maps);
  const std::vector<double> z{3, 2, 0, -4, 0};  // class 0, also where class 1 becomes more probable
  for (std::size_t k = 0; k < z.size(); ++k)
    EXPECT_NEAR(curves[0].values[k], 1 / (1 + std::exp(-z[k])), 1e-12);
  EXPECT_EQ(deletion(model, images, maps, probability(0))[0].values, curves[0].values);
  EXPECT_NEAR(deletion(model, images, maps, probability(1))[0].values[3], 1 / (1 + std::exp(-4)), 1e-12);
}

TEST(insertion, by_hand) {
  const cpu device;
  const auto model = linear_model(device, {1, 2, 4, 8}, {.range = 2, .mean = 0.5, .deviation = 0.25});
  const auto images = map_of<double>({2, 2, 1}, {1, 0, 0, 1}), maps = map_of<double>({2, 2, 1}, {3, 0, 7, 1});
  // A wide blur makes every pixel the mean: input 2, where the image has 6, -2, -2, 6.
  const auto curves = insertion(model, images, maps, logit(0), {.blur = 100});
  const std::vector<double> expected{30, 14, 18, 50, 42};
  for (std::size_t k = 0; k < 5; ++k) EXPECT_NEAR(curves[0].values[k], expected[k], 1e-2);
  EXPECT_DOUBLE_EQ(curves[0].values.back(), 42);
  const auto sharp = insertion(model, images, maps, logit(0), {.blur = 0});
  EXPECT_EQ(sharp[0].values, std::vector<double>(5, 42));
  const auto start = predict(model, gaussian_blur(images, 0.7));
  EXPECT_NEAR(insertion(model, images, maps, logit(0), {.blur = 0.7})[0].values[0], start.values[0], 1e-12);
}

TEST(perturbation, prefers_the_map_that_knows_the_network) {
  const cpu device;
  const auto model = linear_model(device, {0.5F, -1, 2, 1});
  const auto images = map_of<double>({2, 2, 1}, {1, 1, 0.5, -1});
  const auto best = map_of<double>({2, 2, 1}, {0.5, -1, 1, -1});  // w x; the last two are equal
  const double least = *deletion(model, images, best, probability(0))[0].area;
  // x - x' for a blur that is the mean of the image.
  const double mean = 0.375;
  const auto change = map_of<double>({2, 2, 1}, {0.5 * (1 - mean), mean - 1, 2 * (0.5 - mean), -1 - mean});
  const double most = *insertion(model, images, change, probability(0), {.blur = 1000})[0].area;
  std::vector<double> order{1, 2, 3, 4};
  int worse = 0;
  do {
    const auto map = map_of<double>({2, 2, 1}, order);
    EXPECT_GE(*deletion(model, images, map, probability(0))[0].area, least - 1e-12);
    EXPECT_LE(*insertion(model, images, map, probability(0), {.blur = 1000})[0].area, most + 1e-6);
    worse += *deletion(model, images, map, probability(0))[0].area > least + 1e-3;
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(worse, 22);
}

TEST(perturbation, changes_equal_pixels_in_row_major_order) {
  const cpu device;
  const auto model = linear_model(device, {1, 2, 4, 8});
  const auto images = map_of<double>({2, 2, 1}, {1, 1, 1, 1});
  EXPECT_EQ(deletion(model, images, map_of<double>({2, 2, 1}, {0, 5, 5, 0}), logit(0))[0].values,
            (std::vector<double>{15, 13, 9, 8, 0}));
}

TEST(perturbation, of_a_constant_map_has_a_curve_but_no_area) {
  const cpu device;
  const auto model = linear_model(device, {1, 2, 4, 8});
  const auto images = map_of<double>({2, 2, 1}, {1, 1, 1, 1});
  const auto curves = deletion(model, images, basic_tensor<double>({2, 2, 1}, 1, 0.1), logit(0));
  EXPECT_EQ(curves[0].values, (std::vector<double>{15, 14, 12, 8, 0}));
  EXPECT_EQ(areas(curves), values{std::nullopt});
}

TEST(perturbation, orders_pixels_by_the_signed_sum_of_their_channels) {
  using colour = network<input<1, 3, 2>, flatten, dense<1>>;
  const cpu device;
  // Weights are channel first: 1, 2, 4 of the first channel, 8, 16, 32 of the second.
  const model<colour, cpu, double> m(device,
                                     {{"1.weight", {1, 6}, {1, 2, 4, 8, 16, 32}}, {"1.bias", {1}, {0}}});
  const basic_tensor<double> images({1, 3, 2}, 1, 1.0);
  // The pixels sum to -1, 3 and 2; of absolute values to 9, 3 and 4.
  const auto maps = map_of<double>({1, 3, 2}, {4, -5, 2, 1, -1, 3});
  EXPECT_EQ(deletion(m, images, maps, logit(0))[0].values, (std::vector<double>{63, 45, 9, 0}));
  EXPECT_EQ(deletion(m, images, absolute(maps), logit(0))[0].values, (std::vector<double>{63, 54, 18, 0}));
}

TEST(perturbation, makes_as_many_steps_as_asked_for_of_true_size) {
  using wide = network<input<1, 10, 1>, flatten, dense<2>>;
  const cpu device;
  const auto model = random_model<wide, double>(device);
  const auto images = random_images<double>(wide::input_shape);
  const auto all = deletion(model, images, images)[0],
             some = deletion(model, images, images, {}, {.steps = 4})[0];
  EXPECT_EQ(all.shares.size(), 11u);
  EXPECT_EQ(some.shares, (std::vector<double>{0, 0.2, 0.5, 0.7, 1}));
  for (std::size_t k = 0; k < 5; ++k)
    EXPECT_EQ(some.values[k], all.values[static_cast<std::size_t>(std::lround(10 * some.shares[k]))]);
  double area = 0;
  for (std::size_t k = 1; k < 5; ++k)
    area += (some.shares[k] - some.shares[k - 1]) * (some.values[k] + some.values[k - 1]) / 2;
  EXPECT_NEAR(*some.area, area, 1e-15);
}

TEST(perturbation, enlarges_feature_maps) {
  const cpu device;
  const auto model = random_model<pooled_net, double>(device);
  const auto images = random_images<double>(pooled_net::input_shape, 2);
  const auto maps = grad_cam(model, images).map;
  ASSERT_LT(maps.extent.width, pooled_net::input_shape.width);
  const auto large = resample(maps, size(pooled_net::input_shape));
  EXPECT_EQ(areas(deletion(model, images, maps)), areas(deletion(model, images, large)));
  EXPECT_EQ(areas(insertion(model, images, maps)), areas(insertion(model, images, large)));
  const basic_tensor<double> flat({3, 3, 1}, 2, 0.1);
  EXPECT_EQ(areas(deletion(model, images, flat)), (values{std::nullopt, std::nullopt}));
}

/// A batch gives the curves of its images, however many run at once, and every device the same.
TEST_ON_EVERY_DEVICE(perturbation, agrees_on_batches_and_devices) {
  using network = conv_net;
  const cpu device;
  const auto images = random_images(network::input_shape, 3),
             maps = random_images(network::input_shape, 3, 8);
  const std::vector<int> classes{1, 0, 2};
  const auto model = random_model<network>(device);
  const auto removed = deletion(model, images, maps, probability(classes));
  const auto inserted = insertion(model, images, maps, probability(classes), {.blur = 1});
  const auto expect = [&](const auto& other, double tolerance) {
    for (const long at_once : {1L, 7L, 1000L})
      for (std::size_t n = 0; n < 3; ++n) {
        const auto i = static_cast<long>(n);
        const auto a = deletion(other, images.slice(i, 1), maps.slice(i, 1), probability(classes[n]),
                                {.at_once = at_once});
        const auto b = insertion(other, images.slice(i, 1), maps.slice(i, 1), probability(classes[n]),
                                 {.blur = 1, .at_once = at_once});
        expect_near(std::span<const double>(a[0].values), std::span<const double>(removed[n].values),
                    tolerance);
        expect_near(std::span<const double>(b[0].values), std::span<const double>(inserted[n].values),
                    tolerance);
      }
  };
  if constexpr (built_for_gpu)
    if (const gpu* card = tested_gpu()) return expect(random_model<network>(*card), gpu_tolerance);
  expect(model, 0);
  const cpu_pool pool(3);
  expect(random_model<network>(pool), 0);
}

TEST(perturbation, refuses_bad_options_and_maps) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 2);
  const auto refusal = [&](const tensor& of, const tensor& maps, const probability& target,
                           const deletion_options& options) {
    return message_of([&] { deletion(model, of, maps, target, options); });
  };
  EXPECT_EQ(refusal(images, images, {}, {.steps = 0}), "deletion: needs at least 1 step, got 0");
  EXPECT_NE(refusal(images, images, {}, {.baseline = 1e39}).find("the baseline must be finite"),
            std::string::npos);
  EXPECT_EQ(refusal(images, images, {}, {.at_once = 0}),
            "a session needs room for at least one image, got 0");
  EXPECT_EQ(refusal(images, images.slice(0, 1), {}, {}),
            "deletion: needs one map for each of 2 images, got 1");
  EXPECT_EQ(refusal(images, tensor({8, 6, 1}, 2), {}, {}),
            "deletion: a map of 8x6 is larger than the image or mask, which has 7x6");
  EXPECT_EQ(refusal(images, images, 5, {}), "target 5 is out of range: the network has classes 0 to 4");
  EXPECT_NE(refusal(tensor(conv_net::input_shape, 0), tensor(conv_net::input_shape, 0), {}, {}).find("got 0"),
            std::string::npos);
  EXPECT_NE(refusal(tensor({7, 6, 1}), tensor({7, 6, 1}), {}, {}).find("needs images of 7x6x2"),
            std::string::npos);
  auto poisoned = images;
  poisoned.values[5] = std::nanf("");
  EXPECT_EQ(refusal(images, poisoned, {}, {}),
            "deletion: all values must be finite, but element 5 of 168 is not");
  EXPECT_NE(
      message_of([&] { insertion(model, images, images, logit(), {.blur = -1}); }).find("sigma must be"),
      std::string::npos);
  EXPECT_EQ(message_of([&] { insertion(model, images, images, logit(), {.steps = -3}); }),
            "insertion: needs at least 1 step, got -3");
}

TEST(perturbation, refuses_scores_that_overflow) {
  using tenfold = network<input<1, 2, 1>, flatten, dense<1>>;
  const cpu device;
  const model<tenfold> m(device, {{"1.weight", {1, 2}, {10, -10}}, {"1.bias", {1}, {0}}});
  const tensor images = map_of({1, 2, 1}, {3e38F, 3e38F});
  EXPECT_NE(message_of([&] { deletion(m, images, images, logit(0)); }).find("not finite"), std::string::npos);
  const tensor small = map_of({1, 2, 1}, {1, 2});
  EXPECT_NE(message_of([&] {
              deletion(m, small, small, logit(0), {.baseline = 3e38});
            }).find("at a changed image are not finite"),
            std::string::npos);
}

}  // namespace
}  // namespace salient::metrics
