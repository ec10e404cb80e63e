// SPDX-License-Identifier: MIT
#include "salient/graph/parameters.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "salient/core/error.hpp"

namespace salient {
namespace {

using dimensions = std::vector<long>;

std::string to_string(const dimensions& d) {
  std::string result;
  for (const long n : d) result += (result.empty() ? "" : "x") + std::to_string(n);
  return result.empty() ? "a scalar" : result;
}

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

/// The tensors' names, each of which must be asked for.
class checked_lookup {
 public:
  explicit checked_lookup(const tensor_stream& tensors) : tensors_(tensors) {
    for (std::size_t i = 0; i < tensors.headings.size(); ++i)
      if (!unused_.emplace(tensors.headings[i].name, i).second)
        fail("the weights hold '" + tensors.headings[i].name + "' twice");
  }

  /// The index of the tensor of this name and these dimensions.
  std::size_t take(const std::string& name, const dimensions& expected, const parameter_place& p) {
    const std::string owner = "layer " + std::to_string(p.layer) + " (" + std::string(p.name) + ")";
    const auto found = unused_.find(name);
    if (found == unused_.end())
      fail("the weights lack '" + name + "', which " + owner + " expects as " + to_string(expected) + "; " +
           remedy);
    const std::size_t index = found->second;
    const dimensions& got = tensors_.headings[index].dimensions;
    if (got != expected)
      fail("the weights' '" + name + "' is " + to_string(got) + ", but " + owner + " expects " +
           to_string(expected) + "; " + remedy);
    unused_.erase(found);
    return index;
  }

  void expect_nothing_left() const {
    if (unused_.empty()) return;
    const tensor_heading& t = tensors_.headings[unused_.begin()->second];
    fail("the weights' '" + t.name + "' (" + to_string(t.dimensions) +
         ") belongs to no layer of this network; " + remedy);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw error(tensors_.origin + what); }

  static constexpr const char* remedy = "use the weights of this very network";
  const tensor_stream& tensors_;
  std::unordered_map<std::string, std::size_t> unused_;
};

std::vector<destination> destinations(const tensor_stream& tensors, std::span<const parameter_place> places) {
  std::vector<destination> result(tensors.headings.size());
  checked_lookup lookup(tensors);
  for (const parameter_place& p : places) {
    if (!has_parameters(p)) continue;
    result[lookup.take(weight_name(p), weight_dimensions(p), p)] = {&p, false};
    if (p.shapes.bias) result[lookup.take(bias_name(p), {p.shapes.filters}, p)] = {&p, true};
  }
  lookup.expect_nothing_left();
  return result;
}

}  // namespace

void parameters_from(const tensor_stream& tensors, std::span<const parameter_place> places,
                     const parameter_sink& sink) {
  const std::vector<destination> to = destinations(tensors, places);
  std::vector<float> theirs, ours;
  for (const destination& d : to) {
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
