// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "salient/method/list.hpp"

namespace salient::explainer {

struct prediction {
  int label = 0;  ///< the class's number
  float probability = 0;
  float score = 0;  ///< before any softmax
};

/// What the maps of a method are called: also by the base method that is smoothed, by the statistic of the
/// samples, and by the layers that were named, which all make maps of one method differ.
struct map_name {
  std::string title;  ///< "VarGrad of Guided Backpropagation", "Grad-CAM of 1 and 3, maximum"
  std::string
      part;  ///< of the names of files: "smooth_grad-variance-guided_backprop", "grad_cam-1+3-maximum"
};

/// One map that was written.
struct written_map {
  method_kind method{};
  map_name name{};
  int label = 0;    ///< the class that it explains
  float value = 0;  ///< the explained score
  /// The mean correlation with the method's maps of the other classes; of one class, it was not measured.
  std::optional<std::optional<double>> class_correlation{};
  std::optional<double> gap{};    ///< Integrated Gradients' relative completeness gap
  std::optional<double> error{};  ///< relative standard error of a method that samples
  std::optional<int> evaluations{};
  float lowest = 0, highest = 0;
  bool empty = false;            ///< one value everywhere: nothing to see
  std::string picture{}, raw{};  ///< files in the folder, if they were written
};

struct explained_picture {
  std::filesystem::path file;
  /// SHA-256 of the file or, for an image of a set or a pipe, of its values: float32 in memory's order,
  /// height x width x channels, white 1. One of them, or none unless it is written down.
  std::string file_sha256{}, values_sha256{};
  std::vector<prediction> best{};  ///< the most probable classes first
  std::vector<written_map> maps{};
};

struct failed_picture {
  std::filesystem::path file;
  std::string reason;
};

struct results {
  std::string device;
  std::vector<explained_picture> pictures;
  std::vector<failed_picture> failures;
};

}  // namespace salient::explainer
