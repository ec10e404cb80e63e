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

/// One map that was written.
struct written_map {
  method_kind method{};
  int label = 0;    ///< the class that it explains
  float value = 0;  ///< the explained score
  /// The mean correlation with the method's maps of the other classes; of one class, it was not measured.
  std::optional<std::optional<double>> class_correlation{};
  std::optional<double> gap{};    ///< Integrated Gradients' relative completeness gap
  std::optional<double> error{};  ///< relative standard error of a method that samples
  std::optional<int> evaluations{};
  float lowest = 0, highest = 0;
  std::string picture{}, raw{};  ///< files in the folder, if they were written
};

struct explained_picture {
  std::filesystem::path file;
  std::vector<prediction> best;  ///< the most probable classes first
  std::vector<written_map> maps;
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
