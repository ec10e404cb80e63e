// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "salient/core/standard_library.hpp"

namespace salient {

/// A picture to display: 8-bit grey (1 channel) or RGB (3), height x width x channels, row-major.
struct picture {
  int height = 0;
  int width = 0;
  int channels = 1;
  std::vector<std::uint8_t> bytes;

  friend bool operator==(const picture&, const picture&) = default;
};

}  // namespace salient
