// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

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

struct guided_options {
  int steps;
  double fraction, distance;
};

/// Throws salient::error for an option that is out of range.
SALIENT_EXPORT void check_guided(const guided_options&);

/// The path of one image, whose next step the gradient at its end decides, and the attributions so far. The
/// functions are for float and double.
class SALIENT_EXPORT guided_path {
 public:
  /// Starts at the baseline `from`.
  template <class T>
  void begin(std::span<const T> from, std::span<const T> to);
  /// Writes the end of the path so far; exactly `to` where a feature has arrived.
  template <class T>
  void point(std::span<const T> from, std::span<const T> to, std::span<T> at) const;
  /// Takes one step, with the gradient at the end of the path so far. The last step ends at `to`.
  template <class T>
  void advance(int step, const guided_options&, std::span<const T> gradient);
  template <class T>
  void write(std::span<T> map) const;

 private:
  struct feature {
    double way;    ///< from the baseline to the input
    double place;  ///< the share of the way that lies behind, 0 to 1
    double sum;    ///< the attribution
    void move(double to, double gradient);
  };
  std::vector<feature> features_;
  double length_ = 0;  ///< of all ways
  std::vector<std::pair<double, std::size_t>> order_;
};

}  // namespace detail

/// Integrated gradients along a path of its own for each image: at each step the features move whose
/// gradients are the smallest, so that the path avoids what changes the score by chance.
///
/// The images of a batch run together, for the steps of one image follow from each other. The completeness
/// gap shrinks with the steps where gradients are continuous. Where they jump, as at ReLUs, the path may run
/// along a kink, each step with the gradient of the side that it leaves, and a part of the gap stays.
struct guided_integrated_gradients {
  static constexpr method_words words{
      .name = "guided_ig",
      .title = "Guided Integrated Gradients",
      .paper = "Kapishnikov, Venugopalan, Avci, Wedin, Terry, Bolukbasi: Guided Integrated Gradients (2021)",
      .link = "https://arxiv.org/abs/2106.09788",
      .does =
          "Integrated Gradients along a path that bends: each step moves the values whose gradients are the "
          "smallest, near the straight line. The values add up to the change of the score.",
      .good = "Collects less noise than the straight line where a network's gradients are rough.",
      .bad =
          "Hundreds of passes that must run one after the other, a baseline and three more numbers to "
          "choose, and a path that differs for each image and class. At ReLUs a part of the completeness gap "
          "may stay.",
      .slow = true,
  };

  int steps = 200;  ///< 1 to 100,000
  /// The share of the features that are candidates for a move together, 0 to 1. Features that stay where they
  /// are count too, as black pixels on a black baseline do. 0 is one by one, 1 the straight line.
  double fraction = 0.25;
  /// How far a feature may be ahead of or behind the straight line, as a share of its way: 0 is the straight
  /// line, 1 no limit.
  double distance = 0.02;
  /// Start of the path: this value in every element of the network's input; 0 if no baseline is given.
  std::optional<double> baseline{};
  /// Start of the path as an image, one for all or one for each: pixels, preprocessed like the images.
  std::optional<basic_tensor<double>> baseline_image{};
  /// Bytes of device memory for the images that run together; one runs in any case.
  long budget = 64L << 20;

  static constexpr auto options = std::tuple{
      method_option{"steps", "Steps of the path from the baseline to the image",
                    &guided_integrated_gradients::steps, option_range{1, most_quadrature_steps}},
      method_option{"fraction", "Share of the features that move together, those with the smallest gradients",
                    &guided_integrated_gradients::fraction, option_range{0, 1}},
      method_option{"distance", "How far a feature may leave the straight line, as a share of its way",
                    &guided_integrated_gradients::distance, option_range{0, 1}},
      method_option{"baseline", detail::baseline_help, &guided_integrated_gradients::baseline}};

  using needs = gradients::needs;
  template <class Network>
  static constexpr int tap = 0;

  /// Throws salient::error if a number is out of range, for two baselines, or a baseline image of another
  /// shape.
  template <class Network>
  void validate(long batch) const {
    detail::check_guided(numbers());
    detail::check_baseline(start(), Network::input_shape, batch);
  }

  guided_integrated_gradients of_image(long n) const {
    guided_integrated_gradients one = *this;
    if (baseline_image) one.baseline_image = detail::baseline_of(*baseline_image, n);
    return one;
  }

  template <class Query>
  auto operator()(const Query& q) const {
    using scalar = typename Query::scalar;
    const auto inputs = q.activation(0);
    const auto from = detail::baselines<scalar>(start(), Query::network::input_shape, q.batch(),
                                                q.session().model().input_preprocessing());
    auto result = detail::open(q, start());
    detail::input_gradients<Query> at(q, q.batch(), budget);
    std::vector<detail::guided_path> paths(static_cast<std::size_t>(at.capacity()));
    std::vector<scalar> baseline_values(paths.size());
    for (long first = 0; first < q.batch(); first += at.capacity()) {
      const long some = std::min(at.capacity(), q.batch() - first);
      const auto each = [&](const auto& f) {
        for (long k = 0; k < some; ++k) f(k, first + k, paths[static_cast<std::size_t>(k)]);
      };
      each([&](long, long n, auto& path) { path.template begin<scalar>(from.image(n), inputs.image(n)); });
      for (int step = 0; step < steps; ++step) {
        each([&](long k, long n, auto& path) {
          path.template point<scalar>(from.image(n), inputs.image(n), at.input(k));
        });
        at.run(some, step == 0 ? "at the baseline" : "between baseline and image", {first, 1});
        each([&](long k, long n, auto& path) {
          if (step == 0) baseline_values[static_cast<std::size_t>(k)] = at.value(k, n);
          path.template advance<scalar>(step, numbers(), at.gradient(k));
        });
      }
      each([&](long k, long n, auto& path) {
        path.template write<scalar>(result.map.image(n));
        detail::close(result, n, baseline_values[static_cast<std::size_t>(k)],
                      static_cast<std::size_t>(steps));
      });
    }
    return result;
  }

 private:
  detail::guided_options numbers() const { return {steps, fraction, distance}; }
  detail::baseline_choice start() const { return {baseline, baseline_image, "guided IG"}; }
};

}  // namespace methods

/// Guided IG: the sum over the steps of a path from the baseline to x, the network's input, of dz_c/dx at the
/// start of the step times the step; the shape of the input. The features with the smallest gradients move
/// first, within a distance of the straight line. The result includes the completeness gap. Kapishnikov et
/// al. 2021, arXiv:2106.09788, with the defaults of the authors' package `saliency`.
template <class Model, class Target = logit>
auto guided_ig(const Model& model, const basic_tensor<typename Model::scalar>& images,
               const Target& target = {}, const methods::guided_integrated_gradients& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
