// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "import/constant.hpp"
#include "import/elements.hpp"
#include "salient/core/shape.hpp"

namespace importer {

/// y_c = scale_c x + shift_c. Either may be absent.
struct affine {
  values scale, shift;
};

enum class row_kind {
  convolution,
  dense,
  pointwise,
  batch_norm,
  affine,
  layer_norm,
  plain,
  sum,
  product,
  concat
};

/// Zeros around a map, and before and after its channels; negative numbers crop.
struct border {
  int top = 0, left = 0, bottom = 0, right = 0, front = 0, back = 0;
  bool empty() const { return *this == border{}; }
  bool crops() const { return std::min({top, left, bottom, right, front, back}) < 0; }
  friend bool operator==(const border&, const border&) = default;
  friend border operator+(const border& a, const border& b) {
    return {a.top + b.top,     a.left + b.left,   a.bottom + b.bottom,
            a.right + b.right, a.front + b.front, a.back + b.back};
  }
};

struct extent2 {
  int height = 1, width = 1;
  friend bool operator==(const extent2&, const extent2&) = default;
};

/// A convolution or pooling window.
struct sliding {
  extent2 kernel, stride, dilation;
  border padding;
  bool ceil_mode = false;
};

/// A layer or join of the imported network: reads activations, writes one. Row i writes activation i + 1;
/// activation 0 is the input.
struct row {
  row_kind kind = row_kind::plain;
  std::string layer;  ///< of a plain row: its C++ text
  std::vector<int> inputs;
  salient::shape extent;             ///< of the activation that it writes
  std::string path;                  ///< module path of the layer, or of the module in which it stands
  std::string node;                  ///< for messages
  std::vector<std::string> outputs;  ///< names of the ONNX values that are this activation

  importer::sliding window{};  ///< of convolutions
  int groups = 1;
  double epsilon = 1e-5;  ///< of normalisations

  dimensions weight_extent;  ///< as written
  values weight, bias;
  values mean, variance;       ///< of batch norms
  std::vector<affine> folded;  ///< what follows a convolution or dense layer, in order, and is part of it
};

/// A tensor of the weights' file, by the parameter's name in its layer.
struct parameter {
  std::string name;
  dimensions extent;
  importer::values values;
};
std::vector<parameter> parameters_of(const row& r, int channels_before);

/// The layer as C++ text, "conv2d<16, 3, with{.padding = 1}>". Of a join: "sum".
std::string text_of(const row& r);
std::string text_of_window(const sliding& w, bool convolution, const std::string& more);

}  // namespace importer
