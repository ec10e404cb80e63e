// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdio>

#include "common/namespace.hpp"
#include "gallery/dependence.hpp"
#include "gallery/figures.hpp"
#include "salient/explainer/numbers.hpp"

namespace gallery {
namespace {

std::string rounded(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string time_text(double milliseconds) {
  return milliseconds < 1 ? rounded(1000 * milliseconds, 0) + " µs" : rounded(milliseconds, 1) + " ms";
}

std::string size_text(const salient::shape& s) {
  return std::to_string(s.height) + " × " + std::to_string(s.width);
}

/// Share of the maps' absolute values that lies on pixels that are not black.
double share_on_ink(const salient::tensor& maps, const salient::tensor& images) {
  double ink = 0, all = 0;
  for (std::size_t i = 0; i < maps.values.size(); ++i) {
    const double weight = std::abs(maps.values[i]);
    all += weight;
    if (images.values[i] > 0) ink += weight;
  }
  return all > 0 ? ink / all : 0;
}

double share_of_zeros(const salient::tensor& maps) {
  std::size_t zeros = 0;
  for (const float v : maps.values) zeros += v == 0;
  return static_cast<double>(zeros) / static_cast<double>(maps.values.size());
}

/// The mean of |gap| / |difference|.
double relative_gap(const std::vector<float>& gaps, const std::vector<float>& differences) {
  apps::mean all;
  for (std::size_t n = 0; n < gaps.size(); ++n)
    if (differences[n] != 0) all.add(std::abs(gaps[n] / differences[n]));
  return all.value();
}

/// Measurements that not every method has.
std::vector<salient::fact> peculiar(const results& r, std::size_t method) {
  namespace methods = salient::methods;
  const salient::method_words& words = salient::all_method_words[method];
  const salient::tensor& maps = r.methods[method].rows;
  if (method == place<methods::gradients_x_input>)
    return {{"Adds up?", "Its sum misses the change of the score from a black image by " +
                             apps::percent(relative_gap(r.sums.product_gaps, r.sums.differences)) +
                             " on average."}};
  if (method == place<methods::integrated_gradients>)
    return {{"Adds up?", "After 50 steps the sum misses the change of the score from a black image by " +
                             apps::percent(relative_gap(r.sums.gaps, r.sums.differences)) +
                             " on average: the completeness gap."}};
  if (words.non_negative) return {{"Empty", apps::percent(share_of_zeros(maps)) + " of all positions."}};
  if (words.of_layer) return {};
  return {{"On the ink", apps::percent(share_on_ink(maps, r.images)) +
                             " of the map, in absolute value, lies on pixels that are not black; these are " +
                             apps::percent(1 - share_of_zeros(r.images)) + " of all."}};
}

}  // namespace

std::vector<salient::fact> measured(const results& r, std::size_t method) {
  const method_result& of = r.methods[method];
  const auto classes = static_cast<long>(r.focus_probabilities.size());
  const apps::mean alike = class_correlation(of.targets, classes, 0, r.images.batch);
  std::vector<salient::fact> facts{
      {"Here", "Asked of " + of.network + "; a map has " + size_text(of.rows.extent) + " values."},
      {"Time", time_text(of.milliseconds) + " a map on " + r.device + ", forward pass included."},
      {"Classes",
       "Maps of two classes of one digit correlate by " + correlation_text(alike) + " on average."}};
  const auto more = peculiar(r, method);
  facts.insert(facts.end(), more.begin(), more.end());
  return facts;
}

salient::table dependence_table(const results& r) {
  const auto classes = static_cast<long>(r.focus_probabilities.size());
  salient::table t{
      "Mean correlation of two maps, over all digits shown. 1: the same map; 0: nothing in common; below "
      "0: what speaks for the one speaks against the other.",
      {"Method", "Of two classes", "Of two digits"},
      {}};
  for (std::size_t m = 0; m < salient::methods_count; ++m) {
    const salient::tensor& maps = r.methods[m].targets;
    t.rows.push_back({std::string(salient::all_method_words[m].title),
                      correlation_text(class_correlation(maps, classes, 0, r.images.batch)),
                      correlation_text(image_correlation(maps, classes, r.images.batch))});
  }
  return t;
}

std::string dependence_verdict(const results& r) {
  constexpr double same = 0.6, apart = 0.3, blurred = 0.4;
  const auto classes = static_cast<long>(r.focus_probabilities.size());
  const auto add = [](std::string& list, std::string_view name, const apps::mean& alike) {
    list += (list.empty() ? "" : ", ") + std::string(name) + " (" + correlation_text(alike) + ")";
  };
  std::string hardly, between, clearly, blind;
  for (std::size_t m = 0; m < salient::methods_count; ++m) {
    const std::string_view name = salient::all_method_words[m].title;
    const apps::mean by_class = class_correlation(r.methods[m].targets, classes, 0, r.images.batch);
    const apps::mean by_image = image_correlation(r.methods[m].targets, classes, r.images.batch);
    if (by_class.count() > 0)
      add(by_class.value() >= same ? hardly : by_class.value() >= apart ? between : clearly, name, by_class);
    if (by_image.count() > 0 && by_image.value() >= blurred) add(blind, name, by_image);
  }
  std::string text;
  if (!hardly.empty()) text += "Hardly dependent on the class: " + hardly + ". ";
  if (!between.empty()) text += "In between: " + between + ". ";
  if (!clearly.empty()) text += "Clearly different for each class: " + clearly + ".";
  if (!blind.empty())
    text +=
        "\n\nTwo different digits get similar maps, if asked about one class, from " + blind +
        ". Such a map shows what the network looks for in the class rather than what it found in this image.";
  return text;
}

std::vector<salient::fact> network_layers(const results& r) {
  std::vector<salient::fact> all;
  for (const network_row& n : r.networks) all.push_back({n.name, n.layers});
  return all;
}

salient::table network_table(const results& r) {
  const auto kib = [](std::size_t bytes) {
    return bytes < 1024 * 1024 ? rounded(static_cast<double>(bytes) / 1024, 0) + " KiB"
                               : rounded(static_cast<double>(bytes) / (1024 * 1024), 1) + " MiB";
  };
  salient::table t{"Accuracy was measured in this run, on " + std::to_string(r.test_images) +
                       " test digits. Memory is what a pass over one image needs besides the parameters, a "
                       "constant known when the program was compiled.",
                   {"Network", "Parameters", "Accuracy", "Memory, forward", "Memory, maps"},
                   {}};
  for (const network_row& n : r.networks)
    t.rows.push_back({n.name, std::to_string(n.parameters), apps::percent(n.accuracy), kib(n.forward_bytes),
                      kib(n.saliency_bytes)});
  return t;
}

}  // namespace gallery
