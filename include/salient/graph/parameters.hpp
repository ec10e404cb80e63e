// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
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
  shape order{};  ///< a patch as PyTorch sees it: channels first of this, which a flatten may have hidden
  long weight = 0, bias = 0;                ///< offsets in elements
  long packed_weight = 0, packed_bias = 0;  ///< the same where weights that have a packed form lie packed
  bool packs = false;                       ///< whether these have

  friend constexpr bool has_parameters(const parameter_place& p) { return p.shapes.filters > 0; }
};

template <std::size_t N>
struct parameter_plan {
  std::array<parameter_place, N> places{};
  long elements = 0;         ///< room they take, padding between them included
  long packed_elements = 0;  ///< the same where weights lie packed
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
    const long packed = layers[i].packed(shapes[i]);
    const auto place = [&](long elements, long& end) { return std::exchange(end, end + aligned(elements)); };
    parameter_place& to = plan.places[i];
    to = {static_cast<int>(i), layers[i].name, p, p.matrix ? order : p.patch};
    to.weight = place(p.weights(), plan.elements);
    to.bias = place(p.biases(), plan.elements);
    to.packs = packed > 0;
    to.packed_weight = place(to.packs ? packed : p.weights(), plan.packed_elements);
    to.packed_bias = place(p.biases(), plan.packed_elements);
    plan.count += p.weights() + p.biases();
    const bool moves_nothing = layers[i].reshapes || (p.filters == 0 && shapes[i + 1] == shapes[i]);
    if (!moves_nothing) order = shapes[i + 1];
  }
  return plan;
}

/// Which of a layer's parameters: its bias, or the weights of some filters.
struct parameter_part {
  const parameter_place& place;
  bool bias;
  long first = 0, count = 0;  ///< filters
};

/// Takes the values of a part, filter by filter.
using parameter_sink = std::function<void(const parameter_part&, std::span<const float> values)>;

/// Our order from PyTorch's: filters x height x width x channels from filters x channels x height x width. A
/// few filters at a time, about a quarter of a megabyte, so that loading needs memory for the parameters
/// alone. A prefix that all tensors' names share, such as "module.", is taken off if they do not fit as they
/// are. Throws salient::error, before it takes a value, if a tensor is missing, has another shape or another
/// type, or belongs to no layer; and if a value is not finite.
void parameters_from(const tensor_stream&, std::span<const parameter_place>, const parameter_sink&);

/// The inverse: what PyTorch's `nn.Sequential(...).state_dict()` gives for the same list of layers.
state_dict parameters_to(std::span<const float>, std::span<const parameter_place>);

}  // namespace salient
