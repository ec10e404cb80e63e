// SPDX-License-Identifier: MIT
// The references of smooth.py, which has the same network, target, seed and numbers of samples and steps.
#include "salient/method/smooth.hpp"

#include <gtest/gtest.h>

#include "golden/reference.hpp"
#include "laws/devices.hpp"
#include "salient/salient.hpp"

namespace salient::golden {
namespace {

using valid = network<input<7, 6, 2>, conv2d<4, 3>, relu, conv2d<3, 2>, relu, flatten, dense<5>>;

constexpr double double_tolerance = 1e-9, float_tolerance = 1e-4;

template <class T, class Device>
void expect_smooth(const Device& device, double tolerance) {
  const auto arrays = read_arrays(folder / "data/smooth.safetensors");
  const auto model = load<valid, T>(folder / "data/valid.weights.safetensors", device);
  const auto images =
      to_tensor<T>(read_arrays(folder / "data/valid.maps.safetensors").at("images")).slice(0, 2);
  std::size_t compared = 0;
  const auto compare = [&](const std::string& base, const auto& method) {
    const auto e = std::get<0>(explain(model, images, logit(2), method));
    const auto expect = [&](const basic_tensor<T>& actual, const std::string& name) {
      EXPECT_EQ(difference(std::span<const T>(actual.values),
                           std::span<const double>(arrays.at(base + " " + name).values), tolerance),
                "")
          << base << " " << name;
      ++compared;
    };
    expect(e.map, "map");
    expect(e.squares, "squares");
    expect(e.variance, "variance");
    expect(e.standard_error, "standard_error");
  };
  constexpr std::uint64_t seed = (std::uint64_t{1} << 33) + 5;
  compare("gradients", methods::smooth<>{.samples = 6, .seed = seed});
  compare("integrated_gradients",
          methods::smooth<methods::integrated_gradients>{
              .base = {.steps = 8, .rule = quadrature::midpoint}, .samples = 6, .seed = seed});
  EXPECT_EQ(compared, arrays.size());
}

TEST(smooth_grad, matches_captums_noise_tunnel_in_double) {
  expect_smooth<double>(cpu(), double_tolerance);
  expect_smooth<double>(cpu_pool(3), double_tolerance);
}

TEST_ON_EVERY_DEVICE(smooth_grad, matches_captums_noise_tunnel_in_float) {
  if constexpr (laws::built_for_gpu)
    if (const gpu* card = laws::tested_gpu()) return expect_smooth<float>(*card, float_tolerance);
  expect_smooth<float>(cpu(), float_tolerance);
  expect_smooth<float>(cpu_pool(3), float_tolerance);
}

}  // namespace
}  // namespace salient::golden
