// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <boost/hana/for_each.hpp>

#include "salient/networks/resnet.hpp"
#include "salient/salient.hpp"

/// The five classifiers of handwritten digits that the demos explain, trained by salient-train.
namespace salient::digits {

using image = input<28, 28, 1>;

using perceptron = network<image, flatten, dense<128>, relu, dense<10>>;

using cnn = network<image, conv2d<16, 3>, relu, named<"features", conv2d<32, 3>>, relu, flatten, dense<10>>;

using deep_cnn = network<
    image, conv2d<16, 3, with{.padding = padding::same}>, relu, conv2d<16, 3, with{.padding = padding::same}>,
    relu, max_pool<2>, conv2d<32, 3, with{.padding = padding::same}>, relu,
    named<"features", conv2d<32, 3, with{.padding = padding::same}>>, relu, max_pool<2>, flatten, dense<10>>;

using pooled_cnn = network<image, conv2d<16, 3>, relu, conv2d<32, 3>, relu, max_pool<2>,
                           conv2d<64, 3, with{.padding = padding::same}>, relu,
                           named<"features", conv2d<64, 3, with{.padding = padding::same}>>, relu,
                           global_avg_pool, flatten, dense<10>>;

/// Four residual blocks: one at full, two at half and one at a quarter of the resolution
/// (He et al. 2015, arXiv:1512.03385).
using resnet = network<image, named<"conv1", conv2d<16, 3, with{.padding = 1, .bias = false}>>,
                       named<"bn1", batch_norm<>>, relu, named<"layer1", networks::basic_stage<16, 1, 1>>,
                       named<"layer2", networks::basic_stage<32, 2, 2>>,
                       named<"layer3", networks::basic_stage<64, 1, 2>>, named<"avgpool", global_avg_pool>,
                       flatten, named<"fc", dense<10>>>;

/// A network and its name on the command line.
template <class Network>
struct entry {
  using network = Network;
  std::string_view name;
};

inline constexpr auto networks =
    boost::hana::make_tuple(entry<perceptron>{"perceptron"}, entry<cnn>{"cnn"}, entry<deep_cnn>{"deep_cnn"},
                            entry<pooled_cnn>{"pooled_cnn"}, entry<resnet>{"resnet"});

/// Calls body.operator()<Network>() for the network with this name. Throws salient::error, which lists the
/// names, if there is none.
template <class F>
void with_network(std::string_view name, const F& body) {
  bool found = false;
  std::string names;
  boost::hana::for_each(networks, [&](const auto& e) {
    names += (names.empty() ? "" : ", ") + std::string(e.name);
    if (e.name != name) return;
    found = true;
    body.template operator()<typename std::remove_cvref_t<decltype(e)>::network>();
  });
  if (!found) throw error("there is no network '" + std::string(name) + "'; choose one of " + names);
}

}  // namespace salient::digits
