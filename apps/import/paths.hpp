// SPDX-License-Identifier: MIT
#pragma once

#include "import/translate.hpp"

namespace importer {

/// Gives each row with parameters a module path of its own, by which its weights are stored. Removes a module
/// around the whole network, which names nothing.
void assign_paths(network& n);

bool has_parameters(const row& r);

}  // namespace importer
