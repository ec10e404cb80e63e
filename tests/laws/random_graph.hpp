// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "laws/random_network.hpp"
#include "salient/salient.hpp"

namespace salient::laws {

// Random graphs, drawn at compile time: residual sums, projections, growing concats, gates, products, forks
// with three consumers, long skip connections, grouped, depthwise and dilated convolutions, and nested
// blocks.

/// The output shape of a part of a network.
template <class L>
constexpr shape output_of(shape in) {
  const auto table = salient::detail::lay_out<sequence<L>>(in);
  return graph_view(table).extent(table.output);
}

/// A name for a part; different seeds give different names.
template <std::uint64_t Seed>
inline constexpr auto unique_name = [] {
  struct {
    char text[13]{};
  } name;
  std::uint64_t left = Seed;
  for (int i = 0; i < 12; ++i, left /= 26) name.text[i] = static_cast<char>('a' + left % 26);
  return name;
}();
template <std::uint64_t Seed>
consteval fixed_string<13> name_of() {
  return fixed_string<13>(unique_name<Seed>.text);
}

constexpr std::uint64_t child(std::uint64_t seed, int number) {
  return dice{seed + static_cast<std::uint64_t>(number) * 0x632be59bd9b4e019}.next();
}

template <std::uint64_t Seed>
constexpr auto draw_activation() {
  constexpr int choice = dice{Seed}.between(1, 10);
  if constexpr (choice <= 5)
    return std::type_identity<relu>{};
  else if constexpr (choice == 6)
    return std::type_identity<relu6>{};
  else if constexpr (choice == 7)
    return std::type_identity<silu>{};
  else if constexpr (choice == 8)
    return std::type_identity<leaky_relu<0.2>>{};
  else if constexpr (choice == 9)
    return std::type_identity<hard_swish>{};
  else
    return std::type_identity<sequence<batch_norm<>, relu>>{};
}
template <std::uint64_t Seed>
using activation_of_seed = typename decltype(draw_activation<Seed>())::type;

/// A convolution that keeps height and width, with or without batch norm and activation.
template <std::uint64_t Seed, int Filters>
constexpr auto draw_convolution() {
  constexpr int choice = dice{Seed}.between(1, 6);
  using conv =
      conv2d<Filters, choice % 2 == 0 ? 3 : 1, with{.padding = choice % 2 == 0 ? 1 : 0, .bias = choice < 4}>;
  if constexpr (choice <= 2)
    return std::type_identity<conv>{};
  else if constexpr (choice <= 4)
    return std::type_identity<sequence<conv, batch_norm<>>>{};
  else if constexpr (choice == 5)
    return std::type_identity<sequence<conv, activation_of_seed<child(Seed, 1)>>>{};
  else
    return std::type_identity<sequence<conv, batch_norm<>, activation_of_seed<child(Seed, 1)>>>{};
}
template <std::uint64_t Seed, int Filters>
using convolution_of_seed = typename decltype(draw_convolution<Seed, Filters>())::type;

template <std::uint64_t Seed, shape In, int Depth>
struct part_of_seed;

/// A part that preserves the shape, for a residual branch.
template <std::uint64_t Seed, shape In, int Depth>
constexpr auto draw_same() {
  using first = convolution_of_seed<child(Seed, 1), dice{Seed}.between(1, 4)>;
  if constexpr (Depth > 0 && dice{child(Seed, 2)}.often(5)) {
    using inner = typename part_of_seed<child(Seed, 3), output_of<first>(In), Depth - 1>::type;
    return std::type_identity<sequence<first, inner, convolution_of_seed<child(Seed, 4), In.channels>>>{};
  } else {
    return std::type_identity<sequence<first, convolution_of_seed<child(Seed, 4), In.channels>>>{};
  }
}
template <std::uint64_t Seed, shape In, int Depth>
using same_of_seed = typename decltype(draw_same<Seed, In, Depth>())::type;

template <std::uint64_t Seed, shape In, int Depth>
constexpr auto draw_part() {
  constexpr int choice = dice{Seed}.between(0, 13), filters = dice{child(Seed, 9)}.between(2, 5);
  using same1 = same_of_seed<child(Seed, 1), In, Depth>;
  using same2 = same_of_seed<child(Seed, 2), In, Depth>;
  using to1 = convolution_of_seed<child(Seed, 3), filters>;
  using to2 = convolution_of_seed<child(Seed, 4), filters>;
  using to3 = convolution_of_seed<child(Seed, 5), filters>;
  using f = activation_of_seed<child(Seed, 6)>;
  if constexpr (choice == 0)
    return std::type_identity<sequence<sum<same1, identity>, f>>{};
  else if constexpr (choice == 1)
    return std::type_identity<sequence<f, sum<identity, same1>>>{};
  else if constexpr (choice == 2)
    return std::type_identity<sequence<sum<to1, sequence<to2, f>>, f>>{};
  else if constexpr (choice == 3)
    return std::type_identity<sum<same1, identity, sequence<f, same2>>>{};
  else if constexpr (choice == 4)
    return std::type_identity<
        sequence<concat<identity, to1>, concat<identity, sequence<batch_norm<>, relu, to2>>, to3>>{};
  else if constexpr (choice == 5)
    return std::type_identity<
        concat<to1, sequence<f, to2>, identity, max_pool<3, with{.stride = 1, .padding = 1}>>>{};
  else if constexpr (choice == 6)
    return std::type_identity<sequence<
        to1, f,
        product<identity, sequence<global_avg_pool, conv2d<3, 1>, relu, conv2d<filters, 1>, sigmoid>>>>{};
  else if constexpr (choice == 7)
    return std::type_identity<product<to1, sequence<to2, f>>>{};
  else if constexpr (choice == 8)  // a long skip connection
    return std::type_identity<sequence<named<name_of<child(Seed, 7)>(), sequence<to1, f>>, to2, f,
                                       sum<to3, from<name_of<child(Seed, 7)>()>>>>{};
  else if constexpr (choice == 9)  // the same input twice
    return std::type_identity<sequence<to1, sum<identity, identity>, f, concat<identity, identity>>>{};
  else if constexpr (choice == 10)
    return std::type_identity<sequence<
        f, sequence<to1, batch_norm<>,
                    sum<same_of_seed<child(Seed, 8), shape{In.height, In.width, filters}, 0>, identity>>>>{};
  else if constexpr (choice == 11)  // depthwise with two filters for each channel, then pointwise
    return std::type_identity<sequence<conv2d<2 * In.channels, 3, with{.padding = 1, .groups = In.channels}>,
                                       batch_norm<>, f, to1>>{};
  else if constexpr (choice == 12)  // groups and dilation on a residual branch
    return std::type_identity<
        sequence<sum<identity, sequence<conv2d<4, 1>, f,
                                        conv2d<2 * In.channels, 3,
                                               with{.padding = 2, .dilation = 2, .groups = 2, .bias = false}>,
                                        batch_norm<>, conv2d<In.channels, 1>>>,
                 f>>{};
  else
    return std::type_identity<
        sequence<to1, f, avg_pool<3, with{.stride = 1, .padding = 1, .count_include_pad = false}>>>{};
}
template <std::uint64_t Seed, shape In, int Depth>
struct part_of_seed {
  using type = typename decltype(draw_part<Seed, In, Depth>())::type;
};

template <std::uint64_t Seed>
struct random_graph_of {
  static constexpr dice d{Seed * 0x2545f4914f6cdd1d};
  static constexpr shape in{dice{child(Seed, 1)}.between(4, 7), dice{child(Seed, 2)}.between(4, 7),
                            dice{child(Seed, 3)}.between(1, 3)};
  using stem = convolution_of_seed<child(Seed, 4), dice{child(Seed, 5)}.between(2, 4)>;
  static constexpr shape middle = output_of<stem>(in);
  using first = typename part_of_seed<child(Seed, 6), middle, 1>::type;
  static constexpr shape behind = output_of<first>(middle);
  using halves = std::conditional_t<dice{child(Seed, 7)}.often(5), max_pool<2>,
                                    conv2d<4, 3, with{.stride = 2, .padding = 1}>>;
  using second = typename part_of_seed<child(Seed, 8), output_of<halves>(behind), 1>::type;
  using head = std::conditional_t<dice{child(Seed, 9)}.often(5), sequence<global_avg_pool, flatten>,
                                  sequence<relu, flatten>>;
  using type = network<input<in.height, in.width, in.channels>, stem, first, halves, second, head, dense<3>>;
};
template <std::uint64_t Seed>
using random_graph = typename random_graph_of<Seed>::type;

}  // namespace salient::laws
