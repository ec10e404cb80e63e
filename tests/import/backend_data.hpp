// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "salient/core/shape.hpp"
#include "salient/core/tensor.hpp"

namespace salient::import_test {

/// The first input of a test of ONNX's backend suite.
tensor backend_images(const std::string& test, shape extent);

/// The first image, each value moved a little, at random.
basic_tensor<double> near_first(const tensor& images);

/// What the network's output is.
struct backend_output {
  shape map;                 ///< the map whose values it has, channels last, even if it is a vector
  bool exponential = false;  ///< of what ONNX says: probabilities, where the file ends in their logarithm
};

/// Compares with the output that the suite has, as its own runner does: |a - b| <= 1e-7 + 1e-3 |b|.
void expect_backend_output(const std::string& test, const std::vector<float>& values,
                           const backend_output& is);

}  // namespace salient::import_test
