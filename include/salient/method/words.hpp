// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace salient {

/// What programs say about a method, and how they draw its maps.
struct method_words {
  std::string_view name;   ///< on the command line and in file names, "grad_cam"
  std::string_view title;  ///< "Grad-CAM"
  std::string_view paper;
  std::string_view link;
  // For readers who do not know the method: sentences.
  std::string_view does;
  std::string_view good;
  std::string_view bad;
  bool of_layer = false;        ///< the map has the height and width of a layer, not those of the input
  bool non_negative = false;    ///< the map has no negative values
  bool relative = false;        ///< only differences between positions speak: drawn from its least value
  bool of_probability = false;  ///< unless told otherwise, it explains the probability of the class, and the
                                ///< other methods its score before any softmax
  bool slow = false;            ///< hundreds of passes or more for a map: programs do not run it unasked
};

}  // namespace salient
