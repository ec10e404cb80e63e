// SPDX-License-Identifier: MIT
#include "salient/core/blur.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"

namespace salient {
namespace {

TEST(gaussian_blur, of_a_pixel_is_the_gaussian) {
  const double sigma = 1.2;  // cut at 5 pixels
  basic_tensor<double> pixel({15, 17, 1});
  pixel(0, 7, 8, 0) = 1;
  const auto blurred = gaussian_blur(pixel, sigma);
  double total = 0;
  for (int d = -5; d <= 5; ++d) total += std::exp(-d * d / (2 * sigma * sigma));
  for (int y = 0; y < 15; ++y)
    for (int x = 0; x < 17; ++x) {
      const int dy = y - 7, dx = x - 8;
      const bool inside = std::abs(dy) <= 5 && std::abs(dx) <= 5;
      const double expected =
          inside ? std::exp(-(dy * dy + dx * dx) / (2 * sigma * sigma)) / (total * total) : 0;
      EXPECT_NEAR(blurred(0, y, x, 0), expected, 1e-15) << y << " " << x;
    }
}

TEST(gaussian_blur, mirrors_the_border) {
  // sigma 0.5 is cut at 2 pixels: 1, e^-2, e^-8 before they are scaled. To the left of a b c d stand b a.
  basic_tensor<double> row({1, 4, 1});
  row.values = {1, 10, 100, 1000};
  const double one = std::exp(-2), two = std::exp(-8), total = 1 + 2 * one + 2 * two;
  const auto blurred = gaussian_blur(row, 0.5);
  EXPECT_NEAR(blurred.values[0], (1 + one * (1 + 10) + two * (10 + 100)) / total, 1e-12);
  EXPECT_NEAR(blurred.values[3], (1000 + one * (1000 + 100) + two * (100 + 10)) / total, 1e-12);
}

TEST(gaussian_blur, finds_zeros_outside_if_asked) {
  basic_tensor<double> row({1, 4, 1});
  row.values = {1, 10, 100, 1000};
  // The height of one pixel mixes it with zeros alone: the middle weight is left.
  const double one = std::exp(-2), two = std::exp(-8), total = 1 + 2 * one + 2 * two;
  const auto blurred = gaussian_blur(row, 0.5, outside::zeros);
  const double scale = total * total;
  EXPECT_NEAR(blurred.values[0], (1 + one * 10 + two * 100) / scale, 1e-12);
  EXPECT_NEAR(blurred.values[1], (10 + one * (1 + 100) + two * 1000) / scale, 1e-12);
  EXPECT_NEAR(blurred.values[3], (1000 + one * 100 + two * 10) / scale, 1e-12);

  // The same as a blur of the image with a wide black frame, and hardly anything is left of a wide blur.
  basic_tensor<double> image({3, 4, 2}), framed({23, 24, 2});
  for (int y = 0; y < 3; ++y)
    for (int x = 0; x < 4; ++x)
      for (int c = 0; c < 2; ++c) image(0, y, x, c) = framed(0, y + 10, x + 10, c) = 1 + y * x - c;
  for (const double sigma : {0.3, 1.2, 2.4}) {
    const auto small = gaussian_blur(image, sigma, outside::zeros), large = gaussian_blur(framed, sigma);
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 4; ++x)
        for (int c = 0; c < 2; ++c)
          EXPECT_NEAR(small(0, y, x, c), large(0, y + 10, x + 10, c), 1e-12) << sigma;
  }
  EXPECT_LT(gaussian_blur(image, 50, outside::zeros).values[0], 0.01);
}

TEST(gaussian_blur, keeps_constants_sums_and_symmetry) {
  const basic_tensor<double> flat({3, 4, 2}, 2, 0.1);
  for (const double v : gaussian_blur(flat, 2).values) EXPECT_NEAR(v, 0.1, 1e-15);
  basic_tensor<double> image({4, 5, 1});
  for (std::size_t i = 0; i < 20; ++i) image.values[i] = std::sin(static_cast<double>(i));
  const auto blurred = gaussian_blur(image, 30);  // far wider than the image
  EXPECT_NEAR(std::accumulate(blurred.values.begin(), blurred.values.end(), 0.0),
              std::accumulate(image.values.begin(), image.values.end(), 0.0), 1e-12);
  std::ranges::reverse(image.values);
  auto reversed = gaussian_blur(image, 1.3).values;
  std::ranges::reverse(reversed);
  std::ranges::reverse(image.values);
  EXPECT_EQ(reversed, gaussian_blur(image, 1.3).values);
}

TEST(gaussian_blur, takes_images_and_channels_one_by_one) {
  tensor batch({4, 3, 2}, 3);
  for (std::size_t i = 0; i < batch.values.size(); ++i) batch.values[i] = static_cast<float>(i * i % 17);
  const tensor blurred = gaussian_blur(batch, 0.8);
  for (long n = 0; n < 3; ++n)
    for (int c = 0; c < 2; ++c) {
      tensor one({4, 3, 1});
      for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 3; ++x) one(0, y, x, 0) = batch(n, y, x, c);
      const tensor alone = gaussian_blur(one, 0.8);
      for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 3; ++x) EXPECT_EQ(blurred(n, y, x, c), alone(0, y, x, 0));
    }
}

TEST(gaussian_blur, of_sigma_0_changes_nothing) {
  tensor image({2, 2, 1});
  image.values = {1, 2, 3, 4};
  EXPECT_EQ(gaussian_blur(image, 0).values, image.values);
  EXPECT_EQ(gaussian_blur(image, 1e-9).values, image.values);
}

TEST(gaussian_blur, refuses_bad_widths_and_tensors) {
  for (const double bad : {-0.5, 10'001.0, std::nan(""), HUGE_VAL})
    EXPECT_THROW(gaussian_blur(tensor({2, 2, 1}), bad), error) << bad;
  tensor lying({2, 2, 1});
  lying.values.pop_back();
  EXPECT_THROW(gaussian_blur(lying, 1), error);
}

}  // namespace
}  // namespace salient
