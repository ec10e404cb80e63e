// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "salient/method/requirements.hpp"

namespace apps {

/// A layer that a method can look at: its output has positions.
struct layer_choice {
  int index;
  std::string_view kind;   // "conv2d"
  std::string_view label;  // of named<"label", ...>, else empty
  salient::shape output;
};

/// "3 (relu, 24x24x32)"
std::string describe(const layer_choice& layer);

/// The position in `layers` of the one named by its index or its label. Throws salient::error, with the list
/// of layers, if there is none.
std::size_t choose_layer(std::span<const layer_choice> layers, const std::string& wanted);

/// A layer as a template argument: `grad_cam<chosen.id>`.
template <int Index>
struct chosen_layer {
  static constexpr salient::layer_id id{Index};
};

namespace detail {

template <class Network>
constexpr auto spatial_layers() {
  constexpr auto spatial = [](int i) { return Network::shapes[static_cast<std::size_t>(i + 1)].spatial(); };
  constexpr std::size_t count = [=] {
    std::size_t n = 0;
    for (int i = 0; i < Network::size; ++i) n += spatial(i);
    return n;
  }();
  std::array<layer_choice, count> layers{};
  std::size_t n = 0;
  for (int i = 0; i < Network::size; ++i) {
    const auto& facts = Network::facts[static_cast<std::size_t>(i)];
    if (spatial(i))
      layers[n++] = {i, facts.name, facts.label, Network::shapes[static_cast<std::size_t>(i + 1)]};
  }
  return layers;
}

}  // namespace detail

/// Every layer of Network with a spatial output.
template <class Network>
inline constexpr auto spatial_layers = detail::spatial_layers<Network>();

template <class Network, std::size_t I>
using nth_layer = chosen_layer<spatial_layers<Network>[I].index>;

/// The layer that Grad-CAM looks at unless told: the last convolution's activation.
template <class Network>
std::string default_layer_name() {
  return std::to_string(salient::chosen_layer<Network, salient::default_layer>);
}

/// Calls f(chosen_layer<i>) with the layer named at run time, by index or by label. The compiler makes one
/// call for each spatial layer; this picks one. Throws salient::error if there is no such layer.
template <class Network, class F>
auto with_layer(const std::string& wanted, const F& f) {
  using result = decltype(f(nth_layer<Network, 0>()));
  using call = result (*)(const F&);
  constexpr auto calls = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<call, sizeof...(I)>{[](const F& g) { return g(nth_layer<Network, I>()); }...};
  }(std::make_index_sequence<spatial_layers<Network>.size()>());
  return calls[choose_layer(spatial_layers<Network>, wanted)](f);
}

}  // namespace apps
