// SPDX-License-Identifier: MIT
#pragma once

// Laws of all networks, whatever their layers.

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "laws/central_differences.hpp"
#include "laws/compose.hpp"
#include "laws/layer_laws.hpp"
#include "laws/method_laws.hpp"
#include "laws/random_network.hpp"

namespace salient::laws {

/// The laws of layers, except for layers with a jumping derivative or inputs that random values do not suit.
template <class Layer>
void layer_obeys(shape in, shape out) {
  if constexpr (requires { Layer::role; })
    if constexpr (Layer::role != layer_role::softmax && Layer::role != layer_role::rectifier)
      layer_laws<Layer>(in, out, 2);
}

/// Each layer of a chain obeys the laws of layers at its shape in the network.
template <class Network>
void layers_obey() {
  boost::hana::unpack(Network::layers, [](auto... types) {
    int i = 0;
    ((layer_obeys<typename decltype(types)::type>(Network::extent(i), Network::extent(i + 1)), ++i), ...);
  });
}

/// Exact integrated gradients are complete up to rounding.
template <class Network>
void is_complete() {
  const cpu device;
  const auto model = random_model<Network, double>(device);
  const auto ig = integrated_gradients(model, random_images<double>(Network::input_shape, 2), logit(2),
                                       exact{.baseline = 0.125F});
  for (std::size_t n = 0; n < 2; ++n)
    EXPECT_LE(ig.relative_gap(n), 1e-10)
        << ig.points[n] << " pieces, " << ig.values[n] - ig.baseline_values[n];
}

/// The mean of CAM over positions is the score minus its bias; Grad-CAM without ReLU is CAM divided by the
/// number of positions.
template <class Network>
void cam_is_the_score() {
  const cpu device;
  const auto model = random_model<Network, double>(device);
  const auto images = random_images<double>(Network::input_shape, 3);
  const auto cam = salient::cam(model, images, logit(1));
  const named_tensor last = random_weights<Network>().back();
  const double bias = last.dimensions.size() == 1 ? static_cast<double>(last.values[1]) : 0.0;
  const auto positions = static_cast<double>(cam.map.extent.positions());
  for (long n = 0; n < 3; ++n) {
    const auto one = cam.map.image(n);
    EXPECT_NEAR(std::accumulate(one.begin(), one.end(), 0.0) / positions + bias,
                cam.values[static_cast<std::size_t>(n)], 1e-12);
  }
  constexpr int pooled = salient::detail::find_pooled_head<Network>().maps;
  if constexpr (applies<methods::grad_cam<pooled>, Network>) {
    auto by_gradients = grad_cam<pooled>(model, images, logit(1), {.relu = false}).map;
    for (double& v : by_gradients.values) v *= positions;
    expect_near(cam.map, by_gradients, 1e-12);
  }
}

/// The first layer's weights with their input channels rotated, like those of images_turned.
inline state_dict weights_turned(state_dict tensors, int channels) {
  for (named_tensor& t : tensors) {
    if (t.dimensions.size() < 2) continue;
    const auto count = static_cast<std::size_t>(channels);
    const auto rest = t.values.size() / static_cast<std::size_t>(t.dimensions[0]) / count;
    for (auto at = t.values.begin(); at != t.values.end(); at += static_cast<std::ptrdiff_t>(count * rest))
      std::rotate(at, at + static_cast<std::ptrdiff_t>(rest), at + static_cast<std::ptrdiff_t>(count * rest));
    break;
  }
  return tensors;
}

template <class T>
basic_tensor<T> channels_turned(basic_tensor<T> images) {
  const auto count = static_cast<std::ptrdiff_t>(images.extent.channels);
  for (auto at = images.values.begin(); at != images.values.end(); at += count)
    std::rotate(at, at + 1, at + count);
  return images;
}

/// Permuting input channels and weights leaves the scores unchanged and permutes the maps.
template <class Network>
void channels_permute() {
  const cpu device;
  const auto images = random_images<double>(Network::input_shape, 2);
  const auto weights = random_weights<Network>();
  using model_type = model<Network, cpu, double>;
  const auto maps = [&](const model_type& m, const basic_tensor<double>& x) {
    return explain(m, x, logit(0), methods::gradients{}, methods::guided_backprop{},
                   methods::integrated_gradients{.steps = 7});
  };
  const model_type plain(device, weights),
      turned(device, weights_turned(weights, Network::input_shape.channels));
  const auto [g, gb, ig] = maps(plain, images);
  const auto [g2, gb2, ig2] = maps(turned, channels_turned(images));
  expect_near(g.scores, g2.scores, 1e-12);
  expect_near(channels_turned(g.map), g2.map, 1e-12);
  expect_near(channels_turned(gb.map), gb2.map, 1e-12);
  expect_near(channels_turned(ig.map), ig2.map, 1e-12);
}

/// Batches and devices agree for every method that applies.
template <class Network>
void methods_obey() {
  const auto obey = [](const auto& method) {
    if constexpr (applies<std::remove_cvref_t<decltype(method)>, Network>) {
      batch_equals_singles<Network>(method);
      devices_agree<Network>(method);
    }
  };
  obey(methods::gradients{});
  obey(methods::deconvolution<>{});
  obey(methods::guided_grad_cam<>{});
}

/// All laws, for TEST_ON_EVERY_DEVICE. On a GPU, only those about devices.
template <class Network>
void network_laws() {
  if (tested_gpu()) {
    layers_obey<Network>();
    return methods_obey<Network>();
  }
  inputs_differentiate<Network>(cpu{});
  parameters_differentiate<Network>(cpu{});
  layers_obey<Network>();
  passes_compose_anywhere<Network>();
  is_complete<Network>();
  if constexpr (pooled_head<Network>) cam_is_the_score<Network>();
  if constexpr (has_activation<Network>) channels_permute<Network>();
  methods_obey<Network>();
}

/// The laws on the networks drawn from seeds First to Last.
template <std::uint64_t First, std::uint64_t Last>
void random_network_laws() {
  boost::hana::for_each(
      boost::hana::make_range(boost::hana::ullong_c<First>, boost::hana::ullong_c<Last + 1>), [](auto seed) {
        constexpr std::uint64_t chosen = decltype(seed)::value;
        using drawn_network = random_network<chosen>;
        SCOPED_TRACE("seed " + std::to_string(chosen) + ": " + describe<drawn_network>());
        for (int a = 0; a <= drawn_network::size; ++a)
          EXPECT_TRUE(drawn_network::extent(a) == recipe_of<chosen>.shapes[static_cast<std::size_t>(a)])
              << "the shape of activation " << a;
        network_laws<drawn_network>();
      });
}

}  // namespace salient::laws
