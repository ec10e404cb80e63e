// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "salient/core/tensor.hpp"

namespace salient::evidence {

/// The images that all networks and methods are asked about.
struct sample {
  std::string noun;                ///< what they are, a plural: "digits"
  std::string about;               ///< "digits of 28 by 28 pixels on a black background"
  std::vector<std::string> names;  ///< "no. 17", or the name of a file
  std::vector<int> labels;         ///< true classes; -1 where it is not known
  tensor images;                   ///< pixels, N x H x W x C
};

/// Images that a program has, such as the digits of a test set.
struct known_images {
  std::string noun{};  ///< "Test digits"
  long count = 0;      ///< 0 if there are none, and pictures are named on the command line
  std::function<sample(const std::vector<long>& numbers)> read{};  ///< each number below `count`
};

}  // namespace salient::evidence
