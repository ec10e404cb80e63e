// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include <boost/hana.hpp>

#include "salient/salient.hpp"

namespace salient::laws {

/// SplitMix64 (Steele, Lea and Flood 2014), at compile time.
struct dice {
  std::uint64_t state;

  constexpr std::uint64_t next() {
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  constexpr int between(int first, int last) {
    return first + static_cast<int>(next() % static_cast<std::uint64_t>(last - first + 1));
  }
  /// True in `times` of ten cases.
  constexpr bool often(int times) { return between(1, 10) <= times; }
};

enum class kind { convolution, rectifier, max, average, global, flat, affine, soft };

/// A layer that was drawn.
struct drawn {
  kind what = kind::rectifier;
  int filters = 1;
  size kernel = 1, stride = 1;
  padding around = padding::valid;
  bool bias = true;
};

/// A network that was drawn. `shapes` is computed independently of the library.
struct recipe {
  static constexpr int most = 16;
  shape input;
  std::array<drawn, most> layers{};
  std::array<shape, most + 1> shapes{};
  int count = 0;

  constexpr shape last() const { return shapes[static_cast<std::size_t>(count)]; }
  constexpr void add(const drawn& layer, shape out) {
    layers[static_cast<std::size_t>(count++)] = layer;
    shapes[static_cast<std::size_t>(count)] = out;
  }
  constexpr void add(kind what) { add({.what = what}, last()); }
};

/// Adds a window that fits: kernel at most 4 and not above the image, stride at most 2, explicit, automatic
/// or no padding.
constexpr void add_window(dice& d, recipe& r, kind what, int filters) {
  const shape in = r.last();
  drawn layer{.what = what, .filters = filters};
  const bool square = d.often(5);
  layer.kernel.height = d.between(1, std::min(4, in.height));
  layer.kernel.width = square ? std::min(layer.kernel.height, in.width) : d.between(1, std::min(4, in.width));
  layer.stride = {d.often(3) ? 2 : 1, d.often(3) ? 2 : 1};
  layer.bias = d.often(7);
  const int choice = d.between(0, 2);
  if (choice == 1) layer.around = padding::same;
  if (choice == 2)
    layer.around = padding(d.between(0, layer.kernel.height - 1), d.between(0, layer.kernel.width - 1));
  const auto length = [&](int size, int kernel, int stride, int pad) {
    int places = 0;  // counted here, while the library divides
    if (layer.around.automatic)
      for (int at = 0; at < size; at += stride) ++places;
    else
      for (int at = -pad; at + kernel <= size + pad; at += stride) ++places;
    return places;
  };
  r.add(layer, {length(in.height, layer.kernel.height, layer.stride.height, layer.around.top),
                length(in.width, layer.kernel.width, layer.stride.width, layer.around.left), filters});
}

constexpr void add_dense(dice& d, recipe& r, int outputs) {
  r.add({.what = kind::affine, .filters = outputs, .bias = d.often(8)}, {1, 1, outputs});
}

constexpr recipe draw(std::uint64_t seed) {
  dice d{seed * 0x2545f4914f6cdd1d};
  recipe r{.input = {d.between(4, 11), d.between(4, 11), d.between(1, 4)}};
  r.shapes[0] = r.input;
  if (d.often(1)) r.add(kind::rectifier);
  const int blocks = d.often(1) ? 0 : d.between(1, 3);
  for (int b = 0; b < blocks; ++b) {
    add_window(d, r, kind::convolution, d.between(2, 5));
    if (d.often(8)) r.add(kind::rectifier);
    if (d.often(4)) add_window(d, r, d.often(5) ? kind::max : kind::average, r.last().channels);
  }
  const int classes = d.between(3, 5);
  if (blocks > 0 && d.often(5)) {
    r.add({.what = kind::global}, {1, 1, r.last().channels});
    if (d.often(5)) r.add(kind::flat);
  } else {
    r.add({.what = kind::flat}, {1, 1, static_cast<int>(r.last().elements())});
    if (blocks == 0 || d.often(4)) {
      add_dense(d, r, d.between(4, 9));
      r.add(kind::rectifier);
    }
  }
  add_dense(d, r, classes);
  if (d.often(3)) r.add(kind::soft);
  return r;
}

template <std::uint64_t Seed>
inline constexpr recipe recipe_of = draw(Seed);

template <drawn L>
constexpr auto layer_type() {
  using boost::hana::type_c;
  if constexpr (L.what == kind::convolution)
    return type_c<conv2d<L.filters, L.kernel, with{.stride = L.stride, .padding = L.around, .bias = L.bias}>>;
  else if constexpr (L.what == kind::max)
    return type_c<max_pool<L.kernel, with{.stride = L.stride, .padding = L.around}>>;
  else if constexpr (L.what == kind::average)
    return type_c<avg_pool<L.kernel, with{.stride = L.stride, .padding = L.around}>>;
  else if constexpr (L.what == kind::global)
    return type_c<global_avg_pool>;
  else if constexpr (L.what == kind::flat)
    return type_c<flatten>;
  else if constexpr (L.what == kind::affine)
    return type_c<dense<L.filters, L.bias>>;
  else if constexpr (L.what == kind::soft)
    return type_c<softmax>;
  else
    return type_c<relu>;
}

template <std::uint64_t Seed>
inline constexpr auto layers_of = boost::hana::unpack(
    boost::hana::make_range(boost::hana::int_c<0>, boost::hana::int_c<recipe_of<Seed>.count>), [](auto... i) {
      return boost::hana::make_tuple(
          layer_type<recipe_of<Seed>.layers[static_cast<std::size_t>(decltype(i)::value)]>()...);
    });

/// A small network determined by the seed.
template <std::uint64_t Seed>
using random_network = network_of<
    input<recipe_of<Seed>.input.height, recipe_of<Seed>.input.width, recipe_of<Seed>.input.channels>,
    decltype(layers_of<Seed>)>;

/// "7x5x2, conv2d, 5x5x4, relu, ...", for messages.
template <class Network>
std::string describe() {
  const auto text = [](shape s) {
    return std::to_string(s.height) + "x" + std::to_string(s.width) + "x" + std::to_string(s.channels);
  };
  std::string all = text(Network::input_shape);
  for (int row = 0; row < Network::size; ++row) {
    all += ", " + std::string(Network::graph.facts(row).name) + "(";
    for (const int a : Network::graph.inputs(row))
      all += (a == Network::graph.inputs(row)[0] ? "" : " ") + std::to_string(a);
    all += "), " + text(Network::extent(row + 1));
  }
  return all;
}

}  // namespace salient::laws
