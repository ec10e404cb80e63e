// SPDX-License-Identifier: MIT
#include "salient/core/preprocessing.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "laws/message_of.hpp"
#include "salient/core/error.hpp"

namespace salient {
namespace {

constexpr preprocessing torchvision{.mean = {0.485, 0.456, 0.406}, .deviation = {0.229, 0.224, 0.225}};
constexpr preprocessing caffe{.range = 255, .mean = {103.939, 116.779, 123.68}, .order = channel_order::bgr};

static_assert(defect_of({}, 1).empty() && defect_of({}, 200).empty());
static_assert(defect_of(torchvision, 3).empty() && !defect_of(torchvision, 1).empty());
static_assert(defect_of({.mean = .1307, .deviation = .3081}, 1).empty());
static_assert(defect_of({.mean = .5}, 7).empty(), "one number is for all channels");

TEST(preprocessing, leaves_pixels_alone_unless_told) {
  tensor pixels({2, 1, 3}, 2);
  for (std::size_t i = 0; i < pixels.values.size(); ++i) pixels.values[i] = 0.1F * static_cast<float>(i);
  EXPECT_EQ(preprocess({}, pixels).values, pixels.values);
}

TEST(preprocessing, subtracts_the_mean_and_divides_by_the_deviation_of_each_channel) {
  tensor pixels({1, 2, 3});
  pixels.values = {0, 0.5F, 1, 0.25F, 0.75F, 0.125F};
  const tensor input = preprocess(torchvision, pixels);
  const float mean[]{0.485F, 0.456F, 0.406F}, deviation[]{0.229F, 0.224F, 0.225F};
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_EQ(input.values[i], (pixels.values[i] - mean[i % 3]) / deviation[i % 3])
        << "as in float32, bit for bit";
}

TEST(preprocessing, gives_networks_of_bytes_their_range_and_order) {
  tensor pixels({1, 1, 3}, 2);
  pixels.values = {1, 0.2F, 0, 0.4F, 0.6F, 0.8F};  // red, green, blue
  const tensor input = preprocess(caffe, pixels);
  const float expected[]{-103.939F,        51 - 116.779F,    255 - 123.68F,
                         204.F - 103.939F, 153.F - 116.779F, 102.F - 123.68F};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(input.values[i], expected[i], 1e-4) << i;

  tensor bytes({16, 16, 1});
  for (std::size_t i = 0; i < 256; ++i) bytes.values[i] = static_cast<float>(i) / 255;
  const tensor scaled = preprocess({.range = 255}, bytes);
  for (std::size_t i = 0; i < 256; ++i)
    EXPECT_EQ(scaled.values[i], static_cast<float>(i)) << "a whole number";
}

TEST(preprocessing, is_computed_in_the_images_own_precision) {
  basic_tensor<double> pixels({1, 1, 1}, 1, 0.1);
  EXPECT_EQ(preprocess({.mean = .1307, .deviation = .3081}, pixels).values[0], (0.1 - .1307) / .3081);
}

using laws::message_of;

TEST(preprocessing, that_does_not_suit_the_images_is_refused_in_words) {
  const auto said = [](const preprocessing& p, int channels) {
    return message_of([&] { preprocess(p, tensor({2, 2, channels})); });
  };
  EXPECT_EQ(said(torchvision, 1),
            "preprocessing: the mean must be one number, or one for each channel of the input, which has 1 "
            "channel");
  EXPECT_EQ(
      said({.deviation = {1, 2}}, 3),
      "preprocessing: the deviation must be one number, or one for each channel of the input, which has 3 "
      "channels");
  EXPECT_NE(said({.order = channel_order::bgr}, 1).find("bgr needs an input of 3 channels"),
            std::string::npos);
  for (const double bad : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    EXPECT_NE(said({.deviation = bad}, 1).find("deviation must be above 0"), std::string::npos) << bad;
    EXPECT_NE(said({.deviation = {1, bad, 1}}, 3).find("deviation must be above 0"), std::string::npos)
        << bad;
    EXPECT_NE(said({.range = bad}, 1).find("range must be above 0"), std::string::npos) << bad;
  }
  EXPECT_NE(said({.mean = -HUGE_VAL}, 1).find("mean must be finite"), std::string::npos);
  EXPECT_EQ(said({.mean = -3}, 1), "nothing thrown");

  tensor lying({2, 2, 1});
  lying.values.resize(3);
  EXPECT_NE(message_of([&] { preprocess({}, lying); }).find("hold 3 values"), std::string::npos);
  const std::vector<double> many(17, 1.0);
  EXPECT_NE(message_of([&] { channel_values{std::span(many)}; }).find("17 numbers"), std::string::npos);
  EXPECT_EQ(channel_values(std::span(many).first(2)), (channel_values{1, 1}));
}

TEST(out_of_range, is_what_was_scaled_to_bytes_or_normalised) {
  const auto asked = [](float lowest, float highest) {
    const std::vector<float> image{0, lowest, 0.5F, highest};
    return out_of_range(std::span<const float>(image));
  };
  EXPECT_FALSE(asked(0, 1));
  EXPECT_FALSE(asked(-0.3F, 1.4F)) << "noise added to pixels";
  EXPECT_TRUE(asked(0, 255));
  EXPECT_TRUE(asked(-0.4242F, 2.8215F)) << "MNIST behind Normalize((0.1307,), (0.3081,))";
  EXPECT_TRUE(asked(-2.1179F, 2.64F)) << "photographs behind torchvision's";
  EXPECT_TRUE(asked(-128, 0));
}

}  // namespace
}  // namespace salient
