// SPDX-License-Identifier: MIT
#pragma once

#include <span>

namespace salient::kernel {

/// The rows of a matrix, less their mean, projected on the first right singular vector of what is left; of
/// either sign. Zeros if all rows are equal, up to rounding.
void project_on_first_component(std::span<const double> matrix,  // (rows, columns)
                                std::span<double> projection);   // (rows)

}  // namespace salient::kernel
