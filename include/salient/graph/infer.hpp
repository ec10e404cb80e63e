// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "salient/graph/text.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// A layer's facts as values, so that a network is worked out by plain loops in time linear in its layers.
struct layer_facts {
  std::string_view name, needs, label;
  layer_role role = layer_role::other;
  bool linear = false, in_place = false, reshapes = false, finishes = false, folds = false;
  retention retains{};
  bool (*accepts)(shape) = nullptr;
  shape (*output)(shape) = nullptr;
  parameter_shapes (*parameters)(shape) = nullptr;
  long (*packed)(shape) = nullptr;
  long (*scratch)(shape, long) = nullptr;
  long (*training_scratch)(shape, long) = nullptr;
};

template <layer L>
constexpr layer_facts facts_of() {
  std::string_view label;
  if constexpr (requires { L::label; }) label = L::label;
  return {L::name,        L::needs,    label,       L::role,
          L::linear,      L::in_place, L::reshapes, L::finishes,
          foldable<L>,    L::retains,  &L::accepts, &L::output,
          &L::parameters, &L::packed,  &L::scratch, &L::training_scratch};
}

/// The shape of every activation: 0 is the input, i + 1 the output of layer i.
template <std::size_t N>
struct inference {
  std::array<shape, N + 1> shapes{};
  int misfit = -1;  ///< the first layer that does not accept its input, or -1
};

template <std::size_t N>
constexpr inference<N> infer(shape input, const std::array<layer_facts, N>& layers) {
  inference<N> result;
  result.shapes[0] = input;
  for (std::size_t i = 0; i < N; ++i) {
    if (!layers[i].accepts(result.shapes[i])) {
      result.misfit = static_cast<int>(i);
      break;  // what follows would only complain about this one's consequences
    }
    result.shapes[i + 1] = layers[i].output(result.shapes[i]);
  }
  return result;
}

/// "layer 2 (conv2d) needs an input at least as large as its kernel, got 4x4x16"
constexpr text misfit_message(int index, const layer_facts& layer, shape got) {
  text sentence;
  sentence << "layer " << index << " (" << layer.name;
  if (!layer.label.empty()) sentence << " \"" << layer.label << "\"";
  sentence << ") needs " << layer.needs << ", got " << got;
  return sentence;
}

/// Instantiated once, for the first layer that does not fit: all that matters is in its arguments.
template <int Index, class Layer, shape Input, message Why>
constexpr void report_misfit() {
  static_assert(Layer::accepts(Input), "salient::network: the shapes do not chain; 'Why' above says where");
}

template <int Index, class Layer>
constexpr bool is_layer() {
  static_assert(layer<Layer>,
                "salient::network: this is not a layer; layer/layer.hpp says what one must have");
  return layer<Layer>;
}

}  // namespace salient
