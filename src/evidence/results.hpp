// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/figures.hpp"
#include "salient/core/tensor.hpp"
#include "salient/evidence/measurable.hpp"
#include "salient/evidence/sample.hpp"

namespace salient::evidence {

/// Two images of the sample and every method's maps of them.
struct example {
  std::string title;
  std::size_t image = 0;  ///< in the sample
  int predicted = 0;
  std::vector<tensor> maps;  ///< by method; empty for one that was not asked
};

struct network_results {
  std::string name;
  std::string weights;    ///< a hash of the file
  std::string structure;  ///< a hash of the layers, as the explainers' JSON has it
  long parameters = 0;
  int layers = 0;  ///< with parameters
  int classes = 0;
  std::optional<double> accuracy;  ///< on the images with labels; none without any
  long pairs = 0;                  ///< of different classes, side by side in one image
  long recognised = 0;             ///< of these
  std::array<bool, measurable_count> applies{};
  std::array<std::optional<measured>, measurable_count> methods;  ///< those that were asked
  measured control;                                               ///< of random values in place of a map
  std::vector<example> examples;
};

struct results {
  std::uint64_t seed = 0;
  sample of;
  std::vector<std::string> class_names;  ///< empty if they have none
  std::vector<std::size_t> methods;      ///< those asked for, places in all_measurable(), in its order
  std::vector<network_results> networks;
  std::string device;

  /// "3", or "3 cat"
  std::string name_of(int c) const {
    return std::to_string(c) + (class_names.empty() ? "" : " " + class_names[static_cast<std::size_t>(c)]);
  }
};

}  // namespace salient::evidence
