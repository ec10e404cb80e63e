// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "common/settings.hpp"
#include "gallery/results.hpp"

namespace gallery {

struct request {
  apps::settings where;      ///< its network, device and threads
  std::vector<long> digits;  ///< indices into the test set; empty for the selection of choose.hpp
  int images = 10000;        ///< the first so many of the test set, to measure accuracy and to choose from
};

/// Runs every network over the test set, and every method over the digits. Throws salient::error.
results collect(const request& asked);

}  // namespace gallery
