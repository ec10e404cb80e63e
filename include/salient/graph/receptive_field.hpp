// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "salient/graph/rows.hpp"

namespace salient {

/// What the cells of an activation see of the input along one axis: cell i sees the pixels from first + i
/// stride on, `size` of them. Pixels outside the image are padding.
struct field_axis {
  int first = 0, size = 1, stride = 1;

  constexpr bool sees(int cell, int pixel) const {
    const int from = first + cell * stride;
    return from <= pixel && pixel < from + size;
  }
  friend constexpr bool operator==(const field_axis&, const field_axis&) = default;
};

/// The receptive fields of an activation's cells. A vector has one cell, of stride 0.
struct receptive_fields {
  field_axis y{}, x{};
  /// Every cell also depends on the whole image: through a gate, or a branch with other strides.
  bool global = false;

  /// Whether cell (row, column) of the activation may depend on pixel (y, x) of the input.
  constexpr bool sees(int row, int column, int pixel_y, int pixel_x) const {
    return global || (y.sees(row, pixel_y) && x.sees(column, pixel_x));
  }
  friend constexpr bool operator==(const receptive_fields&, const receptive_fields&) = default;
};

namespace detail {

/// What `cells` cells see together.
constexpr field_axis all_cells(field_axis a, int cells) {
  return {std::min(a.first, a.first + (cells - 1) * a.stride), a.size + (cells - 1) * a.stride, 0};
}
constexpr receptive_fields all_cells(const receptive_fields& f, shape extent) {
  return {all_cells(f.y, extent.height), all_cells(f.x, extent.width), f.global};
}

/// What a window over cells with these fields sees.
constexpr field_axis through(field_axis a, int before, int reach, int step) {
  return {a.first - before * a.stride, a.size + (reach - 1) * a.stride, a.stride * step};
}
constexpr receptive_fields through(const receptive_fields& f, const window& w) {
  return {through(f.y, w.top, w.reach_y(), w.stride_y), through(f.x, w.left, w.reach_x(), w.stride_x),
          f.global};
}

constexpr field_axis either(field_axis a, field_axis b) {
  const int first = std::min(a.first, b.first);
  return {first, std::max(a.first + a.size, b.first + b.size) - first, a.stride};
}
/// What a cell sees that reads a cell of each of two activations. Where only one of them has a stride, as of
/// a map and its gate, or they differ, the fields are the first one's and the rest of the image.
constexpr receptive_fields either(const receptive_fields& a, const receptive_fields& b) {
  if (a.y.stride == b.y.stride && a.x.stride == b.x.stride)
    return {either(a.y, b.y), either(a.x, b.x), a.global || b.global};
  const bool gate = a.y.stride == 0 && a.x.stride == 0;
  receptive_fields result = gate ? b : a;
  result.global = true;
  return result;
}

constexpr receptive_fields fields_behind(const graph_view& graph, int row,
                                         const receptive_fields* of_activations) {
  receptive_fields result{};
  bool first = true;
  for (const int a : graph.inputs(row)) {
    const auto seen = graph.facts(row).sees(graph.extent(a));
    const receptive_fields& before = of_activations[a];
    const bool gates = !graph.extent(a).spatial() && graph.extent(row + 1).spatial();
    const receptive_fields one = seen && !gates ? through(before, *seen) : all_cells(before, graph.extent(a));
    result = first ? one : either(result, one);
    first = false;
  }
  if (!graph.extent(row + 1).spatial()) result.y.stride = result.x.stride = 0;
  return result;
}

/// The fields on activation `from` of those after it up to `to`: of_activations[from] must be {}.
constexpr void find_fields(const graph_view& graph, int from, int to, receptive_fields* of_activations) {
  for (int row = from; row < to; ++row) of_activations[row + 1] = fields_behind(graph, row, of_activations);
}

template <class Network>
inline constexpr auto all_receptive_fields = [] {
  std::array<receptive_fields, static_cast<std::size_t>(Network::size) + 1> all{};
  find_fields(Network::graph, 0, Network::size, all.data());
  return all;
}();

}  // namespace detail

/// The receptive fields of an activation's cells, numbered as by `network::find`:
/// `receptive_field<vgg16>(vgg16::find("features.30")).y.size` is 212.
///
/// They are those that windows, strides and paddings allow: no other pixel changes a cell, beyond the
/// rounding of Winograd's algorithm. Araujo, Norris and Sim 2019, doi:10.23915/distill.00021.
template <class Network>
constexpr receptive_fields receptive_field(int activation) {
  return detail::all_receptive_fields<Network>[static_cast<std::size_t>(activation)];
}

}  // namespace salient
