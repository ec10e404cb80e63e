// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "salient/core/state_dict.hpp"
#include "salient/core/tensor_stream.hpp"
#include "salient/graph/infer.hpp"
#include "salient/graph/plan.hpp"

namespace salient {

/// Where a layer's parameters lie, and what PyTorch calls and how it orders them.
struct parameter_place {
  int layer = 0;  ///< "3.weight" belongs to layer 3
  std::string_view name;
  parameter_shapes shapes{};
  shape order{};     ///< a patch as PyTorch sees it: channels first of this, which a flatten may have hidden
  long weight = 0;   ///< offset in elements
  long bias = 0;     ///< offset in elements
  long packed = -1;  ///< offset in elements among the packed weights, if they have a packed form

  friend constexpr bool has_parameters(const parameter_place& p) { return p.shapes.filters > 0; }
};

template <std::size_t N>
struct parameter_plan {
  std::array<parameter_place, N> places{};
  long elements = 0;         ///< room they take, padding between them included
  long packed_elements = 0;  ///< and their packed form beside them, where kernels read that
  long count = 0;            ///< parameters
};

template <std::size_t N>
constexpr parameter_plan<N> plan_parameters(const std::array<layer_facts, N>& layers,
                                            const std::array<shape, N + 1>& shapes) {
  parameter_plan<N> plan;
  // A vector's entries lie as those of the map it was flattened from, until a layer mixes them.
  shape order = shapes[0];
  for (std::size_t i = 0; i < N; ++i) {
    const parameter_shapes p = layers[i].parameters(shapes[i]);
    plan.places[i] = {static_cast<int>(i),
                      layers[i].name,
                      p,
                      p.matrix ? order : p.patch,
                      plan.elements,
                      plan.elements + aligned(p.weights()),
                      -1};
    plan.elements += aligned(p.weights()) + aligned(p.biases());
    if (const long packed = layers[i].packed(shapes[i]); packed > 0) {
      plan.places[i].packed = plan.packed_elements;
      plan.packed_elements += aligned(packed);
    }
    plan.count += p.weights() + p.biases();
    const bool moves_nothing = layers[i].reshapes || (p.filters == 0 && shapes[i + 1] == shapes[i]);
    if (!moves_nothing) order = shapes[i + 1];
  }
  return plan;
}

/// Takes `values` for the parameters from element `offset` on.
using parameter_sink = std::function<void(std::span<const float> values, long offset)>;

/// Our order from PyTorch's: filters x height x width x channels from filters x channels x height x width. A
/// few filters at a time, about a quarter of a megabyte, so that loading needs memory for the parameters
/// alone. Padding between them becomes zero. `elements` is `parameter_plan::elements`. Throws salient::error,
/// before it takes a value, if a tensor is missing, has another shape, or belongs to no layer; and if a value
/// is not finite.
void parameters_from(const tensor_stream&, std::span<const parameter_place>, long elements,
                     const parameter_sink&);

/// The inverse: what PyTorch's `nn.Sequential(...).state_dict()` gives for the same list of layers.
state_dict parameters_to(std::span<const float>, std::span<const parameter_place>);

}  // namespace salient
