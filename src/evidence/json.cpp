// SPDX-License-Identifier: MIT
#include "evidence/json.hpp"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "evidence/claims.hpp"
#include "evidence/comparisons.hpp"
#include "evidence/times.hpp"
#include "explainer/options_json.hpp"
#include "salient/explainer/asked.hpp"
#include "salient/explainer/numbers.hpp"

namespace salient::evidence {
namespace {

using json = nlohmann::ordered_json;

json estimate_to(const metrics::estimate& e) {
  json to{{"mean", e.mean ? json(*e.mean) : json()}};
  to["interval"] = e.within ? json::array({e.within->low, e.within->high}) : json();
  to["images"] = e.count;
  to["undefined"] = e.undefined;
  return to;
}

/// Figures that were measured; `rank` adds what only methods have.
template <class Rank>
json figures_to(const measured& m, const Rank& rank) {
  json to = json::object();
  for (std::size_t f = 0; f < figures_count; ++f) {
    if (m.of[f].empty()) continue;
    json& one = to[std::string(all_figures[f].name)] = estimate_to(estimate_of(m, figure{f}));
    rank(figure{f}, one);
  }
  return to;
}

json options_to(const measurable& m, const results& r) {
  json to = explainer::options_json(settings_of(m, {}, 0), m.kind);
  if (to.contains("seed")) to["seed"] = "of the run's seed and the image";
  if (m.kind == kind_of<methods::smooth<>>) to["base"] = words_of(m.base).name;
  constexpr auto of_baselines = kind_of<methods::expected_gradients>;
  if (m.kind == of_baselines || m.base == of_baselines) {
    to["baselines"] =
        std::vector(r.of.names.begin(), r.of.names.begin() + std::min(most_baselines, r.of.images.batch));
    to.erase("baseline");
  }
  return to;
}

json method_to(const results& r, const network_results& n, std::size_t m) {
  const method_words& words = all_measurable()[m].words;
  json to{{"name", words.name}, {"title", words.title}};
  to["score"] = all_measurable()[m].kind == kind_of<methods::rise> ? "probability" : "logit";
  to["options"] = options_to(all_measurable()[m], r);
  to["figures"] = figures_to(*n.methods[m], [&](figure f, json& one) {
    const int rank = rank_of(n, m, f);
    one["rank"] = rank > 0 ? json(rank) : json();
  });
  json verdicts = json::object();
  for (const claim& c : all_claims) {
    const verdict v = judge(c.holds, estimate_of(*n.methods[m], c.stands));
    verdicts[std::string(c.name)] = v == verdict::no_figure ? json() : json(word_of(v));
  }
  to["claims"] = verdicts;
  return to;
}

json network_to(const results& r, const network_results& n) {
  json methods = json::array(), left_out = json::array(), examples = json::array();
  for (const std::size_t m : r.methods) {
    const method_words& words = all_measurable()[m].words;
    if (n.methods[m])
      methods.push_back(method_to(r, n, m));
    else
      left_out.push_back({{"method", words.name}, {"needs", all_measurable()[m].needs}});
  }
  for (const example& e : n.examples)
    examples.push_back({{"title", e.title},
                        {"image", r.of.names[e.image]},
                        {"label", r.of.labels[e.image] >= 0 ? json(r.of.labels[e.image]) : json()},
                        {"predicted", e.predicted}});
  return {{"name", n.name},
          {"weights_sha256", n.weights},
          {"structure_sha256", n.structure},
          {"parameters", n.parameters},
          {"accuracy", n.accuracy ? json(*n.accuracy) : json()},
          {"pairs", n.pairs},
          {"pairs_recognised", n.recognised},
          {"methods", methods},
          {"random_values", figures_to(n.control, [](auto, json&) {})},
          {"examples", examples},
          {"methods_left_out", left_out}};
}

json summary_to(const results& r) {
  json all = json::array();
  for (const std::size_t m : r.methods) {
    json one{{"method", all_measurable()[m].words.name}};
    for (const claim& c : all_claims) {
      const std::string_view word = word_on_all(r, m, c);
      one[std::string(c.name)] = word.empty() ? json() : json(word);
    }
    all.push_back(one);
  }
  return all;
}

/// How the interval of a mean is found.
std::string interval_of(const metrics::scale& values) {
  using kinds = metrics::scale::kinds;
  if (values.kind == kinds::share) return "Wilson's";
  if (values.kind == kinds::any) return "Student's t";
  return "Student's t, from " + explainer::number(values.low) +
         (values.high < std::numeric_limits<double>::infinity() ? " to " + explainer::number(values.high)
                                                                : " up");
}

json words_to() {
  json figures = json::array();
  for (const figure_words& f : all_figures)
    figures.push_back({{"name", f.name},
                       {"title", f.title},
                       {"measures", f.does},
                       {"interval", interval_of(f.values)},
                       {"better", f.direction == better::none      ? json()
                                  : f.direction == better::smaller ? json("smaller")
                                                                   : json("larger")}});
  return figures;
}

json claims_to() {
  json claims = json::array();
  for (const claim& c : all_claims)
    claims.push_back({{"name", c.name},
                      {"sentence", c.sentence},
                      {"figure", words_of(c.stands).name},
                      {"holds", c.holds.beyond ? (c.holds.at_least ? "above" : "below")
                                               : (c.holds.at_least ? "at least" : "at most")},
                      {"threshold", c.holds.threshold},
                      {"why", c.why}});
  return claims;
}

json comparisons_to(const results& r) {
  json all = json::array();
  for (const comparison& c : all_comparisons()) {
    json networks = json::array();
    for (const network_results& n : r.networks)
      if (const verdict v = judge(n, c); v != verdict::no_figure)
        networks.push_back(
            {{"network", n.name}, {"holds", word_of(v)}, {"difference", estimate_to(difference_of(n, c))}});
    if (!networks.empty())
      all.push_back({{"method", c.method},
                     {"other", c.other},
                     {"sentence", c.sentence},
                     {"figure", words_of(c.stands).name},
                     {"says", c.more ? "more" : "less"},
                     {"networks", networks}});
  }
  return all;
}

json times_to(const results& r) {
  json all = json::array(), differ = json::array();
  for (const network_results& n : r.networks)
    for (const std::size_t m : r.methods) {
      if (!n.methods[m]) continue;
      const auto time = median_time(n.methods[m]->milliseconds);
      const auto factor = slowness(n, m);
      const verdict v = judge(slow_rule, factor);
      all.push_back({{"network", n.name},
                     {"method", all_measurable()[m].words.name},
                     {"milliseconds", time ? json(*time) : json()},
                     {"bytes", n.methods[m]->bytes},
                     {"times_the_fastest", estimate_to(factor)},
                     {"slow", v == verdict::no_figure ? json() : json(word_of(v))}});
    }
  for (const slow_difference& d : slow_differences(r)) {
    json where = json::array();
    for (const network_results* n : d.networks) where.push_back(n->name);
    differ.push_back({{"method", all_measurable()[d.method].words.name},
                      {"words", d.said ? "say so" : "do not say so"},
                      {"figures_differ_on", where}});
  }
  return {{"device", r.device},
          {"slow_is", slow_sentence},
          {"slow_threshold", slow_rule.threshold},
          {"maps", all},
          {"words_and_figures_differ", differ}};
}

}  // namespace

std::string json_of(const results& r) {
  json networks = json::array(), differ = json::array();
  for (const network_results& n : r.networks) networks.push_back(network_to(r, n));
  for (const difference& d : differences(r)) {
    json where = json::array();
    for (const network_results* n : d.networks) where.push_back(n->name);
    differ.push_back({{"method", all_measurable()[d.method].words.name},
                      {"claim", d.claim->name},
                      {"words", d.said ? "say so" : "deny it"},
                      {"figures_differ_on", where}});
  }
  const json all{{"program", "salient-evidence"},
                 {"salient", SALIENT_VERSION},
                 {"seed", r.seed},
                 {"images", r.of.names},
                 {"figures", words_to()},
                 {"claims", claims_to()},
                 {"on_all_networks", summary_to(r)},
                 {"networks", networks},
                 {"comparisons", comparisons_to(r)},
                 {"words_and_figures_differ", differ},
                 {"times", times_to(r)}};
  return all.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace salient::evidence
