// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>

#include "salient/core/preprocessing.hpp"
#include "salient/evidence/measurable.hpp"
#include "salient/evidence/subject.hpp"
#include "salient/explainer/options.hpp"

namespace salient::evidence {

struct opening {
  std::filesystem::path weights;
  preprocessing images;
  explainer::device_options where;
  draws random{};  ///< for methods that draw at random
};

/// The network with the weights of a file, on the chosen device. Defined in typed_subject.hpp, which a
/// program includes where it is to be compiled: it is every method and metric for the network. Throws
/// salient::error.
template <class Network>
std::unique_ptr<subject> open(const opening& o);

}  // namespace salient::evidence
