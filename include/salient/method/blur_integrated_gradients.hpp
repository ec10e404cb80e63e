// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "salient/core/blur.hpp"
#include "salient/core/export.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/input_gradients.hpp"
#include "salient/method/integrated_gradients.hpp"
#include "salient/method/line_integral.hpp"
#include "salient/method/option.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {

/// The derivative by the width of a blur is a difference of two blurs whose widths differ by this.
inline constexpr double blur_difference = 0.01;
inline constexpr double widest_blur_path = widest_blur - 1;

struct blur_options {
  double sigma;
  int steps;
  bool sqrt_spacing;
};

/// Throws salient::error for an option that is out of range.
SALIENT_EXPORT void check_blur(const blur_options&);

/// The widths of the blurs: from 0 to sigma, one more than there are steps.
SALIENT_EXPORT std::vector<double> blur_widths(const blur_options&);

/// The blurs of images, one after the other. Its workspace is taken once.
class SALIENT_EXPORT blurs {
 public:
  /// `sigma`: of the widest blur.
  blurs(shape extent, double sigma);
  ~blurs();

  /// Writes the blurred input, and how fast each value changes with sigma. For float and double.
  template <class T>
  void write(std::span<const double> input, double sigma, std::span<T> blurred, std::span<double> speed);

 private:
  struct workspace;
  std::unique_ptr<workspace> own_;
};

}  // namespace detail

/// Integrated gradients along Gaussian blurs of the network's input, from the widest to none: the path needs
/// no baseline of another colour.
///
/// Blurs find zeros of the network's input beyond the border, so that the widest blur of a small image is
/// nearly zero. The steps of an image run together as the budget allows. The completeness gap shrinks with
/// the steps to what the finite difference leaves, which is taken 0.01 pixels ahead of the gradient.
struct blur_integrated_gradients {
  static constexpr method_words words{
      .name = "blur_ig",
      .title = "Blur Integrated Gradients",
      .paper = "Xu, Venugopalan, Sundararajan: Attribution in Scale and Space (2020)",
      .link = "https://arxiv.org/abs/2004.03383",
      .does =
          "Integrated Gradients along blurs of the image, from a wide one to the image itself. The values "
          "add up to the change of the score since the widest blur.",
      .good =
          "Needs no baseline colour, and what appears along the path are details, at one scale after "
          "another.",
      .bad =
          "Dozens of forward and backward passes, and two blurs for each. Details finer than the first step "
          "are missed, which the completeness gap shows.",
  };

  double sigma = 50;  ///< of the widest blur, in pixels: above 0, at most 9,999
  int steps = 100;    ///< 1 to 100,000
  /// Steps that change the variance of the blur equally, and so are wide where the blur is narrow: sigma
  /// times the square root of equal steps. Wide blurs then leave a large gap: details vanish within the first
  /// step. By default the steps change sigma equally.
  bool sqrt_spacing = false;
  /// Bytes of device memory for the steps that run together; one runs in any case.
  long budget = 64L << 20;

  static constexpr auto options = std::tuple{
      method_option{"sigma", "Standard deviation of the widest blur, in pixels",
                    &blur_integrated_gradients::sigma,
                    option_range{.lowest = 0, .highest = detail::widest_blur_path, .above = true}},
      method_option{"steps", "Steps of the path from the widest blur to the image",
                    &blur_integrated_gradients::steps, option_range{1, most_quadrature_steps}},
      method_option{"sqrt_spacing", "Let the steps change the variance of the blur equally, not its width",
                    &blur_integrated_gradients::sqrt_spacing}};

  using needs = gradients::needs;
  template <class Network>
  static constexpr int tap = 0;

  /// Throws salient::error if sigma or the number of steps is out of range.
  template <class Network>
  void validate(long) const {
    detail::check_blur(numbers());
  }

  template <class Query>
  auto operator()(const Query& q) const {
    using scalar = typename Query::scalar;
    const auto inputs = q.activation(0);
    const std::vector<double> widths = detail::blur_widths(numbers());
    const std::optional<double> no_value;
    const std::optional<basic_tensor<double>> no_image;
    auto result = detail::open(q, {no_value, no_image});
    // The last one is the widest blur, of which only the value counts.
    detail::input_gradients<Query> at(q, steps + 1L, budget);
    detail::blurs blurred(inputs.extent, sigma);
    basic_tensor<double> speeds(inputs.extent, at.capacity());
    std::vector<double> input(static_cast<std::size_t>(inputs.extent.elements())), sum(input.size());
    for (long n = 0; n < q.batch(); ++n) {
      std::ranges::copy(inputs.image(n), input.begin());
      std::ranges::fill(sum, 0.0);
      for (long first = 0; first <= steps; first += at.capacity()) {
        const long some = std::min(at.capacity(), steps + 1L - first);
        for (long k = 0; k < some; ++k)
          blurred.write(std::span<const double>(input), widths[static_cast<std::size_t>(first + k)],
                        at.input(k), speeds.image(k));
        at.run(some, "at the blurred image", {n, 0});
        for (long k = 0; k < some && first + k < steps; ++k) {
          const auto i = static_cast<std::size_t>(first + k);
          const double step = widths[i] - widths[i + 1];  // towards the image
          const auto gradient = at.gradient(k);
          const auto speed = speeds.image(k);
          for (std::size_t j = 0; j < sum.size(); ++j)
            sum[j] += step * speed[j] * static_cast<double>(gradient[j]);
        }
        if (first + some <= steps) continue;
        std::ranges::transform(sum, result.map.image(n).begin(),
                               [](double v) { return static_cast<scalar>(v); });
        detail::close(result, n, at.value(some - 1, n), static_cast<std::size_t>(steps));
      }
    }
    return result;
  }

 private:
  detail::blur_options numbers() const { return {sigma, steps, sqrt_spacing}; }
};

}  // namespace methods

/// Blur-IG: minus the sum over widths of a Gaussian blur of the step to the next width times the derivative
/// of the blurred input by the width times dz_c/dx there; the shape of the input. The result includes the
/// value at the widest blur as that of the baseline, and the completeness gap. Xu, Venugopalan and
/// Sundararajan 2020, arXiv:2004.03383, with the defaults of the authors' package `saliency`.
template <class Model, class Target = logit>
auto blur_ig(const Model& model, const basic_tensor<typename Model::scalar>& images,
             const Target& target = {}, const methods::blur_integrated_gradients& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
