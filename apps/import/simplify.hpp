// SPDX-License-Identifier: MIT
#pragma once

#include "import/translate.hpp"

namespace importer {

/// Folds what follows a convolution or dense layer and scales or shifts its channels into it, merges
/// neighbouring such steps, builds concats of concats on each other, and removes rows that the output does
/// not depend on.
void simplify(network& n);

}  // namespace importer
