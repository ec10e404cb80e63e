// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include "golden/families/references.hpp"
#include "golden/reference.hpp"
#include "salient/device/cpu.hpp"
#include "salient/graph/model.hpp"
#include "salient/method/deconvolution.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/grad_cam.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/guided_backprop.hpp"
#include "salient/method/integrated_gradients.hpp"

namespace salient::golden {

inline constexpr double exact = 1e-9, rounded = 1e-4;  // what double and float are held to

/// What the references are of, in the order of the methods below.
inline constexpr std::array family_maps{
    "gradients", "integrated_gradients", "guided_backprop", "deconvolution", "grad_cam", "grad_cam_inside"};

inline const nlohmann::json& reference_at(const nlohmann::json& network, shape input) {
  return network.at(std::to_string(input.height) + "x" + std::to_string(input.width));
}

template <class T>
double tolerance_of(const nlohmann::json& digest) {
  if (std::is_same_v<T, double>) return exact;
  return std::max(rounded, 4 * digest.value("float32_doubt", 0.0));
}

template <class T>
void compare(const std::string& what, const nlohmann::json& digest, const basic_tensor<T>& map) {
  SCOPED_TRACE(what);
  const shape s = map.extent;
  EXPECT_EQ((std::vector<int>{s.height, s.width, s.channels}), digest["shape"].get<std::vector<int>>());
  if (static_cast<long>(map.values.size()) != s.elements()) FAIL() << "not one image's map";
  const distance d = distance_from(digest, std::vector<double>(map.values.begin(), map.values.end()));
  std::cout << std::setprecision(1) << std::scientific << "  " << what << ": samples " << d.samples
            << ", products " << d.projections << ", norm " << d.norm << '\n';
  expect_close(d, tolerance_of<T>(digest));
  if (digest.contains("values")) {  // of a small graph, all of them
    const std::vector<double> values = digest["values"];
    EXPECT_EQ(
        difference(std::span<const T>(map.values), std::span<const double>(values), tolerance_of<T>(digest)),
        "");
  }
}

/// The scores of a network, and every method's map, in T.
template <class Network, layer_id Inner, class T>
void expect_maps(const nlohmann::json& reference) {
  const auto& expected = reference_at(reference, Network::input_shape);
  const cpu device;
  const model<Network, cpu, T> model(
      device, formula_stream(Network::parameter_table, expected.at("exponents")), preprocessing{});
  const int c = expected.at("class");
  const auto results =
      explain(model, formula_image<T>(Network::input_shape), logit(c), methods::gradients{},
              methods::integrated_gradients{.steps = 20, .baseline = 0.0}, methods::guided_backprop{},
              methods::deconvolution<>{}, methods::grad_cam<>{}, methods::grad_cam<Inner>{});
  const std::string scalar = std::is_same_v<T, double> ? " in double" : " in float";
  compare("scores" + scalar, expected.at("scores"), std::get<0>(results).scores);
  std::apply(
      [&](const auto&... result) {
        std::size_t i = 0;
        ((compare(family_maps[i] + scalar, expected.at(family_maps[i]), result.map), ++i), ...);
      },
      results);
}

/// A network at a small size: all maps in double and in float. And at its own, if that is another one, the
/// scores in float.
template <class Network, layer_id Inner, int Height = 64, int Width = 80>
void expect_references(const std::string& name) {
  const nlohmann::json& reference = family_references().at(name);
  using small = network_of<input<Height, Width, Network::input_shape.channels>, typename Network::structure>;
  expect_maps<small, Inner, double>(reference);
  expect_maps<small, Inner, float>(reference);
  if constexpr (Network::input_shape != small::input_shape) {
    const nlohmann::json& expected = reference_at(reference, Network::input_shape);
    const cpu device;
    const model<Network, cpu, float> model(
        device, formula_stream(Network::parameter_table, expected.at("exponents")), preprocessing{});
    session<salient::model<Network, cpu, float>, pass::forward> session(model);
    session.forward(formula_image<float>(Network::input_shape));
    compare("scores at its own size", expected.at("scores"), session.scores());
  }
}

}  // namespace salient::golden
