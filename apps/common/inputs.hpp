// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/settings.hpp"
#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"

namespace apps {

/// The images to explain, independent of any network.
struct inputs {
  salient::tensor images;          // N x 28 x 28 x 1
  std::vector<std::string> names;  // "digit 7", or the file name
  std::vector<int> labels;         // empty for a user's own image
};

/// Loads the image or the digits that the settings name. Throws salient::error if that fails.
inputs load_inputs(const settings& s, const salient::warning_handler& warn = {});

}  // namespace apps
