// SPDX-License-Identifier: MIT
// The references of perturbations.py, which has the same networks, class, seed and options.
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "golden/reference.hpp"
#include "golden/residual.hpp"
#include "laws/devices.hpp"
#include "salient/salient.hpp"

namespace salient::golden {
namespace {

using valid = network<input<7, 6, 2>, conv2d<4, 3>, relu, conv2d<3, 2>, relu, flatten, dense<5>>;

constexpr double double_tolerance = 1e-9, float_tolerance = 1e-4;
constexpr int about = 2;
constexpr std::uint64_t seed = (std::uint64_t{1} << 33) + 5;

using arrays = std::map<std::string, array>;

/// Compares the methods of a network with what the file has of them; returns how much that was.
template <class Model>
class comparison {
  using scalar = typename Model::scalar;

 public:
  comparison(const arrays& all, std::string name, const Model& model, const basic_tensor<scalar>& images,
             double tolerance)
      : all_(all), name_(std::move(name)), model_(model), images_(images), tolerance_(tolerance) {}

  template <layer_id Layer>
  void at_layer(const std::string& where) {
    cams<methods::score_cam<Layer>>("score_cam " + where);
    cams<methods::ablation_cam<Layer>>("ablation_cam " + where);
  }

  void rises() {
    estimate("rise logit", logit(about), {.masks = 6, .seed = seed});
    estimate("rise probability", probability(about), {.masks = 5, .cells = 3, .kept = 0.3, .seed = seed});
  }

  std::size_t compared() const { return compared_; }

 private:
  template <class Method>
  void cams(const std::string& what) {
    expect(what + " logit", std::get<0>(explain(model_, images_, logit(about), Method{})).map);
    expect(what + " logit signed",
           std::get<0>(explain(model_, images_, logit(about), Method{.relu = false})).map);
    expect(what + " probability", std::get<0>(explain(model_, images_, probability(about), Method{})).map);
  }

  template <class Target>
  void estimate(const std::string& what, const Target& target, const methods::rise& options) {
    const auto e = rise(model_, images_, target, options);
    expect(what, e.map);
    expect(what + " error", e.standard_error);
  }

  void expect(const std::string& what, const basic_tensor<scalar>& actual) {
    const std::string key = name_ + " " + what;
    EXPECT_EQ(difference(std::span<const scalar>(actual.values), std::span<const double>(all_.at(key).values),
                         tolerance_),
              "")
        << key;
    ++compared_;
  }

  const arrays& all_;
  std::string name_;
  const Model& model_;
  const basic_tensor<scalar>& images_;
  double tolerance_;
  std::size_t compared_ = 0;
};

template <class T, class Device>
void expect_perturbations(const Device& device, double tolerance) {
  const arrays all = read_arrays(folder / "data/perturbations.safetensors");
  std::size_t compared = 0;
  {
    const auto m = load<valid, T>(folder / "data/valid.weights.safetensors", device);
    const auto images =
        to_tensor<T>(read_arrays(folder / "data/valid.maps.safetensors").at("images")).slice(0, 2);
    comparison c(all, "valid", m, images, tolerance);
    c.template at_layer<1>("0");
    c.template at_layer<default_layer>("3");
    c.rises();
    compared += c.compared();
  }
  const state_dict weights = residual_weights(all);
  const auto images = to_tensor<T>(all.at("residual images"));
  const model<residual, Device, T> m(device, weights);
  comparison c(all, "residual", m, images, tolerance);
  c.template at_layer<"joined">("joined");
  c.template at_layer<"features">("features");
  c.rises();
  compared += c.compared();
  EXPECT_EQ(compared, all.size() - weights.size() - 1) << "the file has maps that were not compared";
}

TEST(perturbations, match_their_definitions_in_double) {
  expect_perturbations<double>(cpu(), double_tolerance);
  expect_perturbations<double>(cpu_pool(3), double_tolerance);
}

TEST_ON_EVERY_DEVICE(perturbations, match_their_definitions_in_float) {
  if constexpr (laws::built_for_gpu)
    if (const gpu* card = laws::tested_gpu()) return expect_perturbations<float>(*card, float_tolerance);
  expect_perturbations<float>(cpu(), float_tolerance);
  expect_perturbations<float>(cpu_pool(3), float_tolerance);
}

}  // namespace
}  // namespace salient::golden
