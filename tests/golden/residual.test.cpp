// SPDX-License-Identifier: MIT
// The references of residual.py, which has the same network, class, seed and options.
#include "golden/residual.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "laws/devices.hpp"

namespace salient::golden {
namespace {

constexpr double double_tolerance = 1e-9, float_tolerance = 1e-4;
constexpr int about = 2;

template <class T, class Device>
void expect_residual(const Device& device, double tolerance) {
  const auto inputs = read_arrays(folder / "data/perturbations.safetensors");
  const auto all = read_arrays(folder / "data/residual.safetensors");
  const model<residual, Device, T> m(device, residual_weights(inputs));
  const auto images = to_tensor<T>(inputs.at("residual images"));
  std::size_t compared = 0;
  const auto expect = [&](const std::string& name, const basic_tensor<T>& actual) {
    EXPECT_EQ(difference(std::span<const T>(actual.values), std::span<const double>(all.at(name).values),
                         tolerance),
              "")
        << name;
    ++compared;
  };

  const auto at_layer = [&]<layer_id Layer>(const std::string& where) {
    const auto [hires, layer, plus, cross, eigen, product, conductance, influence] =
        explain(m, images, logit(about), methods::hires_cam<Layer>{}, methods::layer_cam<Layer>{},
                methods::grad_cam_plus_plus<Layer>{}, methods::xgrad_cam<Layer>{},
                methods::eigen_cam<Layer>{}, methods::layer_gradient_x_activation<Layer>{},
                methods::layer_conductance<Layer>{.steps = 4, .rule = quadrature::midpoint},
                methods::internal_influence<Layer>{.steps = 4, .rule = quadrature::midpoint});
    expect("hires_cam " + where, hires.map);
    expect("layer_cam " + where, layer.map);
    expect("grad_cam_plus_plus " + where, plus.map);
    expect("xgrad_cam " + where, cross.map);
    expect("eigen_cam " + where, eigen.map);
    expect("layer_gradient_x_activation " + where, product.map);
    expect("layer_conductance " + where, conductance.map);
    expect("internal_influence " + where, influence.map);
  };
  at_layer.template operator()<"joined">("joined");
  at_layer.template operator()<default_layer>("features");

  expect("occlusion",
         occlusion(m, images, logit(about), {.window = size{3, 2}, .stride = size{2, 1}, .baseline = 0}).map);
  const auto smoothed =
      smooth_grad(m, images, logit(about), {.samples = 6, .seed = (std::uint64_t{1} << 33) + 5});
  expect("smooth_grad map", smoothed.map);
  expect("smooth_grad squares", smoothed.squares);
  expect("smooth_grad variance", smoothed.variance);
  expect("smooth_grad standard_error", smoothed.standard_error);
  EXPECT_EQ(compared, all.size()) << "the file has maps that were not compared";
}

TEST(residual, methods_match_their_definitions_in_double) {
  expect_residual<double>(cpu(), double_tolerance);
}

TEST_ON_EVERY_DEVICE(residual, methods_match_their_definitions_in_float) {
  if constexpr (laws::built_for_gpu)
    if (const gpu* card = laws::tested_gpu()) return expect_residual<float>(*card, float_tolerance);
  expect_residual<float>(cpu_pool(3), float_tolerance);
}

}  // namespace
}  // namespace salient::golden
