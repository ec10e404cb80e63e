// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "experiment/options.hpp"
#include "salient/io/idx.hpp"

namespace experiment {

/// The same images for every candidate.
struct data {
  salient::labelled_images train, test;
  salient::labelled_images explained;  ///< the first of `test`
  std::string origin;                  ///< a sentence that says where they come from
};

/// Throws salient::error if files are missing or hold fewer images than asked for.
data load(const options& o);

}  // namespace experiment
