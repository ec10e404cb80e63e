// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace experiment {

inline constexpr const char* program = "salient-experiment";

/// Of the test digits that come along, how many are for testing where the others are trained on.
inline constexpr long held_back = 2000;

struct options {
  int images = 8000;  ///< to train on
  int epochs = 2;
  int seed = 1;      ///< of the first weights and of the order of images
  int threads = 0;   ///< 0 for one a processor
  std::string data;  ///< folder with MNIST's training files; empty for none
  std::string out;   ///< .csv or .html; empty for none
};

/// Reads the command line; for --help and wrong usage it prints and exits.
options parse(int count, const char* const* arguments);

}  // namespace experiment
