// SPDX-License-Identifier: MIT
#include "salient/graph/parameters.hpp"

#include <cmath>
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

/// Calls visit(ours, theirs): the index of every weight in our order and in PyTorch's.
template <class F>
void for_each_weight(const parameter_place& p, const F& visit) {
  const auto [height, width, channels] = p.order;
  std::size_t theirs = 0;
  for (long o = 0; o < p.shapes.filters; ++o)
    for (long c = 0; c < channels; ++c)
      for (long y = 0; y < height; ++y)
        for (long x = 0; x < width; ++x, ++theirs)
          visit(static_cast<std::size_t>(((o * height + y) * width + x) * channels + c), theirs);
}

/// Tensors by name, each of which must be asked for.
class checked_lookup {
 public:
  explicit checked_lookup(const state_dict& tensors) {
    for (const named_tensor& t : tensors)
      if (!unused_.emplace(t.name, &t).second) throw error("the weights hold '" + t.name + "' twice");
  }

  const named_tensor& take(const std::string& name, const dimensions& expected, const parameter_place& p) {
    const std::string owner = "layer " + std::to_string(p.layer) + " (" + std::string(p.name) + ")";
    const auto found = unused_.find(name);
    if (found == unused_.end())
      throw error("the weights lack '" + name + "', which " + owner + " expects as " + to_string(expected) +
                  "; " + remedy);
    const named_tensor& t = *found->second;
    long elements = 1;
    for (const long n : expected) elements *= n;
    if (t.dimensions != expected || t.values.size() != static_cast<std::size_t>(elements))
      throw error("the weights' '" + name + "' is " + to_string(t.dimensions) + ", but " + owner +
                  " expects " + to_string(expected) + "; " + remedy);
    for (std::size_t i = 0; i < t.values.size(); ++i)
      if (!std::isfinite(t.values[i]))
        throw error("the weights' '" + name + "' has a value that is not finite at element " +
                    std::to_string(i) + "; train or export the network again");
    unused_.erase(found);
    return t;
  }

  void expect_nothing_left() const {
    if (unused_.empty()) return;
    const named_tensor& t = *unused_.begin()->second;
    throw error("the weights' '" + t.name + "' (" + to_string(t.dimensions) +
                ") belongs to no layer of this network; " + remedy);
  }

 private:
  static constexpr const char* remedy = "use the weights of this very network";
  std::unordered_map<std::string, const named_tensor*> unused_;
};

}  // namespace

std::vector<float> parameters_from(const state_dict& tensors, std::span<const parameter_place> places,
                                   long elements) {
  std::vector<float> result(static_cast<std::size_t>(elements), 0.0f);
  checked_lookup lookup(tensors);
  for (const parameter_place& p : places) {
    if (!has_parameters(p)) continue;
    const named_tensor& weight = lookup.take(weight_name(p), weight_dimensions(p), p);
    float* to = result.data() + p.weight;
    for_each_weight(p, [&](std::size_t ours, std::size_t theirs) { to[ours] = weight.values[theirs]; });
    if (p.shapes.bias) {
      const named_tensor& bias = lookup.take(bias_name(p), {p.shapes.filters}, p);
      std::copy(bias.values.begin(), bias.values.end(), result.data() + p.bias);
    }
  }
  lookup.expect_nothing_left();
  return result;
}

state_dict parameters_to(std::span<const float> values, std::span<const parameter_place> places) {
  state_dict result;
  for (const parameter_place& p : places) {
    if (!has_parameters(p)) continue;
    named_tensor weight{weight_name(p), weight_dimensions(p), {}};
    weight.values.resize(static_cast<std::size_t>(p.shapes.weights()));
    const float* from = values.data() + p.weight;
    for_each_weight(p, [&](std::size_t ours, std::size_t theirs) { weight.values[theirs] = from[ours]; });
    result.push_back(std::move(weight));
    if (p.shapes.bias) {
      const float* bias = values.data() + p.bias;
      result.push_back({bias_name(p), {p.shapes.filters}, std::vector<float>(bias, bias + p.shapes.filters)});
    }
  }
  return result;
}

}  // namespace salient
