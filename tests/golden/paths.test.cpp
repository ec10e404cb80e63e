// SPDX-License-Identifier: MIT
// The references of paths.py, which has the same cases: the three methods whose paths are not straight lines
// from one baseline.
#include <gtest/gtest.h>

#include "golden/reference.hpp"
#include "laws/devices.hpp"
#include "salient/layer/block.hpp"
#include "salient/layer/named.hpp"
#include "salient/salient.hpp"

namespace salient::golden {
namespace {

using valid = network<input<7, 6, 2>, conv2d<4, 3>, relu, conv2d<3, 2>, relu, flatten, dense<5>>;
using preprocessed = network<input<7, 6, 2, preprocessing{.mean = {0.25, -0.5}, .deviation = {0.5, 2.0}}>,
                             conv2d<4, 3>, relu, conv2d<3, 2>, relu, flatten, dense<5>>;
using residual = network<input<6, 5, 2>, named<"stem", conv2d<4, 3, with{.padding = 1}>>, relu,
                         sum<identity, sequence<named<"branch", conv2d<4, 3, with{.padding = 1}>>, relu>>,
                         flatten, named<"fc", dense<5>>>;

constexpr double double_tolerance = 1e-9, float_tolerance = 1e-4;

template <class T, class Device>
class comparison {
 public:
  comparison(const Device& device, double tolerance) : device_(device), tolerance_(tolerance) {}

  void run() {
    compare(load<valid, T>(folder / "data/valid.weights.safetensors", device_), "valid");
    compare(load<preprocessed, T>(folder / "data/valid.weights.safetensors", device_), "preprocessed");
    state_dict weights;
    for (const auto& [name, a] : arrays_)
      if (constexpr std::string_view start = "residual weight "; name.starts_with(start)) {
        weights.push_back({name.substr(start.size()), a.dimensions, {a.values.begin(), a.values.end()}});
        ++compared_;
      }
    compare(model<residual, Device, T>(device_, weights), "residual");
    EXPECT_EQ(compared_, arrays_.size());
  }

 private:
  void expect(std::span<const T> actual, const std::string& name) {
    ASSERT_TRUE(arrays_.contains(name)) << name;
    EXPECT_EQ(difference(actual, std::span<const double>(arrays_.at(name).values), tolerance_), "") << name;
    ++compared_;
  }

  template <class Model>
  void compare(const Model& m, const std::string& network) {
    const auto images = to_tensor<T>(arrays_.at(network + " images"));
    const auto baselines = to_tensor<double>(arrays_.at(network + " baselines"));
    compared_ += 2;
    const auto complete = [&](const std::string& name, const auto& method) {
      const auto e = std::get<0>(explain(m, images, logit(2), method));
      expect(e.map.values, network + " " + name);
      expect(e.baseline_values, network + " " + name + " baseline_values");
    };
    using guided = methods::guided_integrated_gradients;
    complete("guided_ig", guided{});
    complete("guided_ig free", guided{.steps = 23, .fraction = 0.1, .distance = 1});
    complete("guided_ig from 0.25", guided{.steps = 40, .fraction = 0.5, .distance = 0.1, .baseline = 0.25});
    complete("guided_ig from image", guided{.steps = 30, .baseline_image = baselines.slice(0, 1)});
    using blur = methods::blur_integrated_gradients;
    complete("blur_ig", blur{});
    complete("blur_ig narrow", blur{.sigma = 1.7, .steps = 12});
    complete("blur_ig sqrt", blur{.sigma = 4, .steps = 15, .sqrt_spacing = true});
    const auto random = [&](const std::string& name, methods::expected_gradients method) {
      method.samples = 9;
      method.seed = (std::uint64_t{1} << 33) + 5;
      const auto e = std::get<0>(explain(m, images, logit(2), method));
      expect(e.map.values, network + " " + name);
      expect(e.standard_error.values, network + " " + name + " standard_error");
    };
    random("expected_gradients", {});
    random("expected_gradients from 0.25", {.baseline = 0.25});
    random("expected_gradients from images", {.baselines = baselines});
  }

  const Device& device_;
  double tolerance_;
  std::map<std::string, array> arrays_ = read_arrays(folder / "data/paths.safetensors");
  std::size_t compared_ = 0;
};

TEST(paths, match_the_packages_of_their_authors_in_double) {
  const cpu one;
  comparison<double, cpu>(one, double_tolerance).run();
  const cpu_pool pool(3);
  comparison<double, cpu_pool>(pool, double_tolerance).run();
}

TEST_ON_EVERY_DEVICE(paths, match_the_packages_of_their_authors_in_float) {
  if constexpr (laws::built_for_gpu)
    if (const gpu* card = laws::tested_gpu()) return comparison<float, gpu>(*card, float_tolerance).run();
  const cpu one;
  comparison<float, cpu>(one, float_tolerance).run();
  const cpu_pool pool(3);
  comparison<float, cpu_pool>(pool, float_tolerance).run();
}

}  // namespace
}  // namespace salient::golden
