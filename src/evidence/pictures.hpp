// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "explainer/class_labels.hpp"
#include "salient/core/preprocessing.hpp"
#include "salient/core/shape.hpp"
#include "salient/core/warning.hpp"
#include "salient/evidence/sample.hpp"

namespace salient::evidence {

struct labelled_picture {
  std::filesystem::path file;
  int label = -1;  ///< -1 where it is not known
};

/// The pictures that these names stand for, as explainer::picture_files finds them. A folder's folders are
/// classes: they are named by the number or the label of the class of the pictures in them. Throws
/// salient::error as picture_files does, and for a folder that is named by no class.
std::vector<labelled_picture> find_pictures(const std::vector<std::string>& names,
                                            const explainer::class_labels& classes);

/// Reads the pictures as a network of this input is shown them. Throws salient::error for the first that
/// cannot be read.
sample read_pictures(const std::vector<labelled_picture>& pictures, shape input, const fitting& fit,
                     const warning_handler& warn);

}  // namespace salient::evidence
