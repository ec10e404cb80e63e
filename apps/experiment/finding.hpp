// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "common/pearson.hpp"
#include "salient/core/tensor.hpp"

namespace experiment {

/// What one method showed of one network.
struct maps_finding {
  salient::tensor maps{};   ///< N x 28 x 28 x 1
  double milliseconds = 0;  ///< for one map
  apps::mean agreement{};   ///< correlation with the maps of the other networks, over images and networks
};

/// What is known of one network in the end.
struct finding {
  std::vector<int> choices;  ///< the numbers by which it differs from the others
  long parameters = 0;
  std::size_t bytes = 0;  ///< workspace for the maps of one image
  double accuracy = 0;    ///< share of the test images that are right
  maps_finding grad_cam{}, integrated{};
};

/// Fills in the agreements. A pair of maps of which one is constant, such as an empty Grad-CAM, is left out.
void compare(std::vector<finding>& findings);

}  // namespace experiment
