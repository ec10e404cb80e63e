// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace experiment {

inline constexpr const char* program = "salient-experiment";

/// Number of committed test digits held back for testing when a candidate trains on the others.
inline constexpr long held_back = 2000;

struct options {
  int images = 8000;  ///< number of training images
  int epochs = 2;
  int seed = 1;      ///< of the initial weights and of the order of images
  int threads = 0;   ///< 0 for one per processor
  std::string data;  ///< folder with MNIST's training files; empty for the committed digits
  std::string out;   ///< .csv or .html file; empty for none
};

/// Parses the command line. --help and wrong usage exit.
options parse(int count, const char* const* arguments);

}  // namespace experiment
