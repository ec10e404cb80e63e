// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>

namespace salient {

/// The rules a backward pass can follow. They differ at ReLUs only.
struct gradient {};  ///< the derivative: signal where the forward input was positive
struct guided {};  ///< positive signal where the forward input was positive (Springenberg et al., 1412.6806)
struct deconv {};  ///< positive signal, whatever the forward input was (Zeiler & Fergus, 1311.2901)

template <class... Rules>
struct rule_list {
  static constexpr std::size_t size = sizeof...(Rules);

  template <class R>
  static constexpr bool contains = (std::is_same_v<R, Rules> || ...);

  template <class R>
  static constexpr std::size_t index = [] {
    std::size_t i = 0;
    static_cast<void>(((std::is_same_v<R, Rules> || (++i, false)) || ...));
    return i;
  }();

  /// f.operator()<Rule>() for each, in a braced list: what a table by rule is made from.
  template <class Table, class F>
  static constexpr Table table(const F& f) {
    return { f.template operator()<Rules>()... };
  }
};

/// Every rule there is. A new one is its tag here, and what a ReLU does under it.
using rules = rule_list<gradient, guided, deconv>;

template <class R>
concept rule = rules::contains<R>;

}  // namespace salient
