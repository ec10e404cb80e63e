// SPDX-License-Identifier: MIT
#include "salient/train/evaluate.hpp"

#include <gtest/gtest.h>

#include "laws/networks.hpp"
#include "laws/random_model.hpp"

namespace salient {
namespace {

TEST(accuracy, is_the_share_of_images_whose_largest_score_is_the_labels) {
  const cpu device;
  const auto m = laws::random_model<laws::perceptron>(device);
  const auto images = laws::random_images(laws::perceptron::input_shape, 130);
  std::vector<int> labels = predicted_classes(predict(m, images));
  EXPECT_EQ(accuracy(m, images, labels), 1);
  for (int i = 0; i < 13; ++i)  // not the predicted class
    labels[static_cast<std::size_t>(10 * i)] = (labels[static_cast<std::size_t>(10 * i)] + 1) % 3;
  EXPECT_NEAR(accuracy(m, images, labels), 0.9, 1e-12);
}

TEST(accuracy, of_nothing_is_refused) {
  const cpu device;
  const auto m = laws::random_model<laws::perceptron>(device);
  const tensor images = laws::random_images(laws::perceptron::input_shape, 2);
  EXPECT_THROW(accuracy(m, images, std::vector{1}), error);
  EXPECT_THROW(accuracy(m, tensor(laws::perceptron::input_shape, 0), std::vector<int>()), error);
}

}  // namespace
}  // namespace salient
