// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "salient/layer/block.hpp"

namespace salient {

namespace detail {

template <class... S>
struct spliced;
template <>
struct spliced<> {
  using type = sequence<>;
};
template <class... A>
struct spliced<sequence<A...>> {
  using type = sequence<A...>;
};
template <class... A, class... B, class... Rest>
struct spliced<sequence<A...>, sequence<B...>, Rest...> : spliced<sequence<A..., B...>, Rest...> {};

template <class L, std::size_t>
struct one_of_many {
  using type = L;
};
template <class... L, std::size_t... I>
auto repeated(std::type_identity<sequence<L...>>, std::index_sequence<I...>) ->
    typename spliced<typename one_of_many<sequence<L...>, I>::type...>::type;
template <class L, std::size_t... I>
auto repeated(std::type_identity<sequence<L>>, std::index_sequence<I...>)
    -> sequence<typename one_of_many<L, I>::type...>;

}  // namespace detail

/// Concatenates the children of several sequences into one sequence, numbered from first to last.
template <class... Sequences>
using splice = typename detail::spliced<Sequences...>::type;

/// A sequence that repeats the same layers or blocks Count times. Each copy has its own parameters.
template <int Count, class... L>
using repeat = decltype(detail::repeated(std::type_identity<sequence<L...>>(),
                                         std::make_index_sequence<std::size_t{Count}>()));

}  // namespace salient
