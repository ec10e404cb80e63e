// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "common/settings.hpp"
#include "gallery/results.hpp"

namespace gallery {

struct request {
  apps::settings where;      ///< its network, device and threads
  std::vector<long> digits;  ///< in the test set; empty for those that choose.hpp picks
  int images = 10000;        ///< of the test set, from the first: to measure accuracy on and to pick from
};

/// Runs every network over the test set, and every method over the digits. Throws salient::error.
results collect(const request& asked);

}  // namespace gallery
