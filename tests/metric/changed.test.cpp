// SPDX-License-Identifier: MIT
#include <fstream>

#include <nlohmann/json.hpp>

#include "metric/maps.hpp"
#include "salient/metrics.hpp"
#include "salient/salient.hpp"

namespace salient::metrics {
namespace {

/// changed.json, which generate_changed.py writes from captum's, pytorch-grad-cam's and Quantus' results.
const nlohmann::json& references() {
  static const auto all = [] {
    std::ifstream in(SALIENT_SOURCE_DIR "/tests/metric/changed.json");
    return nlohmann::json::parse(in);
  }();
  return all;
}

template <class T = double>
basic_tensor<T> read(const nlohmann::json& stored) {
  const std::vector<int> s = stored["shape"];
  basic_tensor<T> map({s[1], s[2], s[3]}, s[0]);
  map.values = stored["values"].get<std::vector<T>>();
  return map;
}

std::uint64_t seed() { return references()["seed"]; }
std::uint32_t first() { return references()["first"]; }
std::vector<int> classes() { return references()["classes"]; }

using classifier = network<input<6, 8, 2>, conv2d<4, 3>, relu, flatten, dense<3>>;

state_dict state_of(const nlohmann::json& tensors) {
  state_dict weights;
  for (const auto& [name, w] : tensors.items())
    weights.push_back({name, w["shape"].get<std::vector<long>>(), w["values"].get<std::vector<float>>()});
  return weights;
}

template <class T = double>
model<classifier, cpu, T> stored_model(const cpu& device) {
  const std::vector<double> mean = references()["mean"], deviation = references()["deviation"];
  return {device,
          state_of(references()["weights"]),
          {.mean = {mean[0], mean[1]}, .deviation = {deviation[0], deviation[1]}}};
}

void expect(const values& actual, const nlohmann::json& expected, double tolerance) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t n = 0; n < actual.size(); ++n) {
    ASSERT_TRUE(actual[n]);
    EXPECT_NEAR(*actual[n] / expected[n].get<double>(), 1, tolerance) << "image " << n;
  }
}

template <class T>
void expect_infidelities(double tolerance) {
  const cpu device;
  const auto m = stored_model<T>(device);
  const auto images = read<T>(references()["images"]);
  for (const auto& c : references()["infidelity"]) {
    const infidelity_options options{
        .change = c["kind"] == "noise" ? infidelity_change::noise : infidelity_change::removal,
        .deviation = c["deviation"],
        .side = c["side"].get<int>(),
        .baseline = c["baseline"],
        .samples = c["samples"],
        .seed = seed(),
        .first = first()};
    const infidelities found = infidelity(m, images, read<T>(c["maps"]), logit(classes()), options);
    expect(found.mean, c["mean"], tolerance);
    expect(found.standard_error, c["standard_error"], tolerance);
    expect(found.scaled, c["scaled"], tolerance);
    expect(found.unexplained, c["unexplained"], tolerance);
  }
  EXPECT_EQ(references()["infidelity"].size(), 6u);
}

TEST(changed, infidelity_is_captums) {
  expect_infidelities<double>(1e-10);
  expect_infidelities<float>(1e-4);
}

TEST(changed, max_sensitivity_is_captums) {
  const cpu device;
  const auto m = stored_model(device);
  const auto images = read(references()["images"]);
  const auto& c = references()["sensitivity"];
  const sensitivity_options options{
      .radius = c["radius"], .samples = c["samples"], .seed = seed(), .first = first()};
  expect(max_sensitivity(m, images, methods::gradients{}, logit(classes()), options), c["gradients"], 1e-10);
  expect(max_sensitivity(m, images, methods::gradients_x_input{}, logit(classes()), options),
         c["gradients_x_input"], 1e-10);
}

TEST(changed, cascading_randomisation_is_quantuss) {
  const cpu device;
  auto m = stored_model(device);
  const auto& c = references()["randomisation"];
  const auto found = cascading_randomisation(m, read(references()["images"]), methods::gradients{},
                                             [&](std::uint64_t) { return state_of(c["random"]); });
  ASSERT_EQ(found.size(), 2u);
  for (std::size_t step = 0; step < 2; ++step) {
    expect(found[step].ranks, c["ranks"][step], 1e-10);
    expect(found[step].magnitudes, c["magnitudes"][step], 1e-10);
  }
}

TEST(changed, imputation_is_pytorch_grad_cams) {
  for (const auto& c : references()["imputation"]) {
    const imputation options{.noise = c["noise"], .seed = seed(), .first = first()};
    const auto filled = read(c["filled"]);
    const auto wide = impute(read(references()["images"]), read<float>(c["removed"]), options);
    const auto narrow = impute(read<float>(references()["images"]), read<float>(c["removed"]), options);
    ASSERT_EQ(wide.values.size(), filled.values.size());
    for (std::size_t i = 0; i < filled.values.size(); ++i) {
      EXPECT_NEAR(wide.values[i], filled.values[i], 1e-12) << i;
      EXPECT_NEAR(narrow.values[i], filled.values[i], 1e-7) << i;
    }
  }
  EXPECT_EQ(references()["imputation"].size(), 3u);
}

TEST(changed, road_follows_the_imputed_images) {
  const cpu device;
  const auto m = stored_model(device);
  const auto images = read(references()["images"]);
  const auto& c = references()["road"];
  for (const auto order : {removal_order::most_relevant_first, removal_order::least_relevant_first}) {
    const auto& expected =
        c[order == removal_order::most_relevant_first ? "most_relevant_first" : "least_relevant_first"];
    const auto curves = road(m, images, read(c["maps"]), probability(classes()),
                             {.order = order,
                              .steps = c["steps"],
                              .most = c["most"],
                              .fill = {.noise = c["noise"], .seed = seed(), .first = first()}});
    ASSERT_EQ(curves.size(), 2u);
    for (std::size_t n = 0; n < 2; ++n) {
      ASSERT_EQ(curves[n].values.size(), expected[n]["values"].size());
      for (std::size_t k = 0; k < curves[n].values.size(); ++k)
        EXPECT_NEAR(curves[n].values[k], expected[n]["values"][k].get<double>(), 1e-12) << k;
      EXPECT_NEAR(*curves[n].area, expected[n]["area"].get<double>(), 1e-12);
    }
  }
}

}  // namespace
}  // namespace salient::metrics
