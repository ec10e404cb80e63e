// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "explainer/request.hpp"
#include "explainer/results.hpp"

namespace salient::explainer {

/// The results as JSON, indented, in UTF-8; bytes of file names that are not become U+FFFD. Also writes the
/// certificate of each map, what made it and how well, as JSON beside its picture. Throws salient::error if a
/// file cannot be written.
std::string write_json(const introduction& setup, const network_facts& network, const request& asked,
                       const results& found);

}  // namespace salient::explainer
