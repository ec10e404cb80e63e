// SPDX-License-Identifier: MIT
#pragma once

#include <span>

namespace salient::kernel {

/// Gives each missing pixel of an image the weighted mean of its eight neighbours, missing ones too: the
/// solution of a linear system. Direct neighbours weigh twice as much as diagonal ones; at the border, the
/// mean is over those that exist. At least one pixel must be known.
void solve_for_missing(int height, int width, int channels,
                       std::span<const long> missing,  // row-major places, each once, in any order
                       std::span<double> pixels);      // (height, width, channels)

}  // namespace salient::kernel
