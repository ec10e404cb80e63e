// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

namespace salient {

/// The rules of a backward pass. They differ only at activations, in two facts: whether an activation passes
/// only positive signals, and whether it multiplies them by its derivative. Guided backpropagation and the
/// deconvnet are defined for ReLUs; these two facts extend them to other activations.
struct gradient {  ///< the true derivative
  static constexpr bool positive_only = false, times_derivative = true;
};
struct guided {  ///< Springenberg et al., 1412.6806
  static constexpr bool positive_only = true, times_derivative = true;
};
struct deconv {  ///< Zeiler & Fergus, 1311.2901
  static constexpr bool positive_only = true, times_derivative = false;
};

/// The same facts as a value.
struct rule_facts {
  bool positive_only, times_derivative;
};

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

  static constexpr std::array<rule_facts, size> facts{
      rule_facts{Rules::positive_only, Rules::times_derivative}...};

  /// f.operator()<Rule>() for each rule, in a braced list: builds a table indexed by rule.
  template <class Table, class F>
  static constexpr Table table(const F& f) {
    return { f.template operator()<Rules>()... };
  }
};

/// All rules. To add one, add its tag here.
using rules = rule_list<gradient, guided, deconv>;

template <class R>
concept rule = rules::contains<R>;

}  // namespace salient
