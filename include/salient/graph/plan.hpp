// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "salient/device/memory.hpp"
#include "salient/graph/infer.hpp"

namespace salient {

/// Rounded up so that every part of a workspace starts at a multiple of `alignment` bytes.
template <class T = float>
constexpr long aligned(long elements) {
  constexpr long step = alignment / sizeof(T);
  return (elements + step - 1) / step * step;
}

/// Where everything of a pass lies, in elements for one image: a workspace for n images multiplies by n.
///
/// Kept activations each have a place of their own. The others take turns in two: a layer reads one and
/// writes the other. So do the signals of the backward pass, in the same two, since by then those activations
/// are dead.
template <std::size_t N>
struct memory_plan {
  std::array<long, N + 1> activation{};
  std::array<long, N + 1> signal{};
  std::array<long, N> switches{};  ///< where layer i leaves them, or -1
  std::array<long, N> signs{};     ///< the same
  std::array<bool, N> absorbs{};   ///< whether layer i as it runs forward does the next layer's work too
  std::array<int, N> folds{};      ///< the earlier layer whose work layer i does as it runs backward, or -1
  long elements = 0;
  long switch_elements = 0;
  long sign_elements = 0;
};

namespace detail {

/// Two places that are written in turn.
struct seesaw {
  long size[2]{0, 0};
  int side = 0;

  constexpr int next(long elements) {
    side = 1 - side;
    size[side] = std::max(size[side], aligned(elements));
    return side;
  }
};

}  // namespace detail

/// Linear in the layers. `scores` is the activation that must survive whatever the pass.
template <class Pass, std::size_t N>
constexpr memory_plan<N> make_plan(const std::array<layer_facts, N>& layers,
                                   const std::array<shape, N + 1>& shapes, int scores) {
  memory_plan<N> plan;

  std::array<bool, N + 1> kept{};
  kept[0] = kept[static_cast<std::size_t>(scores)] = kept[N] = true;
  for (const int tap : Pass::taps) kept[static_cast<std::size_t>(tap)] = true;
  for (std::size_t i = 0; i < N && Pass::backward; ++i) {
    if (layers[i].retains.output) kept[i + 1] = true;
    if (Pass::parameters && layers[i].parameters(shapes[i]).filters > 0) kept[i] = true;
  }
  for (std::size_t i = 0; i < N; ++i)  // the same values under two numbers are kept under both
    if (layers[i].reshapes && kept[i]) kept[i + 1] = true;

  // A layer that may write over its input does, unless what it would overwrite is kept; then they share a
  // slot.
  std::array<std::size_t, N + 1> slot{};
  std::array<bool, N + 1> slot_kept{};
  slot_kept[0] = true;
  for (std::size_t i = 0; i < N; ++i) {
    const bool shares = layers[i].reshapes || (Pass::in_place && layers[i].in_place && !kept[i]);
    slot[i + 1] = shares ? slot[i] : i + 1;
    if (kept[i + 1]) slot_kept[slot[i + 1]] = true;
  }

  for (std::size_t i = 0; i < N; ++i) {
    plan.absorbs[i] = layers[i].finishes && i + 1 < N && layers[i + 1].folds && slot[i + 2] == slot[i + 1];
    // Backward, signals must share a place for one write to do for both.
    std::size_t j = i;
    while (j > 0 && layers[j - 1].reshapes && layers[j - 1].in_place) --j;
    const bool folds = layers[i].finishes && j > 0 && layers[j - 1].folds && layers[j - 1].in_place;
    plan.folds[i] = folds ? static_cast<int>(j) - 1 : -1;
  }

  // Places: kept slots from the front; -1 - side for the others until the two sizes are known.
  detail::seesaw turns;
  std::array<long, N + 1> place{};
  for (std::size_t i = 0; i <= N; ++i) {
    if (slot[i] != i)
      place[i] = place[slot[i]];
    else if (slot_kept[i]) {
      place[i] = plan.elements;
      plan.elements += aligned(shapes[i].elements());
    } else
      place[i] = -1 - turns.next(shapes[i].elements());
  }
  std::array<int, N + 1> signal_side{};
  if (Pass::backward) {
    signal_side[N] = turns.next(shapes[N].elements());
    for (std::size_t i = N; i-- > 0;)
      signal_side[i] = layers[i].in_place ? signal_side[i + 1] : turns.next(shapes[i].elements());
  }
  const long side_at[2] = {plan.elements, plan.elements + turns.size[0]};
  plan.elements += turns.size[0] + turns.size[1];
  for (std::size_t i = 0; i <= N; ++i) {
    plan.activation[i] = place[i] >= 0 ? place[i] : side_at[-1 - place[i]];
    plan.signal[i] = side_at[signal_side[i]];
  }

  for (std::size_t i = 0; i < N; ++i) {
    const auto room = [&](bool wanted, long& end, long elements) {
      return Pass::records && wanted ? std::exchange(end, end + elements) : -1L;
    };
    const long outputs = shapes[i + 1].elements();
    plan.switches[i] = room(layers[i].retains.switches, plan.switch_elements, aligned<int>(outputs));
    plan.signs[i] = room(layers[i].retains.signs, plan.sign_elements, aligned<bool>(outputs));
  }
  return plan;
}

/// Elements of scratch that the layers of a pass need at most, one after the other.
template <class Pass, std::size_t N>
constexpr long scratch_elements(const std::array<layer_facts, N>& layers,
                                const std::array<shape, N + 1>& shapes, long batch) {
  long most = 0;
  for (std::size_t i = 0; i < N; ++i) {
    most = std::max(most, layers[i].scratch(shapes[i], batch));
    if (Pass::parameters) most = std::max(most, layers[i].training_scratch(shapes[i], batch));
  }
  return aligned(most);
}

}  // namespace salient
