// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/method/enlarge.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/option.hpp"
#include "salient/method/words.hpp"

namespace salient {

/// What fused makes of several maps, at each pixel.
enum class fusion { mean, maximum };

namespace methods {

namespace detail {

/// Whether a method's maps have the height and width of a layer.
template <class Method>
constexpr bool gives_map_of_layer() {
  if constexpr (requires { Method::words; })
    return Method::words.of_layer;
  else
    return false;
}

/// A requirement of `fused`.
template <class... Methods>
struct maps_of_layers {
  static constexpr std::string_view words = "methods that look at a layer";
  template <class Network>
  static constexpr bool met = (gives_map_of_layer<Methods>() && ...);
  template <class Network>
  static constexpr void demand() {
    static_assert(
        met<Network>,
        "salient: fused combines the maps of layers, as grad_cam gives them; a map with a value for "
        "each pixel cannot be one of them");
  }
};

template <class Method>
constexpr bool gives_no_negative() {
  if constexpr (requires { Method::words; })
    return Method::words.non_negative;
  else
    return false;
}

/// The layer that a method's maps are of, which is not its tap if it runs passes of its own.
template <class Method, class Network>
constexpr int layer_of() {
  if constexpr (requires { typename Method::reads; })
    return Method::reads::template tap<Network>;
  else if constexpr (requires { &Method::base; })
    return layer_of<decltype(Method::base), Network>();
  else
    return Method::template tap<Network>;
}

/// The mean or maximum of maps, in double. For float and double.
template <class T>
class SALIENT_EXPORT fused_maps {
 public:
  fused_maps(fusion how, shape input, long batch);

  /// The sum of a map's channels: a layer's maps as they are drawn. Throws salient::error if a value is not
  /// finite.
  static basic_tensor<T> flat(basic_tensor<T> maps);

  void add(const basic_tensor<T>& map);
  basic_tensor<T> result() const;

 private:
  fusion how_;
  int count_ = 0;
  basic_tensor<double> sum_;
};

}  // namespace detail

/// The mean or maximum of the maps of several layers, or of several methods at layers, each enlarged to the
/// input: `fused<grad_cam<"layer3">, grad_cam<"layer4">>{}`. Of maps with several channels it takes their
/// sum. Methods keep their scales: a method whose maps are larger counts for more.
template <class... Methods>
struct fused {
  static_assert(sizeof...(Methods) > 0, "salient: fused needs at least one method");

  static constexpr method_words words{
      .name = "fused",
      .title = "Fused Layers",
      .paper = "",
      .link = "",
      .does = "The mean or the maximum of several layers' maps, each enlarged to the image.",
      .good = "Late layers say where, early layers how far: together they are finer than the last map alone.",
      .bad =
          "The layers are a choice, and maps of different scales are added as they are: the layer with the "
          "largest values decides.",
      .non_negative = (detail::gives_no_negative<Methods>() && ...),
  };

  std::tuple<Methods...> parts{};  ///< the methods with their options
  fusion combine = fusion::mean;
  map_alignment alignment = map_alignment::stretch;
  salient::interpolation interpolation = salient::interpolation::bilinear;

  using needs = requirements<detail::maps_of_layers<Methods...>, typename Methods::needs...>;
  template <class Network>
  static constexpr std::array<int, salient::detail::count_taps<Network, Methods...>()> taps =
      salient::detail::all_taps<Network, Methods...>();
  template <class Network>
  static constexpr int tap = taps<Network>[0];

  /// Throws salient::error for wrong options of a method.
  template <class Network>
  void validate(long batch) const {
    std::apply([batch](const Methods&... m) { (salient::detail::validate<Network>(m, batch), ...); }, parts);
  }

  fused of_image(long n) const {
    fused one = *this;
    const auto narrow = [n](auto& m) {
      if constexpr (requires { m.of_image(n); }) m = m.of_image(n);
    };
    std::apply([&](Methods&... m) { (narrow(m), ...); }, one.parts);
    return one;
  }

  template <class Query>
  auto operator()(const Query& q) const {
    using network = typename Query::network;
    using fuse = detail::fused_maps<typename Query::scalar>;
    fuse together(combine, network::input_shape, q.batch());
    const auto add = [&]<class Method>(const Method& m) {
      constexpr int layer = std::max(detail::layer_of<Method, network>(), 0);
      together.add(
          enlarge<network>(fuse::flat(salient::detail::run(m, q).map), layer, alignment, interpolation));
    };
    std::apply([&](const Methods&... m) { (add(m), ...); }, parts);
    return q.result(together.result());
  }
};

}  // namespace methods

/// The mean or maximum, at each pixel, of the maps of several layers, each enlarged to the input: N x H x W x
/// 1. `fused<methods::grad_cam<"layer3">, methods::grad_cam<"layer4">>(model, image, logit(7), {.combine =
/// fusion::maximum})`. One forward pass serves all methods that read a layer of it.
template <class... Methods, class Model, class Target = logit>
auto fused(const Model& model, const basic_tensor<typename Model::scalar>& images, const Target& target = {},
           const methods::fused<Methods...>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
