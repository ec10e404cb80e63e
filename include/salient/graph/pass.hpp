// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <span>

namespace salient::pass {

// What a workspace is for. `network::memory<pass>(batch)` says what each costs. `records`: whether layers
// leave switches, masks and derivatives behind as they run forward.

/// Scores only: every activation is forgotten as soon as it has been read.
struct forward {
  static constexpr bool backward = false;
  static constexpr bool parameters = false;
  static constexpr bool records = false;
  static constexpr bool in_place = true;
  static constexpr std::array<int, 0> taps{};
};

/// Forward, then backward under any rule; keeps what those need and the activations named (as
/// `network::find` numbers them; 0 is the input). Passes may start and stop at these, at the input and at the
/// scores.
template <int... Activations>
struct saliency {
  static constexpr bool backward = true;
  static constexpr bool parameters = false;
  static constexpr bool records = true;
  static constexpr bool in_place = true;
  static constexpr std::array<int, sizeof...(Activations)> taps{Activations...};
};

/// Forward, backward and the gradients of parameters. Batch norms use the statistics of the batch.
struct training {
  static constexpr bool backward = true;
  static constexpr bool parameters = true;
  static constexpr bool records = true;
  static constexpr bool in_place = true;
  static constexpr std::array<int, 0> taps{};
};

/// Forward, with every activation's slope along a line in input space: for networks that are piecewise
/// linear. Layers may not write over their input, whose value says how far the piece reaches. The network's
/// input and its slope stay.
struct path {
  static constexpr bool backward = false;
  static constexpr bool parameters = false;
  static constexpr bool records = true;
  static constexpr bool in_place = false;
  static constexpr std::array<int, 1> taps{0};
};

/// A pass as a value.
struct facts {
  bool backward, parameters, records, in_place;
  std::span<const int> taps;
};

template <class Pass>
constexpr facts facts_of() {
  return {Pass::backward, Pass::parameters, Pass::records, Pass::in_place, Pass::taps};
}

}  // namespace salient::pass
