// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "salient/graph/text.hpp"
#include "salient/layer/elementwise.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// Rows that the network runs itself instead of calling a layer.
enum class join { none, sum, concat };

/// A layer's facts as values, so that planning is plain loops in time linear in the number of layers.
struct layer_facts {
  std::string_view name, needs;
  layer_role role = layer_role::other;
  salient::stage stage = salient::stage::none;
  salient::constant_part constant_part = constant_part::none;
  join joins = join::none;
  int inputs = 1;
  bool linear = false, in_place = false, reshapes = false, finishes = false, rescales = false,
       strided = false, per_position = false, has_training = false, has_parameters = false;
  retention retains{};
  // These take the shapes of all inputs;
  bool (*accepts)(std::span<const shape>) = nullptr;
  shape (*output)(std::span<const shape>) = nullptr;
  // these take the first input's.
  parameter_list (*parameters)(shape) = nullptr;
  std::optional<window> (*sees)(shape) = nullptr;
  long (*packed)(shape) = nullptr;
  long (*derived)(shape) = nullptr;
  long (*statistics)(shape) = nullptr;
  long (*scratch)(shape, long) = nullptr;
  long (*training_scratch)(shape, long) = nullptr;
};

namespace detail {

template <layer L>
constexpr bool accepts_all(std::span<const shape> in) {
  if constexpr (requires { L::output(in[0], in[0]); })
    return L::accepts(in[0], in[1]);
  else
    return L::accepts(in[0]);
}
template <layer L>
constexpr shape output_of_all(std::span<const shape> in) {
  if constexpr (requires { L::output(in[0], in[0]); })
    return L::output(in[0], in[1]);
  else
    return L::output(in[0]);
}

}  // namespace detail

template <layer L>
constexpr layer_facts facts_of() {
  layer_facts f{.name = L::name, .needs = L::needs, .role = L::role};
  if constexpr (joinable<L>) f.stage = L::stage;
  if constexpr (L::inputs == 2 && L::stage == stage::addend) f.joins = join::sum;
  if constexpr (requires { L::constant_part; }) f.constant_part = L::constant_part;
  f.inputs = L::inputs;
  f.linear = L::linear;
  f.in_place = L::in_place;
  f.reshapes = L::reshapes;
  f.finishes = L::finishes;
  f.rescales = L::rescales;
  f.strided = L::strided;
  f.per_position = L::per_position;
  f.has_training = L::has_training;
  f.has_parameters = L::parameters({1, 1, 1}).count > 0;
  f.retains = L::retains;
  f.accepts = &detail::accepts_all<L>;
  f.output = &detail::output_of_all<L>;
  f.parameters = &L::parameters;
  if constexpr (requires(shape in) { L::sees(in); })
    f.sees = &L::sees;
  else
    f.sees = &layer_defaults::sees;
  f.packed = &L::packed;
  f.derived = &L::derived;
  f.statistics = &L::statistics;
  f.scratch = &L::scratch;
  f.training_scratch = &L::training_scratch;
  return f;
}

/// One object for each distinct layer, however many rows use it.
template <class L>
inline constexpr layer_facts facts_v = facts_of<L>();

}  // namespace salient
