// SPDX-License-Identifier: MIT
#include "common/inputs.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <span>
#include <utility>

#include "common/guard.hpp"
#include "common/numbers.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "salient/core/preprocessing.hpp"
#include "salient/io/image.hpp"

namespace apps {

inputs load_inputs(const settings& s, const salient::warning_handler& warn) {
  if (s.image.empty()) {
    salient::labelled_images digits = test_digits(s.digits);
    inputs result{std::move(digits.images), {}, std::move(digits.labels)};
    for (const long digit : s.digits) result.names.push_back("digit " + std::to_string(digit));
    return result;
  }
  return {salient::read_image(s.image, salient::digits::image::extent, warn),
          {std::filesystem::path(s.image).filename().string()},
          {}};
}

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

}  // namespace apps
