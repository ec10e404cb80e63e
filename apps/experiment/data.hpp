// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "experiment/options.hpp"
#include "salient/io/idx.hpp"

namespace experiment {

/// The images, the same for every candidate.
struct data {
  salient::labelled_images train, test;
  salient::labelled_images explained;  ///< the first of `test`
  std::string origin;                  ///< a sentence that says where the images come from
};

/// Throws salient::error if files are missing or hold too few images.
data load(const options& o);

}  // namespace experiment
