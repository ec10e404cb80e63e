// SPDX-License-Identifier: MIT
#include "salient/graph/parameters.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "graph/match_tensors.hpp"

namespace salient {
namespace {

using dimensions = std::vector<long>;

dimensions weight_dimensions(const parameter_place& p) {
  const long filters = p.shapes.filters;
  if (p.shapes.matrix) return {filters, p.shapes.patch.elements()};
  return {filters, p.shapes.patch.channels, p.shapes.patch.height, p.shapes.patch.width};
}

std::string weight_name(const parameter_place& p) { return std::to_string(p.layer) + ".weight"; }
std::string bias_name(const parameter_place& p) { return std::to_string(p.layer) + ".bias"; }

/// Elements read, turned into our order and handed over in one go.
constexpr long most_at_once = 1 << 16;

/// Calls visit(ours, theirs): the index of every weight of `filters` patches in our order and in PyTorch's.
template <class F>
void for_each_weight(long filters, shape order, const F& visit) {
  const auto [height, width, channels] = order;
  std::size_t theirs = 0;
  for (long o = 0; o < filters; ++o)
    for (long c = 0; c < channels; ++c)
      for (long y = 0; y < height; ++y)
        for (long x = 0; x < width; ++x, ++theirs)
          visit(static_cast<std::size_t>(((o * height + y) * width + x) * channels + c), theirs);
}

/// Where a tensor goes: a layer's weights, or its bias.
struct destination {
  const parameter_place* place = nullptr;
  bool bias = false;
};

/// Where each tensor of the stream goes; nowhere for those that are passed over.
std::vector<destination> destinations(const tensor_stream& tensors, std::span<const parameter_place> places) {
  std::vector<destination> all;
  std::vector<detail::wanted_tensor> wanted;
  for (const parameter_place& p : places) {
    if (!has_parameters(p)) continue;
    const std::string owner = "layer " + std::to_string(p.layer) + " (" + std::string(p.name) + ")";
    all.push_back({&p, false});
    wanted.push_back({weight_name(p), weight_dimensions(p), owner});
    if (!p.shapes.bias) continue;
    all.push_back({&p, true});
    wanted.push_back({bias_name(p), {p.shapes.filters}, owner});
  }
  std::vector<destination> result;
  for (const std::optional<std::size_t> w : detail::match_tensors(wanted, tensors))
    result.push_back(w ? all[*w] : destination{});
  return result;
}

}  // namespace

void parameters_from(const tensor_stream& tensors, std::span<const parameter_place> places,
                     const parameter_sink& sink) {
  const std::vector<destination> to = destinations(tensors, places);
  std::vector<float> theirs, ours;
  for (std::size_t i = 0; i < to.size(); ++i) {
    const destination& d = to[i];
    if (!d.place) {
      tensors.skip(i);
      continue;
    }
    const parameter_place& p = *d.place;
    // A bias is one row; weights have one for each filter.
    const long rows = d.bias ? 1 : p.shapes.filters;
    const long length = d.bias ? p.shapes.filters : p.shapes.patch.elements();
    const long at_once = std::clamp(most_at_once / std::max(length, 1L), 1L, rows);
    for (long row = 0; row < rows; row += at_once) {
      const long count = std::min(at_once, rows - row);
      theirs.resize(static_cast<std::size_t>(count * length));
      tensors.read(theirs);
      const parameter_part part{p, d.bias, d.bias ? 0 : row, d.bias ? 0 : count};
      if (d.bias || p.order.positions() == 1) {  // both orders are the same
        sink(part, theirs);
        continue;
      }
      ours.resize(theirs.size());
      for_each_weight(count, p.order, [&](std::size_t o, std::size_t t) { ours[o] = theirs[t]; });
      sink(part, ours);
    }
  }
}

state_dict parameters_to(std::span<const float> values, std::span<const parameter_place> places) {
  state_dict result;
  for (const parameter_place& p : places) {
    if (!has_parameters(p)) continue;
    named_tensor weight{weight_name(p), weight_dimensions(p), {}};
    weight.values.resize(static_cast<std::size_t>(p.shapes.weights()));
    const float* from = values.data() + p.weight;
    for_each_weight(p.shapes.filters, p.order,
                    [&](std::size_t ours, std::size_t theirs) { weight.values[theirs] = from[ours]; });
    result.push_back(std::move(weight));
    if (p.shapes.bias) {
      const float* bias = values.data() + p.bias;
      result.push_back({bias_name(p), {p.shapes.filters}, std::vector<float>(bias, bias + p.shapes.filters)});
    }
  }
  return result;
}

}  // namespace salient
