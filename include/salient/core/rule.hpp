// SPDX-License-Identifier: MIT
#pragma once

namespace salient {

/// The rules a backward pass can follow. They differ at ReLUs only.
struct gradient {};  ///< the derivative: signal where the forward input was positive
struct guided {};  ///< positive signal where the forward input was positive (Springenberg et al., 1412.6806)
struct deconv {};  ///< positive signal, whatever the forward input was (Zeiler & Fergus, 1311.2901)

}  // namespace salient
