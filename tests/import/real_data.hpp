// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "salient/core/shape.hpp"
#include "salient/core/tensor.hpp"

namespace salient::import_test {

/// The two images of scores.json. generate_scores.py says how they are made.
tensor scored_images(const std::string& file, shape extent);

/// Compares the scores of both images with onnxruntime's: 1e-4 of the largest.
void expect_scores(const std::string& file, const std::vector<float>& scores);

/// 100 images of CIFAR-10, prepared as the network wants them, and how many of them it classifies; nothing
/// for other networks, or if the images are not there.
struct labelled_images {
  tensor images;
  std::vector<int> labels;
  int right;
};
std::optional<labelled_images> images_for(const std::string& file);

}  // namespace salient::import_test
