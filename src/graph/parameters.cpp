// SPDX-License-Identifier: MIT
#include "salient/graph/parameters.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "graph/match_tensors.hpp"

namespace salient {
namespace {

using dimensions = std::vector<long>;

/// Elements that are read, reordered and handed over at a time.
constexpr long most_at_once = 1 << 16;

/// Calls visit(ours, theirs) with the index of every weight of `filters` patches in our order and in
/// PyTorch's: for each patch a transposition, in blocks that fit the nearest cache with either side.
template <class F>
void for_each_weight(long filters, shape order, const F& visit) {
  constexpr long block = 16;  // a cache line of floats
  const long positions = order.positions(), channels = order.channels;
  for (long o = 0; o < filters; ++o)
    for (long first = 0; first < channels; first += block)
      for (long at = 0; at < positions; ++at)
        for (long c = first; c < std::min(first + block, channels); ++c)
          visit(static_cast<std::size_t>((o * positions + at) * channels + c),
                static_cast<std::size_t>((o * channels + c) * positions + at));
}

/// The shape by which PyTorch orders a filter's patch or a vector's elements: channels first.
shape order_of(const parameter_place& p, const parameter_tensor& t) {
  const bool hidden = t.patch.positions() == 1 && p.order.elements() == t.patch.elements();
  return hidden ? p.order : t.patch;
}

/// Where a tensor goes: to a row's parameter, or nowhere.
struct destination {
  const parameter_place* place = nullptr;
  std::size_t tensor = 0;
};

/// Name prefixes of tensors that are skipped: "AuxLogits.".
std::vector<std::string> unused_modules(const graph_view& graph) {
  std::vector<std::string> result;
  for (std::size_t m = 0; m < graph.modules.size(); ++m)
    if (graph.modules[m].unused) result.push_back(path_of(graph, static_cast<int>(m)) + ".");
  return result;
}

/// The destination of each tensor of the stream; nowhere for those that are skipped.
std::vector<destination> destinations(const tensor_stream& tensors, const parameter_table& table) {
  std::vector<destination> all;
  std::vector<detail::wanted_tensor> wanted;
  for (const parameter_place& p : table.places) {
    const std::string owner = "layer " + path_of(table.graph, table.graph.row(p.row).module) + " (" +
                              std::string(table.graph.facts(p.row).name) + ")";
    for (std::size_t t = 0; t < p.list.count; ++t) {
      all.push_back({&p, t});
      wanted.push_back({parameter_name(table.graph, p, t), dimensions_of(p.list.tensors[t]), owner});
    }
  }
  std::vector<destination> result;
  for (const std::optional<std::size_t> w :
       detail::match_tensors(wanted, tensors, unused_modules(table.graph)))
    result.push_back(w ? all[*w] : destination{});
  return result;
}

}  // namespace

std::vector<long> dimensions_of(const parameter_tensor& t) {
  switch (t.rank) {
    case 1:
      return {t.filters};
    case 2:
      return {t.filters, t.patch.elements()};
    case 3:
      return {t.filters, t.patch.height, t.patch.width};
    default:
      return {t.filters, t.patch.channels, t.patch.height, t.patch.width};
  }
}

std::string parameter_name(const graph_view& graph, const parameter_place& p, std::size_t tensor) {
  const std::string path = path_of(graph, graph.row(p.row).module);
  const std::string name(p.list.tensors[tensor].name);
  return path.empty() || name.empty() ? path + name : path + "." + name;
}

void parameters_from(const tensor_stream& tensors, const parameter_table& table, const parameter_sink& sink) {
  const std::vector<destination> to = destinations(tensors, table);
  std::vector<float> theirs, ours;
  for (std::size_t i = 0; i < to.size(); ++i) {
    const destination& d = to[i];
    if (!d.place) {
      tensors.skip(i);
      continue;
    }
    const parameter_place& p = *d.place;
    const parameter_tensor& t = p.list.tensors[d.tensor];
    // A vector is one row; weights have one row for each filter.
    const bool vector = t.rank == 1;
    const long rows = vector ? 1 : t.filters;
    const long length = vector ? t.filters : t.patch.elements();
    const shape order = vector ? (p.ordered ? p.order : shape{1, 1, t.filters}) : order_of(p, t);
    const long at_once = std::clamp(most_at_once / std::max(length, 1L), 1L, rows);
    for (long row = 0; row < rows; row += at_once) {
      const long count = std::min(at_once, rows - row);
      theirs.resize(static_cast<std::size_t>(count * length));
      tensors.read(theirs);
      const parameter_part part{p, d.tensor, vector ? 0 : row, vector ? t.filters : count};
      if (order.positions() == 1) {  // both orders are the same
        sink(part, theirs);
        continue;
      }
      ours.resize(theirs.size());
      for_each_weight(count, order, [&](std::size_t our, std::size_t their) { ours[our] = theirs[their]; });
      sink(part, ours);
    }
  }
}

state_dict parameters_to(std::span<const float> values, const parameter_table& table) {
  state_dict result;
  for (const parameter_place& p : table.places)
    for (std::size_t k = 0; k < p.list.count; ++k) {
      const parameter_tensor& t = p.list.tensors[k];
      const bool vector = t.rank == 1;
      const shape order = vector ? (p.ordered ? p.order : shape{1, 1, t.filters}) : order_of(p, t);
      named_tensor tensor{parameter_name(table.graph, p, k), dimensions_of(t), {}};
      tensor.values.resize(static_cast<std::size_t>(t.elements()));
      const float* const from = values.data() + p.tensor[k];
      for_each_weight(vector ? 1 : t.filters, order,
                      [&](std::size_t ours, std::size_t theirs) { tensor.values[theirs] = from[ours]; });
      result.push_back(std::move(tensor));
    }
  return result;
}

}  // namespace salient
