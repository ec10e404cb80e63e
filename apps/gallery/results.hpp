// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "gallery/method_text.hpp"
#include "salient/core/tensor.hpp"

namespace gallery {

/// One row of the big picture.
struct shown_digit {
  long index = 0;  ///< in the test set
  int label = 0;
  int predicted = 0;
  float probability = 0;  ///< of the predicted class

  bool correct() const { return label == predicted; }
};

/// What one method gave. Maps are raw: signed, in no particular range.
struct method_result {
  std::string network;      ///< that it was asked of
  salient::tensor rows;     ///< a map a shown digit, about the predicted class
  salient::tensor targets;  ///< digit after digit, its ten maps, one about each class
  double milliseconds = 0;  ///< for one map of one image, the forward pass included
};

/// How well attributions add up, a number a shown digit.
struct completeness {
  std::vector<float> differences;   ///< z_c(image) - z_c(black)
  std::vector<float> gaps;          ///< sum of the map - difference, Integrated Gradients
  std::vector<float> product_gaps;  ///< the same of Gradients x Input
};

struct network_row {
  std::string name;
  std::string layers;
  long parameters = 0;
  double accuracy = 0;                                ///< share of the test set that is right
  std::size_t forward_bytes = 0, saliency_bytes = 0;  ///< workspace for one image, known when compiled
};

struct results {
  std::string network;  ///< of all methods that it allows; the others are asked of `pooled_cnn`
  std::string device;
  salient::tensor images;  ///< one a shown digit
  std::vector<shown_digit> digits;
  long focus = 0;  ///< the digit whose ten targets are drawn
  std::vector<float> focus_probabilities;
  std::array<method_result, methods_count> methods;
  completeness sums;
  std::vector<network_row> networks;
  long test_images = 0;
};

}  // namespace gallery
