// SPDX-License-Identifier: MIT
#include "salient/train/labels.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"

namespace salient {
namespace {

std::string message_of(const std::vector<int>& labels, long images, int classes) {
  try {
    check_labels(labels, images, classes, "here");
  } catch (const error& e) {
    return e.what();
  }
  return "";
}

TEST(labels, are_one_for_each_image_and_classes_of_the_network) {
  EXPECT_EQ(message_of({0, 25, 3}, 3, 26), "");
  EXPECT_EQ(message_of({}, 0, 2), "");
  EXPECT_EQ(message_of({0, 1}, 3, 2), "here: 3 images have 2 labels; there must be one for each");
  EXPECT_EQ(message_of({1, 26, 27}, 3, 26),
            "here: label 26 of image 1 is out of range: the network has classes 0 to 25; count labels from "
            "0, or use a "
            "network with an output for each class");
  EXPECT_NE(message_of({-1}, 1, 26).find("label -1 of image 0"), std::string::npos);
}

}  // namespace
}  // namespace salient
