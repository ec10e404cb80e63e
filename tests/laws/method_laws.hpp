// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include <gtest/gtest.h>

#include "laws/devices.hpp"
#include "laws/random_model.hpp"
#include "salient/salient.hpp"

namespace salient::laws {

/// Small networks with every kind of layer; a law must hold for all of them.
using dense_net = network<input<3, 4, 2>, flatten, dense<9>, relu, dense<5>>;
using conv_net = network<input<7, 6, 2>, conv2d<4, 3>, relu,
                         named<"features", conv2d<3, size{2, 3}, with{.padding = padding::same}>>, relu,
                         flatten, dense<5>>;
using pooling_net =
    network<input<11, 9, 3>, conv2d<4, 3, with{.stride = 2, .padding = 1}>, relu,
            named<"features", max_pool<2, with{.stride = 1}>>, conv2d<6, 3, with{.padding = padding::same}>,
            relu, avg_pool<2>, flatten, dense<4>, softmax>;
using pooled_net = network<input<8, 10, 1>, conv2d<4, 3>, relu, named<"features", conv2d<6, 3>>, relu,
                           global_avg_pool, flatten, dense<5>>;
using pooled_softmax_net = network<input<8, 10, 2>, conv2d<5, size{1, 3}>, relu, max_pool<2>,
                                   named<"features", conv2d<6, 2>>, global_avg_pool, dense<3>, softmax>;

/// Calls body.operator()<Network>() for each of these networks.
template <class F>
void for_each_network(const F& body) {
  body.template operator()<dense_net>();
  body.template operator()<conv_net>();
  body.template operator()<pooling_net>();
  body.template operator()<pooled_net>();
  body.template operator()<pooled_softmax_net>();
}

/// Equal up to a fraction of the largest magnitude of either.
template <class A, class B>
void expect_near(std::span<const A> a, std::span<const B> b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  double largest = 1e-30, worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_TRUE(std::isfinite(a[i]) && std::isfinite(b[i])) << "element " << i;
    largest = std::max({largest, std::abs(static_cast<double>(a[i])), std::abs(static_cast<double>(b[i]))});
    worst = std::max(worst, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  }
  EXPECT_LE(worst, tolerance * largest) << "largest magnitude " << largest;
}

template <class T>
void expect_near(const basic_tensor<T>& a, const basic_tensor<T>& b, double tolerance) {
  ASSERT_TRUE(a.extent == b.extent);
  expect_near(std::span<const T>(a.values), std::span<const T>(b.values), tolerance);
}

template <class T>
bool all_zero(const basic_tensor<T>& t) {
  return std::ranges::all_of(t.values, [](T v) { return v == 0; });
}

/// Tolerance between a GPU's float32 and the CPU's, and between a batch and single images on a GPU: it sums
/// in other orders and fuses multiplications with additions.
inline constexpr double gpu_tolerance = 1e-4;

/// A batch of n images gives the maps of n single images, each with its own target.
template <class Network, class T, class Method, class Device>
void batch_equals_singles_on(const Device& device, const Method& method, double tolerance) {
  const auto model = random_model<Network, T>(device);
  const auto images = random_images<T>(Network::input_shape, 3);
  const std::vector<int> classes{1, 0, 2};
  const auto together = std::get<0>(explain(model, images, logit(classes), method));
  ASSERT_EQ(together.map.batch, 3);
  EXPECT_EQ(together.classes, classes);
  for (long n = 0; n < 3; ++n) {
    SCOPED_TRACE("image " + std::to_string(n));
    basic_tensor<T> one(Network::input_shape);
    std::ranges::copy(images.image(n), one.values.begin());
    const auto alone = std::get<0>(explain(model, one, logit(classes[static_cast<std::size_t>(n)]), method));
    expect_near(std::span<const T>(alone.map.values), together.map.image(n), tolerance);
    EXPECT_NEAR(alone.values[0], together.values[static_cast<std::size_t>(n)], tolerance);
  }
}

template <class Network, class Method>
void batch_equals_singles(const Method& method) {
  if constexpr (built_for_gpu)
    if (const gpu* card = tested_gpu())
      return batch_equals_singles_on<Network, float>(*card, method, gpu_tolerance);
  batch_equals_singles_on<Network, double>(cpu{}, method, 1e-12);
  batch_equals_singles_on<Network, float>(cpu{}, method, 0);  // bit for bit with the direct kernels
}

/// All devices give the same map: bit for bit for any number of threads, because the direct kernels' results
/// do not depend on how the work is shared.
template <class Network, class Method>
void devices_agree(const Method& method) {
  const cpu one;
  const auto images = random_images<float>(Network::input_shape, 4);
  const auto expected = std::get<0>(explain(random_model<Network>(one), images, logit(1), method));
  if constexpr (built_for_gpu)
    if (const gpu* card = tested_gpu()) {
      const auto actual = std::get<0>(explain(random_model<Network>(*card), images, logit(1), method));
      return expect_near(expected.map, actual.map, gpu_tolerance);
    }
  for (const int threads : {1, 2, 3}) {
    SCOPED_TRACE(std::to_string(threads) + " threads");
    const cpu_pool pool(threads);
    const auto actual = std::get<0>(explain(random_model<Network>(pool), images, logit(1), method));
    EXPECT_EQ(expected.map.values, actual.map.values);
  }
  const cpu reference(implementation::eigen);
  const auto by_eigen = std::get<0>(explain(random_model<Network>(reference), images, logit(1), method));
  expect_near(expected.map, by_eigen.map, 1e-5);
}

/// float32 gives the map of double within its precision.
template <class Network, class Method>
void scalars_agree(const Method& method) {
  const cpu device;
  const auto images = random_images<float>(Network::input_shape, 2);
  basic_tensor<double> same(images.extent, images.batch);
  std::ranges::copy(images.values, same.values.begin());
  const auto narrow_on = [&](const auto& d) {
    return std::get<0>(explain(random_model<Network>(d), images, logit(1), method));
  };
  const auto narrow = [&] {
    if constexpr (built_for_gpu)
      if (const gpu* card = tested_gpu()) return narrow_on(*card);
    return narrow_on(device);
  }();
  const auto wide = std::get<0>(explain(random_model<Network, double>(device), same, logit(1), method));
  expect_near(std::span<const float>(narrow.map.values), std::span<const double>(wide.map.values), 1e-4);
}

/// Maps refer to the network's input: preprocessing the images by hand gives the same map.
template <class Network, class Method>
void maps_are_of_the_networks_input(const Method& method) {
  constexpr preprocessing p{.range = 2, .mean = 0.25, .deviation = 0.5};
  const cpu device;
  const auto weights = random_weights<Network>();
  const auto images = random_images<float>(Network::input_shape, 2);
  const model<Network> plain(device, weights), told(device, weights, p);
  const auto by_hand = std::get<0>(explain(plain, preprocess(p, images), logit(1), method));
  const auto by_model = std::get<0>(explain(told, images, logit(1), method));
  EXPECT_EQ(by_model.map.values, by_hand.map.values);
  EXPECT_EQ(by_model.values, by_hand.values);
}

/// All laws above on every network that the method applies to, for TEST_ON_EVERY_DEVICE.
template <class Method>
void method_laws(const Method& method) {
  int networks = 0;
  for_each_network([&]<class Network>() {
    if constexpr (applies<Method, Network>) {
      SCOPED_TRACE("network " + std::to_string(networks++));
      batch_equals_singles<Network>(method);
      devices_agree<Network>(method);
      scalars_agree<Network>(method);
      maps_are_of_the_networks_input<Network>(method);
    }
  });
  EXPECT_GT(networks, 0);
}

}  // namespace salient::laws
