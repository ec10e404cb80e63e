// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <utility>

#include "salient/graph/network.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"

namespace salient::networks {

namespace detail {

/// L with Classes outputs of its last dense layer or convolution. `found` tells whether it has one.
template <class L, int Classes>
struct reclassified {
  static constexpr bool found = false;
  using type = L;
};
template <class L, int Classes>
  requires(requires { typename L::block_type; } && !std::same_as<L, typename L::block_type>)
struct reclassified<L, Classes> : reclassified<typename L::block_type, Classes> {};
template <int Outputs, bool Bias, int Classes>
struct reclassified<dense<Outputs, Bias>, Classes> {
  static constexpr bool found = true;
  using type = dense<Classes, Bias>;
};
template <int Filters, size Kernel, with Options, int Classes>
struct reclassified<conv2d<Filters, Kernel, Options>, Classes> {
  static constexpr bool found = true;
  using type = conv2d<Classes, Kernel, Options>;
};
template <fixed_string Name, class L, int Classes>
struct reclassified<named<Name, L>, Classes> {
  static constexpr bool found = reclassified<L, Classes>::found;
  using type = named<Name, typename reclassified<L, Classes>::type>;
};

template <bool Replaces, class L, int Classes>
struct reclassified_if {
  using type = L;
};
template <class L, int Classes>
struct reclassified_if<true, L, Classes> : reclassified<L, Classes> {};

template <class... L, int Classes>
struct reclassified<sequence<L...>, Classes> {
  /// The last child that has one, or the number of children.
  static constexpr std::size_t last = [] {
    constexpr std::array<bool, sizeof...(L)> holds{reclassified<L, Classes>::found...};
    std::size_t result = sizeof...(L);
    for (std::size_t i = 0; i < sizeof...(L); ++i)
      if (holds[i]) result = i;
    return result;
  }();
  static constexpr bool found = last < sizeof...(L);

  template <std::size_t... I>
  static auto replaced(std::index_sequence<I...>)
      -> sequence<typename reclassified_if<I == last, L, Classes>::type...>;
  using type = decltype(replaced(std::make_index_sequence<sizeof...(L)>()));
};

template <class Network, int Classes>
struct with_classes {
  using last = reclassified<typename Network::structure, Classes>;
  static_assert(last::found, "salient::with_classes: the network has no dense layer and no convolution");
  using type = network_of<typename Network::input_type, typename last::type>;
  static_assert(!last::found || type::classes == Classes,
                "salient::with_classes: the classes are not the outputs of the last layer outside joins; "
                "declare the network anew");
};

}  // namespace detail

/// The same network for another number of classes, as after fine-tuning: changes the outputs of its last
/// dense layer or, if no dense layer follows, of its last convolution. Layers inside joins do not count.
/// `with_classes<resnet18, 2>` loads the weights of torchvision's `resnet18(num_classes=2)`.
template <class Network, int Classes>
using with_classes = typename detail::with_classes<Network, Classes>::type;

}  // namespace salient::networks
