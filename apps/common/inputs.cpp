// SPDX-License-Identifier: MIT
#include "common/inputs.hpp"

#include <algorithm>
#include <filesystem>

#include "networks.hpp"
#include "paths.hpp"
#include "salient/core/error.hpp"
#include "salient/io/idx.hpp"
#include "salient/io/image.hpp"

namespace apps {

namespace {

inputs pick(const salient::labelled_images& all, const std::vector<long>& digits) {
  inputs picked{salient::tensor(all.images.extent, static_cast<long>(digits.size())), {}, {}};
  long n = 0;
  for (const long digit : digits) {
    if (digit >= all.images.batch)
      throw salient::error("digit " + std::to_string(digit) +
                           " is out of range: the test set has digits 0 to " +
                           std::to_string(all.images.batch - 1));
    std::ranges::copy(all.images.image(digit), picked.images.image(n++).begin());
    picked.names.push_back("digit " + std::to_string(digit));
    picked.labels.push_back(all.labels[static_cast<std::size_t>(digit)]);
  }
  return picked;
}

}  // namespace

inputs load_inputs(const settings& s) {
  if (s.image.empty()) return pick(test_digits(), s.digits);
  return {salient::read_image(s.image, salient::digits::image::extent),
          {std::filesystem::path(s.image).filename().string()},
          {}};
}

}  // namespace apps
