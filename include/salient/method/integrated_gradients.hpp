// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/line_integral.hpp"
#include "salient/method/option.hpp"

namespace salient {

/// An explanation whose attributions should sum to the change of the target's value from the baseline.
template <class T>
struct integrated : explanation<T> {
  std::vector<T> baseline_values;  ///< the target's value at the baseline, for each image
  std::vector<T> gaps;             ///< sum of attributions - (value - baseline value), for each image: the
                                   ///< completeness error of the approximation
  std::vector<int> points;         ///< number of gradients evaluated for each image

  /// |gap| relative to |value - baseline value|; infinite if only the latter is zero.
  double relative_gap(std::size_t n) const {
    const double gap = std::abs(static_cast<double>(gaps[n]));
    return gap == 0 ? 0
                    : gap / std::abs(static_cast<double>(this->values[n]) -
                                     static_cast<double>(baseline_values[n]));
  }
};

namespace methods {

namespace detail {

/// Completes the result of one image whose map is finished. For float and double. Throws salient::error if
/// the map, the value at the baseline or the gap is not finite.
template <class T>
SALIENT_EXPORT void close(integrated<T>& result, long n, T baseline_value, std::size_t points);

/// A result with empty maps of the extent, for validated images and baselines.
template <class Query>
auto open(const Query& q, const baseline_choice& from, shape extent = Query::network::input_shape) {
  using scalar = typename Query::scalar;
  const auto batch = static_cast<std::size_t>(q.batch());
  integrated<scalar> result{q.result(basic_tensor<scalar>(extent, q.batch())), std::vector<scalar>(batch),
                            std::vector<scalar>(batch), std::vector<int>(batch)};
  add_out_of_range(from, q.batch(), result.out_of_range);
  return result;
}

/// The result of lines with these numbers of points that have all been integrated.
template <class Query>
auto closed(const Query& q, const baseline_choice& from, line_integral<Query>& lines,
            const std::vector<std::size_t>& points) {
  basic_tensor<typename Query::scalar> maps(Query::network::input_shape, q.batch());
  lines.read(0, q.batch(), maps.values);
  auto result = open(q, from);
  result.map = std::move(maps);
  for (long n = 0; n < q.batch(); ++n)
    close(result, n, lines.baseline_value(n), points[static_cast<std::size_t>(n)]);
  return result;
}

}  // namespace detail

struct SALIENT_EXPORT integrated_gradients {
  static constexpr method_words words{
      .name = "integrated_gradients",
      .title = "Integrated Gradients",
      .paper = "Sundararajan, Taly, Yan: Axiomatic Attribution for Deep Networks (2017)",
      .link = "https://arxiv.org/abs/1703.01365",
      .does =
          "The gradient averaged along the straight line from a baseline, by default zero, to this image, "
          "times each pixel's change. The values add up to the change of the score.",
      .good =
          "Follows from stated axioms, sees saturated units, separates classes at full resolution, and "
          "measures its own error: the gap between the sum and the change of the score.",
      .bad = "Dozens of forward and backward passes, and two choices: the baseline and the number of steps.",
  };

  int steps = 50;  ///< 1 to 100,000
  quadrature rule = quadrature::gauss_legendre;
  /// Start of the path: this value in every element of the network's input; 0 if no baseline is given.
  std::optional<double> baseline{};
  /// Start of the path as an image, one for all or one for each: pixels, preprocessed like the images.
  std::optional<basic_tensor<double>> baseline_image{};
  /// Doubles the steps until |gap| <= tolerance |value - baseline value| or the limit is reached.
  std::optional<double> tolerance{};
  /// Limit of the doubling, 1 to 100,000; by default 6400, or `steps` if larger. Requires a tolerance. `gaps`
  /// shows what was reached.
  std::optional<int> most_steps{};

  static constexpr auto options = std::tuple{
      method_option{"steps", "Steps of the path from the baseline to the image", &integrated_gradients::steps,
                    option_range{1, most_quadrature_steps}},
      method_option{"rule", "Rule of the quadrature along the path", &integrated_gradients::rule,
                    quadrature_words},
      method_option{"baseline", detail::baseline_help, &integrated_gradients::baseline},
      method_option{"tolerance", "Double the steps until the completeness gap is at most this share",
                    &integrated_gradients::tolerance, option_range{.lowest = 0, .above = true}},
      method_option{"most_steps", "Limit of that doubling; 6400, or the steps if more, if not given",
                    &integrated_gradients::most_steps, option_range{1, most_quadrature_steps}}};

  using needs = gradients::needs;
  template <class Network>
  static constexpr int tap = 0;

  /// Throws salient::error if the number of steps or the tolerance is out of range, for most_steps without a
  /// tolerance, two baselines, or a baseline image of another shape.
  template <class Network>
  void validate(long batch) const {
    check_steps();
    detail::check_baseline(start(), Network::input_shape, batch);
  }

  integrated_gradients of_image(long n) const {
    integrated_gradients one = *this;
    if (baseline_image) one.baseline_image = detail::baseline_of(*baseline_image, n);
    return one;
  }

  template <class Query>
  auto operator()(const Query& q) const {
    using scalar = typename Query::scalar;
    const int most = most_steps.value_or(std::max(6400, steps));
    const auto from = detail::baselines<scalar>(start(), Query::network::input_shape, q.batch(),
                                                q.session().model().input_preprocessing());
    detail::line_integral<Query> integral(q, from, tolerance ? most : steps + 1L);
    nodes points;
    int made = 0;  // the steps of the points: images share them
    const auto integrate = [&](int some) {
      if (some != made) points = make_nodes(rule, made = some);
      integral.integrate(points);
    };
    if (!tolerance) {
      for (long n = 0; n < q.batch(); ++n) {
        integral.aim(n);
        integrate(steps);
      }
      return detail::closed(q, start(), integral,
                            std::vector(static_cast<std::size_t>(q.batch()), points.positions.size()));
    }
    auto result = detail::open(q, start());
    for (long n = 0; n < q.batch(); ++n) {
      integral.aim(n);
      for (int some = std::min(steps, most);; some *= 2) {
        integrate(some);
        integral.read(n, 1, result.map.image(n));
        detail::close(result, n, integral.baseline_value(n), points.positions.size());
        if (result.relative_gap(static_cast<std::size_t>(n)) <= *tolerance || some > most / 2) break;
      }
    }
    return result;
  }

 private:
  void check_steps() const;
  detail::baseline_choice start() const { return {baseline, baseline_image}; }
};

}  // namespace methods

/// (x - x') times the integral of dz_c/dx along the line from the baseline x' to x, the network's
/// input; the shape of the input. The result includes the completeness gap. Sundararajan, Taly and Yan
/// 2017, arXiv:1703.01365.
template <class Model, class Target = logit>
auto integrated_gradients(const Model& model, const basic_tensor<typename Model::scalar>& images,
                          const Target& target = {}, const methods::integrated_gradients& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
