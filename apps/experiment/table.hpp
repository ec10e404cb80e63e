// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "experiment/finding.hpp"

namespace experiment {

// One row per network. `varied` names the varied parameters.

/// A table in aligned columns, for the terminal.
std::string as_text(const std::vector<std::string>& varied, const std::vector<finding>& findings);

/// Writes CSV or HTML, by the file's extension. Throws salient::error on failure.
void write(const std::string& file, const std::string& origin, const std::vector<std::string>& varied,
           const std::vector<finding>& findings);

}  // namespace experiment
