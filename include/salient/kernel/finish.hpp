// SPDX-License-Identifier: MIT
#pragma once

namespace salient::kernel {

/// What becomes of each result before it is written: what a ReLU beside the layer makes of it, in no
/// pass of its own.
template <class T>
struct finish {
  bool rectify = false;     ///< max(0, result)
  const T* gate = nullptr;  ///< laid out as the result, which becomes 0 where this is not positive
};

}  // namespace salient::kernel
