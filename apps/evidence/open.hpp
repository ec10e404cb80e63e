// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "common/namespace.hpp"
#include "evidence/subject.hpp"
#include "salient/explainer/options.hpp"

namespace evidence {

/// The network with the weights of a file, on the chosen device. Defined in typed_subject.hpp and compiled
/// for one network in each file of networks/, so that a build can share the work. Throws salient::error.
template <class Network>
std::unique_ptr<subject> open(const std::string& weights, const apps::device_options& where);

}  // namespace evidence
