// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <span>

namespace salient::pass {

// Kinds of passes, for which workspaces are planned. `network::memory<pass>(batch)` gives the memory of each.
// `records`: whether the forward pass stores switches, masks and derivatives.

/// Scores only; the memory of each activation is reused after its last reader.
struct forward {
  static constexpr bool backward = false;
  static constexpr bool parameters = false;
  static constexpr bool records = false;
  static constexpr bool in_place = true;
  static constexpr bool bias_signals = false;
  static constexpr std::array<int, 0> taps{};
};

/// Scores only, from any activation that Pass keeps: these keep their memory.
template <class Pass>
struct forward_from {
  static constexpr bool backward = false;
  static constexpr bool parameters = false;
  static constexpr bool records = false;
  static constexpr bool in_place = true;
  static constexpr bool bias_signals = false;
  static constexpr auto taps = Pass::taps;
};

/// Forward, then backward under any rule. Keeps what these need and the given activations (numbered as by
/// `network::find`; 0 is the input). Passes may start and stop at these, at the input and at the scores.
template <int... Activations>
struct saliency {
  static constexpr bool backward = true;
  static constexpr bool parameters = false;
  static constexpr bool records = true;
  static constexpr bool in_place = true;
  static constexpr bool bias_signals = false;
  static constexpr std::array<int, sizeof...(Activations)> taps{Activations...};
};

/// Forward, then backward. After a backward pass to the input, the signals at the outputs of all layers with
/// a constant part are still there: the gradients of every bias, position by position.
struct biases {
  static constexpr bool backward = true;
  static constexpr bool parameters = false;
  static constexpr bool records = true;
  static constexpr bool in_place = true;
  static constexpr bool bias_signals = true;
  static constexpr std::array<int, 0> taps{};
};

/// Forward, backward and parameter gradients. Batch norms use the statistics of the batch.
struct training {
  static constexpr bool backward = true;
  static constexpr bool parameters = true;
  static constexpr bool records = true;
  static constexpr bool in_place = true;
  static constexpr bool bias_signals = false;
  static constexpr std::array<int, 0> taps{};
};

/// Forward, with every activation's slope along a line in input space, for piecewise linear networks. Layers
/// may not overwrite their input, whose values determine where the linear piece ends. The network's input and
/// its slope are kept.
struct path {
  static constexpr bool backward = false;
  static constexpr bool parameters = false;
  static constexpr bool records = true;
  static constexpr bool in_place = false;
  static constexpr bool bias_signals = false;
  static constexpr std::array<int, 1> taps{0};
};

/// The properties of a pass as a value.
struct facts {
  bool backward, parameters, records, in_place, bias_signals;
  std::span<const int> taps;
};

template <class Pass>
constexpr facts facts_of() {
  return {Pass::backward, Pass::parameters, Pass::records, Pass::in_place, Pass::bias_signals, Pass::taps};
}

}  // namespace salient::pass
