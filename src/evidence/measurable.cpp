// SPDX-License-Identifier: MIT
#include "salient/evidence/measurable.hpp"

#include <array>
#include <bit>
#include <deque>
#include <string>

#include "salient/explainer/asked.hpp"
#include "salient/train/random.hpp"

namespace salient::evidence {
namespace {

constexpr auto smooth_kind = kind_of<methods::smooth<>>;

template <class Method>
constexpr bool has_seed = requires(Method& m) { m.seed; };

constexpr auto all_random =
    with_all_methods([]<class... Methods>() { return std::array{has_seed<Methods>...}; });

constexpr std::size_t place_of(method_kind kind) { return static_cast<std::size_t>(kind); }

/// SmoothGrad's words with those that another statistic changes. Neither statistic has signs.
measurable with_statistic(smooth_statistic statistic) {
  const bool squares = statistic == smooth_statistic::squares;
  method_words words = words_of(smooth_kind);
  words.name = squares ? "smooth_squared" : "var_grad";
  words.title = squares ? "SmoothGrad²" : "VarGrad";
  words.paper = squares ? "Hooker, Erhan, Kindermans, Kim: A Benchmark for Interpretability Methods in Deep "
                          "Neural Networks (2018)"
                        : "Adebayo, Gilmer, Goodfellow, Kim: Local Explanation Methods for Deep Neural "
                          "Networks Lack Sensitivity to Parameter Values (2018)";
  words.link = squares ? "https://arxiv.org/abs/1806.10758" : "https://arxiv.org/abs/1810.03307";
  words.does = squares ? "The mean of the squared gradients at copies of the image with random noise."
                       : "The variance of the gradients at copies of the image with random noise.";
  words.good = "Comes from the samples that SmoothGrad takes.";
  words.bad = "Dozens of forward and backward passes, and drops evidence against the class.";
  words.non_negative = true;
  return {words, all_method_needs[place_of(smooth_kind)], smooth_kind, statistic, kind_of<methods::gradients>,
          true};
}

measurable with_base(std::size_t base, std::deque<std::string>& texts) {
  const method_words& of = all_method_words[base];
  method_words words = words_of(smooth_kind);
  words.name = texts.emplace_back("smooth_" + std::string(of.name));
  words.title = texts.emplace_back("SmoothGrad of " + std::string(of.title));
  words.does = texts.emplace_back("The mean of the maps of " + std::string(of.title) +
                                  " at copies of the image with random noise.");
  words.of_layer = of.of_layer;
  words.non_negative = of.non_negative;
  words.relative = of.relative;
  words.slow = of.slow;
  return {words, all_method_needs[base], smooth_kind, smooth_statistic::mean, method_kind{base}, true};
}

std::vector<measurable> list_all() {
  static std::deque<std::string> texts;  // which do not move
  std::vector<measurable> all;
  for (std::size_t m = 0; m < methods_count; ++m)
    all.push_back({.words = all_method_words[m],
                   .needs = all_method_needs[m],
                   .kind = method_kind{m},
                   .random = all_random[m]});
  all.push_back(with_statistic(smooth_statistic::squares));
  all.push_back(with_statistic(smooth_statistic::variance));
  for (std::size_t m = 0; m < methods_count; ++m)
    if (const method_kind base{m};
        base != kind_of<methods::gradients> && base != smooth_kind && base != kind_of<methods::rise>)
      all.push_back(with_base(m, texts));
  return all;
}

}  // namespace

const std::vector<measurable>& all_measurable() {
  static const std::vector<measurable> all = list_all();
  return all;
}

std::uint64_t seed_of(std::uint64_t run, std::span<const float> image) {
  std::uint64_t hash = random(run).next();
  for (const float pixel : image)
    hash = (hash ^ std::bit_cast<std::uint32_t>(pixel)) * 0x100000001b3U;  // FNV-1a's step, of words
  return random(hash).next();
}

method_settings settings_of(const measurable& m, const tensor& baselines, std::uint64_t seed) {
  method_settings all = explainer::asked_settings();
  auto& smooth = all.of<methods::smooth<>>();
  smooth.statistic = m.statistic;
  smooth.seed = seed;
  all.of<methods::rise>().seed = seed;
  auto& expected = all.of<methods::expected_gradients>();
  expected.seed = seed;
  constexpr auto of_baselines = kind_of<methods::expected_gradients>;
  if (baselines.batch > 0 && (m.kind == of_baselines || m.base == of_baselines))
    expected.baselines = basic_tensor<double>(baselines);
  return all;
}

}  // namespace salient::evidence
