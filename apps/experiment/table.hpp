// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "experiment/finding.hpp"

namespace experiment {

// A row a network. `varied` names its choices.

/// In aligned columns, to be read.
std::string as_text(const std::vector<std::string>& varied, const std::vector<finding>& findings);

/// Writes the table as CSV or as a page, as the file's ending says. Throws salient::error if it cannot be
/// written.
void write(const std::string& file, const std::string& origin, const std::vector<std::string>& varied,
           const std::vector<finding>& findings);

}  // namespace experiment
