// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <tuple>

#include "salient/core/export.hpp"
#include "salient/core/tensor.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/input_gradients.hpp"
#include "salient/method/line_integral.hpp"
#include "salient/method/option.hpp"
#include "salient/method/sampling.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {

/// Throws salient::error for a wrong shape, no image, two kinds of baseline, or a value that is not finite.
SALIENT_EXPORT void check_baselines(const baseline_choice&, shape extent);

/// A sample: a point of the line from one of the baselines to the input.
struct path_sample {
  long baseline;
  double place;  ///< 0 at the baseline, 1 at the input
};
SALIENT_EXPORT path_sample draw_path_sample(std::uint64_t seed, int sample, long baselines);

/// Writes the point. For float and double.
template <class T>
SALIENT_EXPORT void path_point(std::span<const T> from, std::span<const T> to, double place,
                               std::span<T> point);

/// Writes (to - from) times the gradient. For float and double.
template <class T>
SALIENT_EXPORT void multiply_by_way(std::span<const T> from, std::span<const T> to,
                                    std::span<const T> gradient, std::span<T> map);

}  // namespace detail

/// Integrated gradients over many baselines at once: each sample draws a baseline and one point of the line
/// from there.
///
/// The samples depend on the seed and on nothing else: they are the same for every image, so that an image
/// has the same map alone and in any batch. The budget and the threads change not one bit in float32 on a
/// CPU.
struct expected_gradients {
  static constexpr method_words words{
      .name = "expected_gradients",
      .title = "Expected Gradients",
      .paper =
          "Erion, Janizek, Sturmfels, Lundberg, Lee: Improving Performance of Deep Learning Models with "
          "Axiomatic Attribution Priors and Expected Gradients (2019)",
      .link = "https://arxiv.org/abs/1906.10670",
      .does =
          "Integrated Gradients averaged over baselines: each sample takes one gradient on the line from a "
          "random baseline to the image. Also known as GradientSHAP.",
      .good =
          "With images of the data as baselines no single colour is blind. The values add up, nearly, to how "
          "far the score is above its mean at the baselines, and the standard error says how far the mean "
          "has settled.",
      .bad =
          "Dozens of forward and backward passes, a random error that falls slowly, and a set of baselines "
          "to choose; from the default one, zeros, it is Integrated Gradients with that error.",
  };

  int samples = 50;  ///< for each image, 2 to 1,000,000; with a tolerance, at least
  std::uint64_t seed = 0;
  /// The only baseline: this value in every element of the network's input; 0 if no baseline is given.
  std::optional<double> baseline{};
  /// Any number of images, from which each sample draws one: pixels, preprocessed like the images.
  std::optional<basic_tensor<double>> baselines{};
  /// Takes more samples until the mean standard error is at most this share of the mean magnitude of the map,
  /// or the limit is reached.
  std::optional<double> tolerance{};
  /// That limit, 2 to 1,000,000; by default 1000, or `samples` if larger. Requires a tolerance.
  std::optional<int> most_samples{};
  /// Bytes of device memory for the samples that run together; one runs in any case.
  long budget = 64L << 20;

  static constexpr auto options = std::tuple{
      method_option{"samples", "Random points for each image", &expected_gradients::samples,
                    option_range{2, 1'000'000}},
      method_option{"seed", "Seed of the points", &expected_gradients::seed},
      method_option{"baseline", detail::baseline_help, &expected_gradients::baseline},
      method_option{
          "tolerance",
          "Take more samples until the mean standard error is at most this share of the mean magnitude",
          &expected_gradients::tolerance, option_range{.lowest = 0, .above = true}},
      method_option{"most_samples", "Limit of that; by default 1000, or the samples if more",
                    &expected_gradients::most_samples, option_range{2, 1'000'000}}};

  using needs = gradients::needs;
  template <class Network>
  static constexpr int tap = 0;

  /// Throws salient::error if an option is out of range, for most_samples without a tolerance, a baseline as
  /// a number and as images, or baselines of another shape.
  template <class Network>
  void validate(long) const {
    detail::check_samples(counts());
    detail::check_baselines(start(), Network::input_shape);
  }

  /// Throws salient::error if the scores at a sample, its gradients or a statistic are not finite.
  template <class Query>
  auto operator()(const Query& q) const {
    using scalar = typename Query::scalar;
    constexpr shape extent = Query::network::input_shape;
    const auto inputs = q.activation(0);
    const auto from = detail::baselines<scalar>(start(), extent, baselines ? baselines->batch : 1,
                                                q.session().model().input_preprocessing());
    sampled<scalar> result{q.result({}), {}, {}, {}, {}};
    detail::make_room(result, extent, q.batch());
    if (baselines && !out_of_range(*baselines).empty()) {
      result.out_of_range.resize(static_cast<std::size_t>(q.batch()));
      std::iota(result.out_of_range.begin(), result.out_of_range.end(), 0);
    }
    detail::input_gradients<Query> at(q, samples, budget);
    basic_tensor<scalar> maps(extent, at.capacity());  // of which a run fills `batch`
    detail::moments moments;
    for (long n = 0; n < q.batch(); ++n) {
      const auto input = std::span<const scalar>(inputs.image(n));
      detail::take_samples(counts(), at.capacity(), moments, [&](int first, long some) -> const auto& {
        const auto sample = [&](long k) {
          return detail::draw_path_sample(seed, first + static_cast<int>(k), from.batch);
        };
        for (long k = 0; k < some; ++k) {
          const auto drawn = sample(k);
          detail::path_point<scalar>(from.image(drawn.baseline), input, drawn.place, at.input(k));
        }
        at.run(some, "between baseline and image", {n, 0});
        maps.batch = some;
        for (long k = 0; k < some; ++k)
          detail::multiply_by_way<scalar>(from.image(sample(k).baseline), input, at.gradient(k),
                                          maps.image(k));
        return maps;
      });
      moments.write(result, n, counts().method);
    }
    return result;
  }

 private:
  detail::sample_options counts() const {
    return {"expected gradients", samples, tolerance, most_samples, budget};
  }
  detail::baseline_choice start() const { return {baseline, baselines, "expected gradients"}; }
};

}  // namespace methods

/// The mean over samples of (x - x') times dz_c/dx at x' + a (x - x'), where x is the network's input, x' a
/// baseline drawn from those given, and a uniform between 0 and 1; the shape of the input. The result also
/// holds the samples' variance and the standard error of the mean. The map's sum approaches z_c(x) minus the
/// mean of z_c(x') over the baselines. Erion et al. 2019, arXiv:1906.10670; GradientSHAP of Lundberg and Lee
/// 2017, arXiv:1705.07874.
template <class Model, class Target = logit>
auto expected_gradients(const Model& model, const basic_tensor<typename Model::scalar>& images,
                        const Target& target = {}, const methods::expected_gradients& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
