// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "salient/method/layer_id.hpp"
#include "salient/method/requirements.hpp"

namespace salient {

namespace detail {

/// The texts, as "a, b and c".
template <std::size_t Capacity, std::size_t Count>
constexpr auto joined(const std::array<std::string_view, Count>& texts) {
  struct {
    std::array<char, Capacity> letters{};
    std::size_t length = 0;
  } all;
  const auto add = [&](std::string_view text) {
    std::ranges::copy(text, all.letters.begin() + static_cast<std::ptrdiff_t>(all.length));
    all.length += text.size();
  };
  auto left = static_cast<std::size_t>(std::ranges::count_if(texts, [](auto t) { return !t.empty(); }));
  for (const std::string_view text : texts) {
    if (text.empty()) continue;
    if (all.length > 0) add(left == 1 ? " and " : ", ");
    add(text);
    --left;
  }
  return all;
}

}  // namespace detail

/// What a saliency method needs of a network. Whether the method applies, the compiler's message and the
/// words of programs all follow from this list. A requirement has
/// - `met<Network>`, a constant;
/// - `words`, which completes "needs ...";
/// - `demand<Network>()`, whose static_assert says what is missing. (In C++20 its message must be a literal,
/// so
///   it cannot be made of `words`.)
template <class... Requirements>
struct requirements {
  template <class Network>
  static constexpr bool met = (Requirements::template met<Network> && ...);

  template <class Network>
  static constexpr void demand() {
    (Requirements::template demand<Network>(), ...);
  }

 private:
  static constexpr std::size_t capacity = ((Requirements::words.size() + 5) + ... + 1);
  static constexpr auto all = detail::joined<capacity>(std::array{std::string_view(Requirements::words)...});
  template <class Network>
  static constexpr auto unmet = detail::joined<capacity>(
      std::array{Requirements::template met<Network> ? std::string_view() : Requirements::words...});

 public:
  static constexpr std::string_view words{all.letters.data(), all.length};
  /// The words of those that the network does not meet; empty if it meets all.
  template <class Network>
  static constexpr std::string_view missing{unmet<Network>.letters.data(), unmet<Network>.length};
};

/// Whether the network has what the method needs.
template <class Method, class Network>
inline constexpr bool applies = Method::needs::template met<Network>;

namespace need {

struct class_scores {
  static constexpr std::string_view words = "a vector of class scores";
  template <class Network>
  static constexpr bool met = differentiable<Network>;
  template <class Network>
  static constexpr void demand() {
    static_assert(met<Network>, "salient: this method needs a network that ends in a vector of class scores");
  }
};

struct activation {
  static constexpr std::string_view words = "an activation such as a ReLU";
  template <class Network>
  static constexpr bool met = has_activation<Network>;
  template <class Network>
  static constexpr void demand() {
    static_assert(met<Network>,
                  "salient: this method needs a network with a ReLU or another activation; without one it "
                  "would give gradients, so use gradients");
  }
};

struct convolution {
  static constexpr std::string_view words = "a convolution";
  template <class Network>
  static constexpr bool met = has_convolution<Network>;
  template <class Network>
  static constexpr void demand() {
    static_assert(met<Network>, "salient: this method needs a network with a convolution");
  }
};

/// A layer that exists, and whose output has positions.
template <layer_id Layer>
struct spatial_layer {
  static constexpr std::string_view words = "a layer with a spatial output";
  template <class Network>
  static constexpr bool met = salient::spatial_layer<Network, Layer>;
  template <class Network>
  static constexpr void demand() {
    static_assert(!Layer.by_default() || has_convolution<Network>,
                  "salient: this method needs a network with a convolution, or a layer with a spatial output "
                  "named as its template argument");
    static_assert(Layer.by_default() || chosen_activation<Network, Layer> != -2,
                  "salient: several layers of the network have this name");
    static_assert(
        Layer.by_default() || chosen_activation<Network, Layer> == -2 || names_layer<Network, Layer>,
        "salient: the network has no layer of this name, and no activation of this number");
    static_assert(!names_layer<Network, Layer> || met<Network>,
                  "salient: this method needs a layer with a spatial output (more than one position); this "
                  "layer's is a vector");
  }
};

/// Passes may then start there, and know nothing of what came before.
template <layer_id Layer>
struct crossed_layer {
  static constexpr std::string_view words = "a layer that every path crosses";
  /// Not for want of the layer, which spatial_layer tells.
  template <class Network>
  static constexpr bool met = [] {
    if constexpr (names_layer<Network, Layer>)
      return Network::every_path_crosses(chosen_activation<Network, Layer>);
    else
      return true;
  }();
  template <class Network>
  static constexpr void demand() {
    static_assert(met<Network>,
                  "salient: this method runs the network from the layer on alone, so every path from the "
                  "input to the scores must cross it; name a layer where the branches have met");
  }
};

struct pooled_head {
  static constexpr std::string_view words =
      "a network that ends in a global average pool and one dense layer";
  template <class Network>
  static constexpr bool met = salient::pooled_head<Network>;
  template <class Network>
  static constexpr void demand() {
    static_assert(met<Network>,
                  "salient: CAM needs a network that ends in global_avg_pool, dense (and softmax); use "
                  "grad_cam, or cam<cam_weights::activation_mean>, which does not depend on the class");
  }
};

struct piecewise_linear {
  static constexpr std::string_view words = "no layers but linear ones, ReLUs and max-pools";
  template <class Network>
  static constexpr bool met = salient::piecewise_linear<Network>;
  template <class Network>
  static constexpr void demand() {
    static_assert(met<Network>,
                  "salient: exact integrated gradients need a network of linear layers, ReLUs and max-pools; "
                  "use steps");
  }
};

}  // namespace need

}  // namespace salient
