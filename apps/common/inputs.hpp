// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/settings.hpp"
#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"

namespace apps {

/// Images and what is known of them before any network sees them.
struct inputs {
  salient::tensor images;          // N x 28 x 28 x 1
  std::vector<std::string> names;  // "digit 7", or the file's name
  std::vector<int> labels;         // empty for an image of the user's own
};

/// The image or the digits that the settings name. Throws salient::error if there are none such.
inputs load_inputs(const settings& s, const salient::warning_handler& warn = {});

/// A line on stderr if the pixels of an image, which is called `name`, are far outside 0 to 1.
void warn_of_range(const std::string& program, const std::string& name, const salient::tensor& image);

}  // namespace apps
