// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/state_dict.hpp"
#include "salient/core/tensor_stream.hpp"
#include "salient/graph/plan/storage.hpp"
#include "salient/graph/rows.hpp"

namespace salient {

/// Offsets of one row's parameters, in elements, and their order in PyTorch.
struct parameter_place {
  int row = 0;
  parameter_list list{};
  shape order{};         ///< shape of the row's input before a flatten, which PyTorch orders channels first
  bool ordered = false;  ///< whether each vector has one value per element of `order`
  std::array<long, parameter_list::most> tensor{};         ///< offsets
  std::array<long, parameter_list::most> packed_tensor{};  ///< the same, where weights are packed
  long derived = 0, packed_derived = 0;
  bool packs = false;  ///< whether the first tensor has a packed form

  friend constexpr bool has_parameters(const parameter_place& p) { return p.list.count > 0; }
};

template <std::size_t R>
struct parameter_plan {
  std::array<parameter_place, R> places{};
  long elements = 0;         ///< size including padding
  long packed_elements = 0;  ///< the same, where weights are packed
  long count = 0;            ///< trained parameters
  int mixed = -1;            ///< a row whose input has no known order, or -1
};

/// Rounds up so that every tensor starts at a multiple of `alignment` bytes.
constexpr long aligned(long elements) {
  constexpr long step = alignment / sizeof(float);
  return (elements + step - 1) / step * step;
}

template <std::size_t R>
constexpr parameter_plan<R> plan_parameters(const graph_view& graph) {
  parameter_plan<R> plan;
  // The shape of the map that a vector was flattened from, which orders its entries until a layer mixes them.
  // Then the order is unknown: {0, 0, 0}.
  std::array<shape, R + 1> order{};
  order[0] = graph.input;
  for (std::size_t i = 0; i < R; ++i) {
    const int row = static_cast<int>(i);
    const layer_facts& f = graph.facts(row);
    const shape in = graph.in(row), out = graph.extent(row + 1);
    const shape before = order[static_cast<std::size_t>(graph.inputs(row)[0])];
    const bool hidden = before != in;  // by a flatten
    const bool keeps = f.reshapes || f.stage != stage::none || f.role == layer_role::softmax ||
                       f.role == layer_role::normalisation;
    parameter_place& to = plan.places[i];
    to.row = row;
    to.list = f.parameters(in);
    to.order = before;
    to.ordered = keeps && hidden;
    to.packs = f.packed(in) > 0;
    const auto place = [](long elements, long& end) { return std::exchange(end, end + aligned(elements)); };
    for (std::size_t t = 0; t < to.list.count; ++t) {
      const parameter_tensor& facts = to.list.tensors[t];
      to.tensor[t] = place(facts.elements(), plan.elements);
      to.packed_tensor[t] = place(t == 0 && to.packs ? f.packed(in) : facts.elements(), plan.packed_elements);
      if (facts.trained) plan.count += facts.elements();
    }
    to.derived = place(f.derived(in), plan.elements);
    to.packed_derived = place(f.derived(in), plan.packed_elements);
    if (hidden && before == shape{0, 0, 0} && to.list.count > 0 && plan.mixed < 0) plan.mixed = row;

    order[i + 1] = keeps ? before : out;
    const bool unmixes = f.role == layer_role::dense || f.role == layer_role::convolution;
    for (const int input : graph.inputs(row))
      if (!keeps && !unmixes && order[static_cast<std::size_t>(input)] != graph.extent(input))
        order[i + 1] = {0, 0, 0};
    if (graph.inputs(row).size() == 2 && keeps &&
        order[static_cast<std::size_t>(graph.inputs(row)[1])] != before)
      order[i + 1] = {0, 0, 0};
  }
  return plan;
}

/// A row with parameters whose module path is not unique, or -1. Named modules without parameters count too.
template <std::size_t R>
constexpr int repeated_name(const std::array<parameter_place, R>& places, const graph_view& graph) {
  std::array<std::uint64_t, 2 * R + 1> hashes{};
  std::size_t count = 0;
  for (const parameter_place& p : places) {
    const int module = graph.rows[static_cast<std::size_t>(p.row)].module;
    if (has_parameters(p) && (module < 0 || graph.modules[static_cast<std::size_t>(module)].name.empty()))
      hashes[count++] = module < 0 ? empty_hash : graph.modules[static_cast<std::size_t>(module)].hash;
  }
  for (const graph_module& m : graph.modules)
    if (!m.name.empty() && count < hashes.size()) hashes[count++] = m.hash;
  std::sort(hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(count));
  for (std::size_t i = 1; i < count; ++i)
    if (hashes[i] == hashes[i - 1]) return static_cast<int>(i);
  return -1;
}

/// A network's parameter layout, without its type.
struct parameter_table {
  graph_view graph;
  std::span<const parameter_place> places;  ///< one for each row
  long elements;                            ///< size of `model::values()`
};

/// Dimensions on disk, in PyTorch's order.
SALIENT_EXPORT std::vector<long> dimensions_of(const parameter_tensor&);

/// "layer1.0.bn1.running_var"
SALIENT_EXPORT std::string parameter_name(const graph_view&, const parameter_place&, std::size_t tensor);

/// A tensor of a row or, for its first tensor, a range of filters.
struct parameter_part {
  const parameter_place& place;
  std::size_t tensor;
  long first = 0, count = 0;  ///< filters
};

/// Receives the values of a part, filter by filter.
using parameter_sink = std::function<void(const parameter_part&, std::span<const float> values)>;

/// Reads tensors and converts filters x channels x height x width, PyTorch's order, to our filters x height x
/// width x channels. It does so a few filters at a time (a quarter of a megabyte), so that loading needs
/// memory for the parameters only. If names do not match, a prefix that all of them share, such as "module.",
/// is removed; tensors of unused modules are skipped. Throws salient::error, before the first value, if a
/// tensor is missing, has another shape or type, or belongs to no layer; and if a value is not finite.
SALIENT_EXPORT void parameters_from(const tensor_stream&, const parameter_table&, const parameter_sink&);

/// The inverse: PyTorch's `state_dict()` of the same modules.
SALIENT_EXPORT state_dict parameters_to(std::span<const float> values, const parameter_table&);

}  // namespace salient
