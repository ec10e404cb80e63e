// SPDX-License-Identifier: MIT
#include "explainer/captions.hpp"

#include <algorithm>
#include <cctype>

#include "salient/explainer/numbers.hpp"
#include "salient/view/reduce.hpp"

namespace salient::explainer {
namespace {

constexpr method_kind smooth_kind = kind_of<methods::smooth<>>;

/// A module path without characters that file names hold badly.
std::string file_text(std::string text) {
  for (char& c : text)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_') c = '_';
  return text;
}

/// SmoothGrad's names, by its statistic and its base.
void name_smoothed(const question& q, map_name& name) {
  const smooth_statistic statistic = q.methods.of<methods::smooth<>>().statistic;
  if (statistic == smooth_statistic::squares) name.title += " squared", name.part += "-squares";
  if (statistic == smooth_statistic::variance) name.title = "VarGrad", name.part += "-variance";
  if (q.base == kind_of<methods::gradients>) return;
  name.title += " of " + std::string(words_of(q.base).title);
  name.part += "-" + std::string(words_of(q.base).name);
}

/// Adds the layers of --layer.
void name_layers(const graph_view& graph, const question& q, map_name& name) {
  for (std::size_t i = 0; i < q.activations.size(); ++i) {
    const std::string layer = layer_name(graph, q.activations[i]);
    name.title += (i == 0 ? " of " : i + 1 == q.activations.size() ? " and " : ", ") + layer;
    name.part += (i == 0 ? "-" : "+") + file_text(layer);
  }
  if (q.activations.size() < 2) return;
  const std::string how = q.combine == fusion::mean ? "mean" : "maximum";
  name.title += ", " + how;
  name.part += "-" + how;
}

std::string why_empty(const request& asked, const written_map& m) {
  if (m.lowest != 0 || m.highest != 0) return "the same everywhere";
  const question& q = asked.open.asked;
  const bool variance =
      m.method == smooth_kind && q.methods.of<methods::smooth<>>().statistic == smooth_statistic::variance;
  const method_words& drawn = words_of(m.method == smooth_kind ? q.base : m.method);
  if (!drawn.of_layer || !drawn.non_negative || variance) return "zero everywhere";
  // Of the loss, what is positive speaks against the class.
  return q.score_of(m.method) == score_kind::cross_entropy ? "nothing speaks against the class"
                                                           : "nothing speaks for the class";
}

}  // namespace

map_name name_of_maps(const network_facts& network, const request& asked, method_kind method) {
  const question& q = asked.open.asked;
  map_name name{std::string(words_of(method).title), std::string(words_of(method).name)};
  if (method == smooth_kind) name_smoothed(q, name);
  if (network.take_layer(method == smooth_kind ? q.base : method)) name_layers(network.layers.graph, q, name);
  return name;
}

bool is_empty(const tensor& maps, long n) {
  const tensor flat = channel_sum(maps.slice(n, 1));
  return std::ranges::all_of(flat.values, [&](float v) { return v == flat.values[0]; });
}

std::string remark_on(const request& asked, const written_map& m) {
  std::string remark;
  const auto add = [&](const std::string& text) { remark += (remark.empty() ? "" : ", ") + text; };
  if (m.gap) add("completeness gap " + percent(*m.gap));
  if (m.error) add("standard error " + percent(*m.error));
  if (m.empty) add("empty: " + why_empty(asked, m));
  return remark;
}

}  // namespace salient::explainer
