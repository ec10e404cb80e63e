// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "common/mean.hpp"
#include "salient/core/tensor.hpp"

namespace experiment {

/// The results of one method on one network.
struct maps_finding {
  salient::tensor maps{};   ///< N x 28 x 28 x 1
  double milliseconds = 0;  ///< per map
  apps::mean agreement{};   ///< mean correlation with the other networks' maps, over images and networks
};

/// The results of one network.
struct finding {
  std::vector<int> choices;  ///< its values of the varied parameters
  long parameters = 0;
  std::size_t bytes = 0;  ///< workspace for the maps of one image
  double accuracy = 0;    ///< share of the test images classified correctly
  maps_finding grad_cam{}, integrated{};
};

/// Computes all agreements. A pair with a constant map, such as an empty Grad-CAM, is left out.
void compare(std::vector<finding>& findings);

}  // namespace experiment
