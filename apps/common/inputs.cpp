// SPDX-License-Identifier: MIT
#include "common/inputs.hpp"

#include <filesystem>
#include <utility>

#include "networks.hpp"
#include "paths.hpp"
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

}  // namespace apps
