// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "import/real_data.hpp"
#include "import/reference.hpp"
#include "import/values_at.hpp"

namespace salient {

/// Compares with scores.json, and counts how many images are classified rightly.
template <class Network>
void check_real(const std::string& file, const std::string& weights) {
  static const cpu device;
  const auto m = load<Network>(import_test::weights_file(weights), device);
  const auto labelled = import_test::images_for(file);
  session<model<Network, cpu, float>, pass::forward> s(m, labelled ? labelled->images.batch : 2);
  const tensor images = import_test::scored_images(file, Network::input_shape);
  import_test::expect_scores(file, values_at<Network>(Network::output, s, images));
  if (!labelled) return;
  const std::vector<float> all = values_at<Network>(Network::output, s, labelled->images);
  int right = 0;
  for (std::size_t n = 0; n < labelled->labels.size(); ++n) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(n) * Network::output_shape.channels;
    right += std::max_element(first, first + Network::output_shape.channels) - first == labelled->labels[n];
  }
  EXPECT_EQ(right, labelled->right);
}

}  // namespace salient
