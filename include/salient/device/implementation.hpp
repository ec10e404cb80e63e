// SPDX-License-Identifier: MIT
#pragma once

namespace salient {

/// Which kernels compute float32.
enum class implementation {
  /// The library's own: on a CPU, for its best instruction set; on a GPU, tiled products. 3x3 convolutions at
  /// stride 1 go through Winograd's algorithm where it is faster (see suits_winograd in kernel/conv.hpp; on a
  /// GPU, by a model of both times, and never in TF32). It computes 4x4 results together: equal windows then
  /// give results that are equal only up to rounding, also zeros, so that a max-pool does not find the ties
  /// that a uniform region of an image has; and a value that is not finite spreads to the results beside its
  /// own.
  fastest,
  direct,  ///< the same with sums of products only: equal windows give the same bits
  eigen,   ///< Eigen's, as in float64 on CPUs; the reference for the others
};

/// How a GPU multiplies the float32 operands of convolutions and dense layers. It adds in float32 in any
/// case.
enum class precision {
  float32,
  /// With 11 significant bits of each operand, on tensor cores; needs compute capability 8.0. What would not
  /// be faster there stays in float32: dense layers of a few images, the gradient at an image of a few
  /// channels, depthwise convolutions, and layers whose channels are no multiple of 4.
  tf32,
};

}  // namespace salient
