// SPDX-License-Identifier: MIT
#include "explainer/json_parts.hpp"

#include <algorithm>
#include <filesystem>

#include "explainer/captions.hpp"
#include "explainer/options_json.hpp"
#include "explainer/structure.hpp"
#include "io/sha256.hpp"

namespace salient::explainer {
namespace {

using json = nlohmann::ordered_json;

json structure_of(const network_facts& network) {
  return {{"layers", network.layers.graph.size()},
          {"parameters", network.parameters},
          {"sha256", salient::detail::sha256(structure_text(network.layers.graph))}};
}

json hash_of(const std::filesystem::path& weights) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(weights, ignored) ? json(salient::detail::sha256_of_file(weights))
                                                            : json();
}

json values_json(const channel_values& v) { return std::vector<double>(v.values, v.values + v.count); }

json preprocessing_json(const preprocessing& p) {
  return {{"range", p.range},
          {"mean", values_json(p.mean)},
          {"std", values_json(p.deviation)},
          {"channels", p.order == channel_order::bgr ? "bgr" : "rgb"},
          {"resize", p.fit.resize},
          {"filter", p.fit.filter == filter::bicubic ? "bicubic" : "bilinear"},
          {"crop_first", p.fit.crop_first}};
}

}  // namespace

json method_json(const network_facts& network, const request& asked, method_kind method) {
  const auto [title, part] = name_of_maps(network, asked, method);
  json result{{"method", words_of(method).name},
              {"title", title},
              {"options", options_json(asked.open.asked.methods, method)}};
  add_baselines_json(asked.baselines, method, result["options"]);
  if (method == kind_of<methods::smooth<>>) {
    result["base"] = words_of(asked.open.asked.base).name;
    result["base_options"] = options_json(asked.open.asked.methods, asked.open.asked.base);
    add_baselines_json(asked.baselines, asked.open.asked.base, result["base_options"]);
  }
  const graph_view& graph = network.layers.graph;
  bool placed = false;
  if (combines_layers(network, asked, method)) {
    for (const int a : asked.open.asked.activations) result["layers"].push_back(layer_name(graph, a));
    result["combined_by"] = asked.open.asked.combine == fusion::mean ? "mean" : "maximum";
    placed = words_of(method).of_layer;
  } else if (const int read = layer_read(network, asked, method); read > 0) {
    result["layer"] = layer_name(graph, read);
    placed = drawn_words(asked, method).of_layer;
  }
  if (placed)
    result["alignment"] =
        std::ranges::find(map_alignment_words, asked.open.asked.alignment, &option_word<map_alignment>::value)
            ->word;
  result["score"] = name_of(asked.open.asked.score_of(method));
  return result;
}

json class_json(const class_labels& labels, int c) {
  json result{{"class", c}};
  if (!labels.label(c).empty()) result["label"] = labels.label(c);
  return result;
}

void add_measured(const request& asked, const written_map& m, json& to) {
  to.update(class_json(asked.labels, m.label));
  to["score"] = name_of(asked.open.asked.score_of(m.method));
  to[name_of(asked.open.asked.score_of(m.method))] = m.value;
  if (m.gap) to["completeness_gap"] = *m.gap;  // null if infinite
  if (m.error) to["relative_standard_error"] = *m.error;
  if (m.evaluations) to["evaluations"] = *m.evaluations;
  if (m.class_correlation)
    to["class_correlation"] = *m.class_correlation ? json(**m.class_correlation) : json();
  to["lowest"] = m.lowest;
  to["highest"] = m.highest;
  to["empty"] = m.empty;
}

json predictions_json(const request& asked, const std::vector<prediction>& best) {
  json all = json::array();
  for (const prediction& b : best) {
    all.push_back(class_json(asked.labels, b.label));
    all.back()["probability"] = b.probability;
    all.back()["logit"] = b.score;
  }
  return all;
}

json network_json(const introduction& setup, const network_facts& network, const request& asked) {
  return {{"salient", SALIENT_VERSION},
          {"network", setup.network},
          {"structure", structure_of(network)},
          {"weights", asked.open.weights.string()},
          {"weights_sha256", hash_of(asked.open.weights)},
          {"preprocessing", preprocessing_json(asked.open.images)}};
}

json picture_json(const explained_picture& p) {
  json result{{"file", p.file.string()}};
  if (!p.file_sha256.empty()) result["file_sha256"] = p.file_sha256;
  if (!p.values_sha256.empty()) result["values_sha256"] = p.values_sha256;
  return result;
}

json left_out_json(const request& asked) {
  json all = json::array();
  for (const auto& [method, needs] : asked.left_out)
    all.push_back({{"method", words_of(method).name}, {"needs", needs}});
  return all;
}

std::string text_of(const json& all, int indent) {
  return all.dump(indent, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace salient::explainer
