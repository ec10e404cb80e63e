// SPDX-License-Identifier: MIT
// label: threads
#include "salient/metric/confidence.hpp"

#include <cmath>

#include "laws/method_laws.hpp"
#include "metric/maps.hpp"

namespace salient::metrics {
namespace {

using namespace laws;

double logistic(double z) { return 1 / (1 + std::exp(-z)); }

TEST(explained_confidence, by_hand) {
  using linear = network<input<1, 3, 1>, flatten, dense<2>>;
  const cpu device;
  const model<linear, cpu, double> m(device,
                                     {{"1.weight", {2, 3}, {1, 2, -4, 0, 0, 0}}, {"1.bias", {2}, {0, 0}}},
                                     {.range = 2, .mean = 0.5, .deviation = 0.5});
  const basic_tensor<double> images({1, 3, 1}, 1, 0.5);  // 1 as input, so z = -1
  // Scaled to 1, 0.5, 0, so z = 2.
  const auto maps = map_of<double>({1, 3, 1}, {3, 1, -1});
  const auto first = explained_confidence(m, images, maps, 0);
  EXPECT_NEAR(first.whole[0], logistic(-1), 1e-12);
  EXPECT_NEAR(*first.explained[0], logistic(2), 1e-12);
  EXPECT_EQ(average_drop(first), values{0});
  EXPECT_EQ(increase_in_confidence(first), values{1});
  const auto predicted = explained_confidence(m, images, maps);  // class 1
  EXPECT_NEAR(*average_drop(predicted)[0], (logistic(1) - logistic(-2)) / logistic(1), 1e-12);
  EXPECT_EQ(increase_in_confidence(predicted), values{0});
}

TEST(average_drop, by_hand) {
  const confidences of{{0.5, 0.8, 0.25, 0, 0.5, 0.5}, {0.25, 0.8, 1.0, 0.5, std::nullopt, 0}};
  EXPECT_EQ(average_drop(of), (values{0.5, 0, 0, std::nullopt, std::nullopt, 1}));
  EXPECT_EQ(increase_in_confidence(of), (values{0, 0, 1, 1, std::nullopt, 0}));
  EXPECT_EQ(message_of([] { average_drop({{0.5, 0.5}, {0.5}}); }),
            "average_drop: needs both probabilities of every image, got 2 of whole images and 1 of explained "
            "ones");
  EXPECT_THROW(increase_in_confidence({{0.5}, {}}), error);
}

TEST(explained_confidence, leaves_all_of_an_image_where_the_map_is_at_its_most) {
  const cpu device;
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape, 2);
  basic_tensor<double> maps({7, 6, 1}, 2, 1.0), blind({7, 6, 1}, 2);
  auto almost = images, almost_none = basic_tensor<double>(conv_net::input_shape, 2);
  for (long n = 0; n < 2; ++n) {
    maps(n, 3, 2, 0) = -2;
    blind(n, 3, 2, 0) = 5;
    for (int c = 0; c < 2; ++c) almost(n, 3, 2, c) = 0, almost_none(n, 3, 2, c) = images(n, 3, 2, c);
  }
  const auto of = [&](const auto& left) {
    const auto p = probabilities(predict(model, left));
    return values{p(0, 0, 0, 1), p(1, 0, 0, 1)};
  };
  EXPECT_EQ(explained_confidence(model, images, maps, 1).explained, of(almost));
  EXPECT_EQ(explained_confidence(model, images, blind, 1).explained, of(almost_none));
}

TEST(explained_confidence, of_a_constant_map_is_nothing) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 3);
  auto maps = random_images(conv_net::input_shape, 3, 8);
  std::ranges::fill(maps.image(1), 0.1F);
  const auto result = explained_confidence(model, images, maps);
  ASSERT_EQ(result.explained.size(), 3u);
  EXPECT_TRUE(result.explained[0]);
  EXPECT_FALSE(result.explained[1]);
  EXPECT_EQ(result.explained[2],
            explained_confidence(model, images.slice(2, 1), maps.slice(2, 1)).explained[0]);
  EXPECT_EQ(explained_confidence(model, images.slice(1, 1), maps.slice(1, 1)).explained,
            values{std::nullopt});
}

TEST(explained_confidence, does_not_depend_on_the_maps_scale_and_offset_or_its_size) {
  const cpu device;
  const auto model = random_model<pooled_net, double>(device);
  const auto images = random_images<double>(pooled_net::input_shape, 2);
  const auto maps = grad_cam(model, images).map, large = resample(maps, size(pooled_net::input_shape));
  auto moved = maps;
  for (double& v : moved.values) v = 4 * v - 0.5;
  const auto expected = explained_confidence(model, images, maps).explained;
  EXPECT_EQ(explained_confidence(model, images, large).explained, expected);
  for (std::size_t n = 0; n < 2; ++n)
    EXPECT_NEAR(*explained_confidence(model, images, moved).explained[n], *expected[n], 1e-12);
}

TEST_ON_EVERY_DEVICE(explained_confidence, agrees_on_batches_and_devices) {
  const cpu device;
  const auto images = random_images(conv_net::input_shape, 3),
             maps = random_images(conv_net::input_shape, 3, 8);
  const auto expected = explained_confidence(random_model<conv_net>(device), images, maps, {{1, 0, 2}});
  const auto expect = [&](const auto& other, double tolerance) {
    for (const long at_once : {1L, 2L, 1000L}) {
      const auto actual =
          explained_confidence(random_model<conv_net>(other), images, maps, {{1, 0, 2}}, at_once);
      for (std::size_t n = 0; n < 3; ++n) {
        EXPECT_NEAR(actual.whole[n], expected.whole[n], tolerance);
        EXPECT_NEAR(*actual.explained[n], *expected.explained[n], tolerance);
      }
    }
  };
  if constexpr (built_for_gpu)
    if (const gpu* card = tested_gpu()) return expect(*card, gpu_tolerance);
  expect(device, 0);
  expect(cpu_pool(3), 0);
}

TEST(explained_confidence, refuses_what_does_not_match) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 2);
  EXPECT_EQ(message_of([&] { explained_confidence(model, images, images.slice(0, 1)); }),
            "explained_confidence: needs one map for each of 2 images, got 1");
  EXPECT_EQ(message_of([&] { explained_confidence(model, images, images, 9); }),
            "target 9 is out of range: the network has classes 0 to 4");
  EXPECT_THROW(explained_confidence(model, images, images, 1, 0), error);
}

}  // namespace
}  // namespace salient::metrics
