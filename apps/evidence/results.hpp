// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/figures.hpp"
#include "salient/core/tensor.hpp"
#include "salient/method/list.hpp"

namespace evidence {

/// The images that all networks and methods are asked about.
struct sample {
  std::vector<long> numbers;  ///< in the test set
  std::vector<int> labels;
  salient::tensor images;
};

/// Two images of the sample and every method's maps of them.
struct example {
  std::string title;
  std::size_t image = 0;  ///< in the sample
  int predicted = 0;
  std::vector<salient::tensor> maps;  ///< by method; empty for one that was not asked
};

struct network_results {
  std::string name;
  std::string weights;  ///< a hash of the file
  long parameters = 0;
  int layers = 0;       ///< with parameters
  double accuracy = 0;  ///< on the sample
  long pairs = 0;       ///< of different digits, side by side in one image
  long recognised = 0;  ///< of these
  std::array<bool, salient::methods_count> applies{};
  std::array<std::optional<measured>, salient::methods_count> methods;  ///< those that were asked
  measured control;  ///< of random values in place of a map
  std::vector<example> examples;
};

struct results {
  std::uint64_t seed = 0;
  sample of;
  std::vector<std::size_t> methods;  ///< those asked for, in the order of methods::all
  std::vector<network_results> networks;
  std::string device;
};

}  // namespace evidence
