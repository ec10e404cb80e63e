// SPDX-License-Identifier: MIT
#pragma once

#include <boost/hana/equal.hpp>
#include <boost/hana/type.hpp>

#include "salient/graph/network.hpp"

namespace salient {

namespace detail {

/// Applies F, a function of Hana types, to every layer inside L.
template <class L, class F>
struct transformed {
  using type = typename decltype(std::declval<const F&>()(boost::hana::type_c<L>))::type;
};
template <class L, class F>
  requires(requires { typename L::block_type; } && !std::same_as<L, typename L::block_type>)
struct transformed<L, F> : transformed<typename L::block_type, F> {};
template <fixed_string Name, class L, class F>
struct transformed<named<Name, L>, F> {
  using type = named<Name, typename transformed<L, F>::type>;
};
template <template <class...> class Block, class... L, class F>
  requires(std::same_as<typename Block<L...>::block_type, Block<L...>>)
struct transformed<Block<L...>, F> {
  using type = Block<typename transformed<L, F>::type...>;
};
template <fixed_string Name, class F>
struct transformed<from<Name>, F> {
  using type = from<Name>;
};
template <class F>
struct transformed<unused, F> {
  using type = unused;
};

}  // namespace detail

/// The same network with `f` applied to every layer at any depth. f takes a `boost::hana::type` and returns
/// one, of a layer or of a block such as a sequence. Names and edges are kept.
///
///     constexpr auto smooth = [](auto layer) {
///       if constexpr (layer == hana::type_c<relu>) return hana::type_c<gelu>;
///       else return layer;
///     };
///     using smooth_resnet = transform_layers<networks::resnet18, smooth>;
template <class Network, auto F>
using transform_layers =
    network_of<typename Network::input_type,
               typename detail::transformed<typename Network::structure, decltype(F)>::type>;

}  // namespace salient
