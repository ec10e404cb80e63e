// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace salient {

/// What programs say about a method, and how they draw its maps.
struct method_words {
  std::string_view name;   ///< on the command line and in file names, "grad_cam"
  std::string_view title;  ///< "Grad-CAM"
  std::string_view needs;  ///< completes "needs ..." for a network that it does not apply to
  std::string_view paper;
  std::string_view link;
  bool of_layer = false;      ///< the map is h x w, of a layer, not H x W x C, of the input
  bool non_negative = false;  ///< the map has no negative values
};

}  // namespace salient
