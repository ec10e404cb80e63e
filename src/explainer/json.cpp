// SPDX-License-Identifier: MIT
#include "explainer/json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "explainer/options_json.hpp"
#include "explainer/structure.hpp"
#include "io/sha256.hpp"
#include "salient/io/file.hpp"

namespace salient::explainer {
namespace {

using json = nlohmann::ordered_json;

json class_of(const class_labels& labels, int c) {
  json result{{"class", c}};
  if (!labels.label(c).empty()) result["label"] = labels.label(c);
  return result;
}

json map_of(const network_facts& network, const request& asked, const written_map& m) {
  json result{{"method", words_of(m.method).name},
              {"options", options_json(asked.open.asked.methods, m.method)}};
  if (m.method == kind_of<methods::smooth<>>) {
    result["base"] = words_of(asked.open.asked.base).name;
    result["base_options"] = options_json(asked.open.asked.methods, asked.open.asked.base);
  }
  const graph_view& graph = network.layers.graph;
  bool placed = false;
  if (combines_layers(network, asked, m.method)) {
    for (const int a : asked.open.asked.activations) result["layers"].push_back(layer_name(graph, a));
    result["combined_by"] = asked.open.asked.combine == fusion::mean ? "mean" : "maximum";
    placed = words_of(m.method).of_layer;
  } else if (const int read = layer_read(network, asked, m.method); read > 0) {
    result["layer"] = layer_name(graph, read);
    placed = drawn_words(asked, m.method).of_layer;
  }
  if (placed)
    result["alignment"] =
        std::ranges::find(map_alignment_words, asked.open.asked.alignment, &option_word<map_alignment>::value)
            ->word;
  result.update(class_of(asked.labels, m.label));
  result["score"] = name_of(asked.open.asked.score);
  result[name_of(asked.open.asked.score)] = m.value;
  if (m.gap) result["completeness_gap"] = *m.gap;  // null if infinite
  if (m.error) result["standard_error"] = *m.error;
  if (m.evaluations) result["evaluations"] = *m.evaluations;
  if (m.class_correlation)
    result["class_correlation"] = *m.class_correlation ? json(**m.class_correlation) : json();
  result["lowest"] = m.lowest;
  result["highest"] = m.highest;
  result["picture"] = (asked.out / m.picture).string();
  if (!m.raw.empty()) result["raw"] = (asked.out / m.raw).string();
  if (!m.certificate.empty()) result["certificate"] = (asked.out / m.certificate).string();
  return result;
}

json structure_of(const network_facts& network) {
  return {{"layers", network.layers.graph.size()},
          {"parameters", network.parameters},
          {"sha256", salient::detail::sha256(structure_text(network.layers.graph))}};
}

/// Null for weights that came through a pipe, which cannot be read again.
json hash_of(const std::filesystem::path& weights) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(weights, ignored) ? json(salient::detail::sha256_of_file(weights))
                                                            : json();
}

std::string text_of(const json& all) {
  return all.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

/// What all maps of a run share.
json run_of(const introduction& setup, const network_facts& network, const request& asked,
            const std::string& device) {
  return {{"salient", SALIENT_VERSION},
          {"network", setup.network},
          {"structure", structure_of(network)},
          {"weights", asked.open.weights.string()},
          {"weights_sha256", hash_of(asked.open.weights)},
          {"device", device}};
}

}  // namespace

std::string write_json(const introduction& setup, const network_facts& network, const request& asked,
                       const results& found) {
  const json run = run_of(setup, network, asked, found.device);
  json pictures = json::array(), failures = json::array(), left_out = json::array();
  for (const explained_picture& p : found.pictures) {
    json best = json::array(), maps = json::array();
    for (const prediction& b : p.best) {
      best.push_back(class_of(asked.labels, b.label));
      best.back()["probability"] = b.probability;
      best.back()["logit"] = b.score;
    }
    for (const written_map& m : p.maps) {
      maps.push_back(map_of(network, asked, m));
      json certificate = run;
      certificate["file"] = p.file.string();
      certificate["map"] = maps.back();
      write_file(asked.out / m.certificate, text_of(certificate));
    }
    pictures.push_back({{"file", p.file.string()}, {"predictions", best}, {"maps", maps}});
  }
  for (const failed_picture& f : found.failures)
    failures.push_back({{"file", f.file.string()}, {"reason", f.reason}});
  for (const auto& [method, needs] : asked.left_out)
    left_out.push_back({{"method", words_of(method).name}, {"needs", needs}});
  json all = run;
  all["page"] = (asked.out / "index.html").string();
  all["images"] = pictures;
  all["failures"] = failures;
  all["methods_left_out"] = left_out;
  return text_of(all);
}

}  // namespace salient::explainer
