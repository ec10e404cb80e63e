// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "metric/maps.hpp"
#include "salient/metrics.hpp"
#include "salient/salient.hpp"

namespace salient::metrics {
namespace {

/// references.json, which generate.py writes from other libraries' results.
const nlohmann::json& references() {
  static const auto all = [] {
    std::ifstream in(SALIENT_SOURCE_DIR "/tests/metric/references.json");
    return nlohmann::json::parse(in);
  }();
  return all;
}

template <class T = double>
basic_tensor<T> read(const nlohmann::json& stored) {
  const std::vector<int> s = stored["shape"];
  basic_tensor<T> map(s.size() == 4 ? shape{s[1], s[2], s[3]} : shape{s[0], s[1], s[2]},
                      s.size() == 4 ? s[0] : 1);
  map.values = stored["values"].get<std::vector<T>>();
  return map;
}

/// A value of an image, in double and, where the inputs are exact, in float.
void expect(const values& actual, const nlohmann::json& expected, double tolerance) {
  ASSERT_EQ(actual.size(), 1u);
  ASSERT_TRUE(actual[0]);
  EXPECT_NEAR(*actual[0], expected.get<double>(), tolerance);
}

TEST(references, of_maps_alone) {
  for (const auto& c : references()["alone"]) {
    expect(sparseness(read(c["map"])), c["sparseness"], 1e-12);
    expect(sparseness(read<float>(c["map"])), c["sparseness"], 1e-12);
    expect(complexity(read(c["map"])), c["complexity"], 1e-12);
    expect(complexity(read<float>(c["map"])), c["complexity"], 1e-12);
    expect(total_variation(read(c["map"])), c["total_variation"], 1e-12);
    expect(total_variation(read<float>(c["map"])), c["total_variation"], 1e-12);
  }
  EXPECT_EQ(references()["alone"].size(), 4u);
}

TEST(references, of_effective_resolution) {
  for (const auto& c : references()["resolutions"]) {
    const double sigma = c["sigma"];
    expect(effective_resolution(read(c["map"])), c["sigma"], 1e-3 * sigma);
    expect(effective_resolution(read<float>(c["map"])), c["sigma"], 1e-3 * sigma);
  }
  EXPECT_EQ(references()["resolutions"].size(), 3u);
}

TEST(references, of_correlations) {
  for (const auto& c : references()["pairs"]) {
    expect(pearson(read(c["a"]), read(c["b"])), c["pearson"], 1e-12);
    expect(pearson(read<float>(c["a"]), read<float>(c["b"])), c["pearson"], 1e-12);
    expect(spearman(read(c["a"]), read(c["b"])), c["spearman"], 1e-12);
    expect(spearman(read<float>(c["a"]), read<float>(c["b"])), c["spearman"], 1e-12);
  }
  EXPECT_EQ(references()["pairs"].size(), 2u);
}

TEST(references, of_structural_similarity) {
  for (const auto& c : references()["pictures"]) {
    const double range = c["range"];
    expect(structural_similarity(read(c["a"]), read(c["b"])), c["similarity"], 1e-12);
    expect(structural_similarity(read(c["a"]), read(c["b"]), range), c["similarity_in_range"], 1e-12);
    expect(structural_similarity(read<float>(c["a"]), read<float>(c["b"])), c["similarity"], 1e-12);
  }
  EXPECT_EQ(references()["pictures"].size(), 2u);
}

TEST(references, of_metrics_with_masks) {
  for (const auto& c : references()["masks"]) {
    const auto mask = read<float>(c["mask"]);
    expect(pointing_game(read(c["map"]), mask), c["pointing"], 0);
    expect(relevance_mass_accuracy(read(c["map"]), mask), c["mass"], 1e-12);
    expect(relevance_rank_accuracy(read(c["map"]), mask), c["rank"], 1e-12);
  }
  EXPECT_EQ(references()["masks"].size(), 3u);
}

TEST(references, of_metrics_of_a_network) {
  using classifier = network<input<6, 8, 2>, flatten, dense<3>>;
  const auto& c = references()["network"];
  const std::vector<double> mean = c["mean"], deviation = c["deviation"];
  const cpu device;
  const model<classifier, cpu, double> m(
      device,
      {{"1.weight", {3, 96}, c["weight"]["values"].get<std::vector<float>>()},
       {"1.bias", {3}, c["bias"]["values"].get<std::vector<float>>()}},
      {.mean = {mean[0], mean[1]}, .deviation = {deviation[0], deviation[1]}});
  const auto images = read(c["images"]);
  for (const auto& one : c["cases"]) {
    const probability target(one["classes"].get<std::vector<int>>());
    const auto maps = read(one["maps"]);
    const values removed = areas(deletion(m, images, maps, target, {.steps = c["steps"]}));
    const values inserted =
        areas(insertion(m, images, maps, target, {.steps = c["steps"], .blur = c["blur"]}));
    const confidences confidence = explained_confidence(m, images, maps, target);
    for (std::size_t n = 0; n < 2; ++n) {
      // torch-cam's shares are in float32.
      expect({removed[n]}, one["deletion"][n], 1e-7);
      expect({inserted[n]}, one["insertion"][n], 1e-7);
      expect({average_drop(confidence)[n]}, one["drop"][n], 1e-12);
      expect({increase_in_confidence(confidence)[n]}, one["increase"][n], 0);
    }
  }
  EXPECT_EQ(c["cases"].size(), 4u);
}

TEST(references, of_intervals) {
  for (const auto& c : references()["quantiles"])
    EXPECT_NEAR(detail::student_t(c["level"], c["freedom"]) / c["t"].get<double>(), 1, 1e-12);
  EXPECT_EQ(references()["quantiles"].size(), 27u);
  for (const auto& c : references()["samples"]) {
    const std::vector<double> sample = c["sample"];
    const estimate e = mean_over_images(values(sample.begin(), sample.end()));
    EXPECT_NEAR(e.within->low, c["low"].get<double>(), 1e-12);
    EXPECT_NEAR(e.within->high, c["high"].get<double>(), 1e-12);
  }
  EXPECT_EQ(references()["samples"].size(), 3u);
}

TEST(references, of_intervals_of_shares) {
  for (const auto& c : references()["shares"]) {
    values counted(c["n"].get<std::size_t>(), 0);
    std::fill_n(counted.begin(), c["k"].get<std::ptrdiff_t>(), 1);
    const auto expect_interval = [&](const scale& of, const nlohmann::json& expected) {
      const estimate e = mean_over_images(counted, of, c["level"]);
      EXPECT_NEAR(e.within->low, expected[0].get<double>(), 1e-12) << c;
      EXPECT_NEAR(e.within->high, expected[1].get<double>(), 1e-12) << c;
    };
    expect_interval(share, c["wilson"]);
    if (!c["exact"].is_null()) expect_interval(between(0, 1), c["exact"]);
  }
  EXPECT_EQ(references()["shares"].size(), 18u);
}

}  // namespace
}  // namespace salient::metrics
