// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "experiment/finding.hpp"

namespace {

/// A network with these Grad-CAM maps of two images and no Integrated Gradients.
experiment::finding with_maps(const std::vector<float>& first, const std::vector<float>& second) {
  experiment::finding f;
  f.grad_cam.maps = salient::tensor({1, 4, 1}, 2);
  std::copy(first.begin(), first.end(), f.grad_cam.maps.image(0).begin());
  std::copy(second.begin(), second.end(), f.grad_cam.maps.image(1).begin());
  return f;
}

TEST(compare, is_the_mean_over_the_other_networks_and_the_images) {
  const std::vector<float> up{1, 2, 3, 4}, down{4, 3, 2, 1}, hill{0, 1, 1, 0};
  std::vector<experiment::finding> all{with_maps(up, up), with_maps(up, down), with_maps(down, hill)};
  experiment::compare(all);
  // Network 0 with network 1: 1 and -1; with network 2: -1 and 0.
  EXPECT_DOUBLE_EQ(all[0].grad_cam.agreement.value(), (1 - 1 - 1 + 0) / 4.0);
  EXPECT_DOUBLE_EQ(all[1].grad_cam.agreement.value(), (1 - 1 - 1 + 0) / 4.0);
  EXPECT_DOUBLE_EQ(all[2].grad_cam.agreement.value(), (-1 + 0 - 1 + 0) / 4.0);
  EXPECT_EQ(all[0].grad_cam.agreement.count(), 4);
  EXPECT_EQ(all[0].integrated.agreement.count(), 0);
}

TEST(compare, leaves_out_pairs_that_say_nothing) {
  const std::vector<float> up{1, 2, 3, 4}, none{0, 0, 0, 0};
  std::vector<experiment::finding> all{with_maps(up, none), with_maps(up, up)};
  experiment::compare(all);
  EXPECT_EQ(all[0].grad_cam.agreement.count(), 1);
  EXPECT_DOUBLE_EQ(all[0].grad_cam.agreement.value(), 1);
}

}  // namespace
