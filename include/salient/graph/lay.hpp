// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>

#include "salient/graph/rows.hpp"
#include "salient/layer/block.hpp"
#include "salient/layer/join.hpp"
#include "salient/layer/named.hpp"
#include "salient/layer/unused.hpp"

// Flattens nested types into one table of rows, by recursion over the types. Each type is instantiated once,
// however often and in however many networks it occurs.

namespace salient::detail {

/// Number of entries of each table that a part of a network needs.
struct extents {
  int rows = 0, edges = 0, modules = 0;

  constexpr extents& operator+=(const extents& more) {
    rows += more.rows;
    edges += more.edges;
    modules += more.modules;
    return *this;
  }
};

/// A loop over an array: Clang limits fold expressions to 256 operands.
template <std::size_t N>
constexpr extents sum_of(const std::array<extents, N>& parts, extents own) {
  for (const extents& part : parts) own += part;
  return own;
}

template <class L>
constexpr bool is_layer() {
  static_assert(layer<L>, "salient::network: this is not a layer; layer/layer.hpp says what one must have");
  return layer<L>;
}

/// The module that holds the numbered children, and the one that holds the named children. They differ within
/// joins, which are not modules in PyTorch.
struct scope {
  int own = -1, named = -1;
};

/// A layer.
template <class L>
struct lay {
  static constexpr bool is = is_layer<L>();
  static constexpr extents size{1, 1, 0};

  static constexpr int go(graph_builder& b, int in, scope s) {
    if constexpr (is) {
      static_assert(L::inputs == 1, "salient::network: a layer with two inputs must be in a join");
      return b.put(facts_v<L>, s.own, {&in, 1});
    } else {
      return in;
    }
  }
};

/// Something without rows that is counted, such as a dropout.
template <class L>
  requires requires { requires L::lays_nothing; }
struct lay<L> {
  static constexpr extents size{};
  static constexpr int go(graph_builder&, int in, scope) { return in; }
};

template <>
struct lay<unused> {
  static constexpr extents size{};
  static constexpr int go(graph_builder& b, int in, scope s) {
    if (s.own >= 0) b.leave_out(s.own);
    return in;
  }
};

/// A struct derived from a block.
template <class L>
  requires(requires { typename L::block_type; } && !std::same_as<L, typename L::block_type>)
struct lay<L> : lay<typename L::block_type> {};

template <class L>
struct unnamed {
  using type = L;
  static constexpr std::string_view label{};
};
template <fixed_string Name, class L>
struct unnamed<named<Name, L>> {
  using type = L;
  static constexpr std::string_view label = Name.view();
};

template <class L>
inline constexpr extents child_size = [] {
  extents all = lay<typename unnamed<L>::type>::size;
  ++all.modules;
  return all;
}();

/// Adds the rows of child number `index` of a sequence or join.
template <class L>
constexpr int lay_child(graph_builder& b, int in, scope around, int index, bool in_join) {
  using inner = unnamed<L>;
  using part = lay<typename inner::type>;
  const bool has_name = !inner::label.empty();
  const int own = b.open(has_name ? around.named : around.own, inner::label, index);
  const bool passes_on = !has_name && (in_join || requires { requires part::joins; });
  return b.close(own, part::go(b, in, {own, passes_on ? around.named : own}));
}

template <class... L>
struct lay<sequence<L...>> {
  static constexpr extents size = sum_of(std::array<extents, sizeof...(L)>{child_size<L>...}, {});

  static constexpr int go([[maybe_unused]] graph_builder& b, int in, [[maybe_unused]] scope s) {
    [[maybe_unused]] int index = 0;
    [[maybe_unused]] const int all[] = {0, (in = lay_child<L>(b, in, s, index++, false))...};
    return in;
  }
};

/// A sum or product: one row less than there are branches.
template <class Layer, class... B>
struct lay_pairs {
  static constexpr bool joins = true;
  static constexpr int pairs = static_cast<int>(sizeof...(B)) - 1;
  static constexpr extents size =
      sum_of(std::array<extents, sizeof...(B)>{child_size<B>...}, {pairs, 2 * pairs, 0});

  static constexpr int go(graph_builder& b, int in, scope s) {
    int index = 0;
    const int ends[] = {lay_child<B>(b, in, s, index++, true)...};
    int all = ends[0];
    for (int i = 1; i <= pairs; ++i) {
      const int two[] = {all, ends[i]};
      all = b.put(facts_v<Layer>, s.own, two);
    }
    return all;
  }
};
template <class... B>
struct lay<sum<B...>> : lay_pairs<add_layer, B...> {};
template <class... B>
struct lay<product<B...>> : lay_pairs<multiply_layer, B...> {};

/// The network itself runs a concat's passes.
inline constexpr layer_facts concat_facts = [] {
  layer_facts f = facts_of<add_layer>();
  f.name = "concat";
  f.needs = "branches of one height and width";
  f.stage = stage::none;
  f.joins = join::concat;
  f.in_place = f.finishes = false;
  f.accepts = [](std::span<const shape> in) {
    for (const shape s : in)
      if (s.height != in[0].height || s.width != in[0].width) return false;
    return true;
  };
  f.output = [](std::span<const shape> in) {
    shape all = in[0];
    for (const shape s : in.subspan(1)) all.channels += s.channels;
    return all;
  };
  return f;
}();

template <class... B>
struct lay<concat<B...>> {
  static constexpr bool joins = true;
  static_assert(sizeof...(B) <= graph_builder::most_inputs, "salient: a concat has at most 64 branches");
  static constexpr extents size =
      sum_of(std::array<extents, sizeof...(B)>{child_size<B>...}, {1, static_cast<int>(sizeof...(B)), 0});

  static constexpr int go(graph_builder& b, int in, scope s) {
    int index = 0;
    const int ends[] = {lay_child<B>(b, in, s, index++, true)...};
    return b.put(concat_facts, s.own, ends);
  }
};

template <fixed_string Name>
struct lay<from<Name>> {
  static constexpr extents size{};
  static constexpr int go(graph_builder& b, int, scope s) { return b.find(Name.view(), s.own); }
};

/// The tables of a network.
template <extents Size>
struct graph_table {
  std::array<graph_row, static_cast<std::size_t>(Size.rows)> rows{};
  std::array<int, static_cast<std::size_t>(Size.edges)> edges{};
  std::array<graph_module, static_cast<std::size_t>(Size.modules)> modules{};
  shape input{};
  int misfit = -1;
  std::string_view missing;
  int output = 0;

  constexpr operator graph_view() const { return {rows, edges, modules, input}; }
};

template <class L>
constexpr auto lay_out(shape input) {
  graph_table<lay<L>::size> table;
  table.input = input;
  graph_builder b(table.rows.data(), table.edges.data(), table.modules.data(), input);
  table.output = lay<L>::go(b, 0, {});
  table.misfit = b.misfit;
  table.missing = b.missing;
  return table;
}

}  // namespace salient::detail
