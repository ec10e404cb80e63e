// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <tuple>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/size.hpp"
#include "salient/method/covered_inputs.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/option.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {

/// With the default sizes for what is not given. Throws salient::error for a window larger than the image, or
/// a stride that would leave gaps.
SALIENT_EXPORT windows make_windows(shape image, const std::optional<size>& window,
                                    const std::optional<size>& stride);

/// Throws salient::error if the baseline is not finite.
SALIENT_EXPORT void check_occlusion(double baseline);

}  // namespace detail

struct occlusion {
  static constexpr method_words words{
      .name = "occlusion",
      .title = "Occlusion",
      .paper = "Zeiler, Fergus: Visualizing and Understanding Convolutional Networks (2013)",
      .link = "https://arxiv.org/abs/1311.2901",
      .does =
          "Covers a window of the image and looks how far the score falls, for windows all over the image. "
          "Each position gets the mean over the windows that cover it.",
      .good = "Needs no gradient: it asks the network itself. Signed, separates classes, and easy to follow.",
      .bad =
          "A forward pass for every window, or what the window reaches of it. As coarse as the window, whose "
          "size is a choice, and a covered "
          "window is an image that the network was not trained on.",
  };

  std::optional<salient::size> window{};  ///< in pixels; by default 15x15, and 4x4 for images below 64 pixels
  std::optional<salient::size>
      stride{};         ///< at most the window; by default 8, and 2 for images below 64 pixels
  double baseline = 0;  ///< what covers the window: a value of the network's input, after preprocessing
  /// Bytes of device memory for the windows that run together.
  long budget = 64L << 20;

  static constexpr auto options = std::tuple{
      method_option{"window",
                    "Pixels of the window that is covered; 15x15, or 4x4 below 64 pixels, if not given",
                    &occlusion::window},
      method_option{"stride", "Pixels between windows; 8, or 2 below 64 pixels, if not given",
                    &occlusion::stride},
      method_option{"baseline", "What covers the window: a value of the network input",
                    &occlusion::baseline}};

  using needs = gradients::needs;
  template <class Network>
  static constexpr int tap = 0;

  /// Throws salient::error for a window larger than the image, a stride that would leave gaps, or a baseline
  /// that is not finite.
  template <class Network>
  void validate(long) const {
    detail::make_windows(Network::input_shape, window, stride);
    detail::check_occlusion(baseline);
  }

  template <class Query>
  auto operator()(const Query& q) const {
    using scalar = typename Query::scalar;
    constexpr shape extent = Query::network::input_shape;
    const detail::windows all = detail::make_windows(extent, window, stride);
    const auto inputs = q.activation(0);
    auto result = q.result(basic_tensor<scalar>({extent.height, extent.width, 1}, q.batch()));
    detail::covered_inputs covered_inputs(q, all, static_cast<scalar>(baseline), budget);
    const auto place = [](int y, int x) { return static_cast<std::size_t>(long{y} * extent.width + x); };
    std::vector<double> sums(static_cast<std::size_t>(extent.positions())), covered(sums.size());
    for (long n = 0; n < q.batch(); ++n) {
      const auto value = static_cast<double>(result.values[static_cast<std::size_t>(n)]);
      std::ranges::fill(sums, 0.0);
      std::ranges::fill(covered, 0.0);
      covered_inputs.run(n, inputs.image(n), [&](long k, scalar at_window) {
        const double fall = value - static_cast<double>(at_window);
        all.for_each_position(k, [&](int y, int x) { sums[place(y, x)] += fall, ++covered[place(y, x)]; });
      });
      const auto map = result.map.image(n);
      for (std::size_t i = 0; i < map.size(); ++i) map[i] = static_cast<scalar>(sums[i] / covered[i]);
    }
    return result;
  }
};

}  // namespace methods

/// How far the target's value falls when a window of the image is covered, with windows all over the image
/// and their overlaps averaged: N x H x W x 1, for a window covers all channels. Zeiler and Fergus 2014,
/// arXiv:1311.2901.
///
/// On a CPU a pass computes only what its window can change, as receptive fields tell: by
/// implementation::direct with the bits of a whole pass; by Winograd's algorithm, whose tiles lie elsewhere
/// in a crop, equal up to rounding. That needs the activations of the uncovered image in host memory.
template <class Model, class Target = logit>
auto occlusion(const Model& model, const basic_tensor<typename Model::scalar>& images,
               const Target& target = {}, const methods::occlusion& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
