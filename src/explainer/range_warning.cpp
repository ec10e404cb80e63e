// SPDX-License-Identifier: MIT
#include "salient/explainer/range_warning.hpp"

#include <algorithm>
#include <iostream>
#include <span>

#include "salient/core/preprocessing.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/explainer/numbers.hpp"

namespace salient::explainer {

void warn_of_range(const std::string& program, const std::string& name, const salient::tensor& image) {
  if (!salient::out_of_range(std::span<const float>(image.values))) return;
  const auto [least, most] = std::ranges::minmax(image.values);
  std::cerr << one_line(
                   program + ": warning: " + name + " has values from " + number(least) + " to " +
                   number(most) +
                   ", and pixels lie between 0 and 1; divide by 255 (a .npy of uint8 is divided for you), "
                   "and leave normalisation to --mean and --std")
            << std::endl;
}

}  // namespace salient::explainer
