// SPDX-License-Identifier: MIT
#pragma once

#include <array>

namespace salient::pass {

// What a workspace is for. `network::memory<pass>(batch)` says what each costs. `records`: whether layers
// leave switches and signs behind as they run forward.

/// Scores only: every activation is forgotten as soon as it has been read.
struct forward {
  static constexpr bool backward = false;
  static constexpr bool parameters = false;
  static constexpr bool records = false;
  static constexpr bool in_place = true;
  static constexpr std::array<int, 0> taps{};
};

/// Forward, then backward under any rule; keeps what those need and the activations named (0 is the input, i
/// + 1 the output of layer i).
template <int... Activations>
struct saliency {
  static constexpr bool backward = true;
  static constexpr bool parameters = false;
  static constexpr bool records = true;
  static constexpr bool in_place = true;
  static constexpr std::array<int, sizeof...(Activations)> taps{Activations...};
};

/// Forward, backward and the gradients of parameters.
struct training {
  static constexpr bool backward = true;
  static constexpr bool parameters = true;
  static constexpr bool records = true;
  static constexpr bool in_place = true;
  static constexpr std::array<int, 0> taps{};
};

/// Forward, with every activation's slope along a line in input space: for networks that are piecewise
/// linear. Layers may not write over their input, whose sign says how far the piece reaches.
struct path {
  static constexpr bool backward = false;
  static constexpr bool parameters = false;
  static constexpr bool records = true;
  static constexpr bool in_place = false;
  static constexpr std::array<int, 0> taps{};
};

}  // namespace salient::pass
