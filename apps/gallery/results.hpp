// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "salient/core/tensor.hpp"
#include "salient/method/list.hpp"

namespace gallery {

/// One row of the sheet of digits.
struct shown_digit {
  long index = 0;  ///< into the test set
  int label = 0;
  int predicted = 0;
  float probability = 0;  ///< of the predicted class

  bool correct() const { return label == predicted; }
};

/// Where a method stands in lists of all methods.
template <class Method>
inline constexpr auto place = static_cast<std::size_t>(salient::kind_of<Method>);

/// The results of one method. Maps are raw: signed and not scaled.
struct method_result {
  std::string network;      ///< the network that it was run on
  salient::tensor rows;     ///< one map per shown digit, about the predicted class
  salient::tensor targets;  ///< for each digit in turn, ten maps, one about each class
  double milliseconds = 0;  ///< per map of one image, forward pass included
};

/// How well attributions add up; one number per shown digit.
struct completeness {
  std::vector<float> differences;   ///< z_c(image) - z_c(black)
  std::vector<float> gaps;          ///< sum of the map - difference, Integrated Gradients
  std::vector<float> product_gaps;  ///< the same for Gradients x Input
};

struct network_row {
  std::string name;
  std::string layers;
  long parameters = 0;
  double accuracy = 0;                                ///< share of the test set classified correctly
  std::size_t forward_bytes = 0, saliency_bytes = 0;  ///< workspace for one image, a constant
};

struct results {
  std::string network;  ///< of the methods that it supports; the others run on `pooled_cnn`
  std::string device;
  salient::tensor images;  ///< one per shown digit
  std::vector<shown_digit> digits;
  long focus = 0;  ///< the digit whose maps about ten classes are drawn
  std::vector<float> focus_probabilities;
  std::array<method_result, salient::methods_count> methods;
  completeness sums;
  std::vector<network_row> networks;
  long test_images = 0;
};

}  // namespace gallery
