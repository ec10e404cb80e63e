// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "golden/reference.hpp"
#include "salient/core/state_dict.hpp"
#include "salient/salient.hpp"

namespace salient::golden {

/// The network with a sum of perturbations.py, whose file has its weights and images.
using residual =
    network<input<7, 6, 2>, named<"stem", conv2d<4, 3>>, relu,
            named<"block", sum<identity, sequence<named<"conv1", conv2d<4, 3, with{.padding = 1}>>, relu,
                                                  named<"conv2", conv2d<4, 3, with{.padding = 1}>>>>>,
            named<"joined", relu>, named<"last", conv2d<3, 2>>, named<"features", relu>, flatten,
            named<"fc", dense<5>>>;

inline state_dict residual_weights(const std::map<std::string, array>& all) {
  state_dict weights;
  constexpr std::string_view prefix = "residual weights ";
  for (const auto& [name, values] : all)
    if (name.starts_with(prefix))
      weights.push_back({name.substr(prefix.size()), values.dimensions,
                         std::vector<float>(values.values.begin(), values.values.end())});
  return weights;
}

}  // namespace salient::golden
