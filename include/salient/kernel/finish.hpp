// SPDX-License-Identifier: MIT
#pragma once

namespace salient::kernel {

/// What becomes of each result before it is written: what a ReLU beside the layer makes of it, in no
/// pass of its own. Both arrays are laid out as the results.
struct finish {
  bool rectify = false;        ///< max(0, result)
  bool* signs = nullptr;       ///< receives whether each result was positive
  const bool* gate = nullptr;  ///< results become 0 where this is false
};

}  // namespace salient::kernel
