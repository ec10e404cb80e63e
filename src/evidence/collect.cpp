// SPDX-License-Identifier: MIT
#include "evidence/collect.hpp"

#include <optional>

#include "evidence/measure.hpp"
#include "evidence/typical.hpp"
#include "explainer/structure.hpp"
#include "io/sha256.hpp"
#include "salient/core/scores.hpp"
#include "salient/explainer/numbers.hpp"
#include "salient/explainer/progress.hpp"

namespace salient::evidence {
namespace {

/// The part of the store that is no method's.
constexpr const char* control_name = "random values";

std::string text_of(const channel_values& v) {
  std::string text;
  for (std::size_t k = 0; k < v.count; ++k) text += explainer::number(v.values[k]) + " ";
  return text + ";";
}

/// Of the images whose class is known.
std::optional<double> accuracy(const std::vector<int>& labels, const std::vector<int>& predicted) {
  double right = 0, all = 0;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] >= 0) right += labels[i] == predicted[i], ++all;
  return all > 0 ? std::optional(right / all) : std::nullopt;
}

example example_of(subject& network, const std::vector<std::size_t>& methods, const questions& about,
                   std::string title, std::size_t image) {
  example e{std::move(title), image, about.predicted[image], std::vector<tensor>(measurable_count)};
  for (const std::size_t m : methods)
    if (network.applies(m))
      e.maps[m] = network.ask(m, about.images.slice(static_cast<long>(image), 1), {e.predicted}).maps;
  return e;
}

}  // namespace

run_key key_of(const request& asked, const sample& of) {
  std::string arithmetic = asked.where.device == explainer::device_kind::gpu ? "gpu" : "cpu";
  switch (asked.where.kernels) {
    case implementation::fastest:
      arithmetic += ", fastest";
      break;
    case implementation::direct:
      arithmetic += ", direct";
      break;
    case implementation::eigen:
      arithmetic += ", eigen";
      break;
  }
  if (asked.where.arithmetic == precision::tf32) arithmetic += ", tf32";
  std::string all = explainer::number(asked.reads.range) + ";" + text_of(asked.reads.mean) +
                    text_of(asked.reads.deviation) +
                    (asked.reads.order == channel_order::bgr ? "bgr" : "rgb");
  for (const int label : of.labels) all += " " + std::to_string(label);
  all.append(reinterpret_cast<const char*>(of.images.values.data()), of.images.values.size() * sizeof(float));
  return {static_cast<std::uint64_t>(asked.seed), of.images.batch, arithmetic, hash_of(all), SALIENT_VERSION};
}

void collect(const std::vector<opened_network>& networks, store& parts, results& r) {
  explainer::progress progress;
  for (const auto& [name, weights, classes, open] : networks) {
    network_results n;
    n.name = name;
    n.weights = salient::detail::sha256_of_file(weights);
    n.classes = classes;
    const auto network = open();
    n.parameters = network->parameters();
    n.structure = salient::detail::sha256(explainer::structure_text(network->graph()));
    n.layers = network->layers();
    const questions about = prepare(*network, r.of, r.seed, [&](long done, long all) {
      progress.show(name + ": removing pixels one by one", done, all);
    });
    n.pairs = about.pairs.pairs;
    n.recognised = about.pairs.images.batch;
    n.accuracy = accuracy(r.of.labels, about.predicted);

    const auto part = [&](const std::string& method, const auto& make) {
      const part_key key{name, n.weights, method};
      if (const measured* found = parts.find(key)) return *found;
      measured made = make();
      parts.keep(key, made);
      return made;
    };
    n.control = part(control_name, [&] { return measure_control(*network, about); });
    for (const std::size_t m : r.methods) {
      n.applies[m] = network->applies(m);
      if (!n.applies[m]) continue;
      const method_words& words = all_measurable()[m].words;
      n.methods[m] = part(std::string(words.name), [&] {
        return measure(*network, m, about, n.control, [&](long done, long all) {
          progress.show(name + ", " + std::string(words.title), done, all);
        });
      });
    }
    const extremes found = find_extremes(n, r.of.labels.size());
    n.examples.push_back(example_of(*network, r.methods, about, "Most typical", found.typical));
    n.examples.push_back(example_of(*network, r.methods, about, "Most different", found.different));
    r.networks.push_back(std::move(n));
  }
}

}  // namespace salient::evidence
