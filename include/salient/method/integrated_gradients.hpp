// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "salient/method/gradients.hpp"
#include "salient/method/line_integral.hpp"

namespace salient {

/// An explanation whose attributions should sum to how much the target's value changed from the baseline.
template <class T>
struct integrated : explanation<T> {
  std::vector<T> baseline_values;  ///< the target's value at the baseline, for each image
  std::vector<T> gaps;  ///< sum of attributions - (value - baseline value), for each image: what the sum over
                        ///< points missed
  std::vector<int> points;  ///< gradients evaluated for each image's map

  /// |gap| as a fraction of |value - baseline value|; infinite if only the latter is zero.
  double relative_gap(std::size_t n) const {
    const double gap = std::abs(static_cast<double>(gaps[n]));
    return gap == 0 ? 0
                    : gap / std::abs(static_cast<double>(this->values[n]) -
                                     static_cast<double>(baseline_values[n]));
  }
};

namespace methods {

namespace detail {

/// Fills one image's entries of the result but its map, which is there. For float and double. Throws
/// salient::error if the map, the value at the baseline or the gap is not finite.
template <class T>
void close(integrated<T>& result, long n, T baseline_value, std::size_t points);

/// A result with empty maps, for images and baselines that are checked.
template <class Query>
auto open(const Query& q, const baseline_choice& from) {
  using scalar = typename Query::scalar;
  const auto batch = static_cast<std::size_t>(q.batch());
  integrated<scalar> result{q.result(basic_tensor<scalar>(Query::network::input_shape, q.batch())),
                            std::vector<scalar>(batch), std::vector<scalar>(batch), std::vector<int>(batch)};
  add_out_of_range(from, q.batch(), result.out_of_range);
  return result;
}

}  // namespace detail

struct integrated_gradients {
  int steps = 50;  ///< 1 to 100,000
  quadrature rule = quadrature::gauss_legendre;
  /// Where the path starts: at this value in every element of the network's input, which is 0 unless given,
  std::optional<double> baseline{};
  /// or at an image, one for all or one for each: pixels, preprocessed as the images are.
  std::optional<basic_tensor<double>> baseline_image{};
  /// Instead of a fixed number of steps: double them until |gap| <= tolerance |value - baseline value|,
  std::optional<double> tolerance{};
  /// or until the next doubling would exceed this; `gaps` tells. 1 to 100,000; 6400 unless given, or
  /// `steps` if that is more. With a tolerance only.
  std::optional<int> most_steps{};

  template <class Network>
  static constexpr bool applies = differentiable<Network>;
  template <class Network>
  static constexpr int tap = 0;

  template <class Network>
  static constexpr void demand() {
    gradients::demand<Network>();
  }

  /// Throws salient::error for numbers of steps or a tolerance out of range, most_steps without a tolerance,
  /// two baselines, or a baseline image of another shape.
  template <class Network>
  void validate(long batch) const {
    check_steps();
    detail::check_baseline(start(), Network::input_shape, batch);
  }

  template <class Query>
  auto operator()(const Query& q) const {
    using scalar = typename Query::scalar;
    const int most = most_steps.value_or(std::max(6400, steps));
    const auto inputs = q.activation(0);
    const auto from = detail::baselines<scalar>(start(), Query::network::input_shape, q.batch(),
                                                q.session().model().input_preprocessing());
    auto result = detail::open(q, start());
    detail::line_integral<Query> integral(q, from, inputs, tolerance ? most : steps + 1L);
    for (long n = 0; n < q.batch(); ++n) {
      const auto at_baseline = integral.aim(n);
      for (int some = tolerance ? std::min(steps, most) : steps;; some *= 2) {
        const nodes points = make_nodes(rule, some);
        integral.integrate(points, result.map.image(n));
        detail::close(result, n, at_baseline, points.positions.size());
        if (!tolerance || result.relative_gap(static_cast<std::size_t>(n)) <= *tolerance || some > most / 2)
          break;
      }
    }
    return result;
  }

 private:
  void check_steps() const;
  detail::baseline_choice start() const { return {baseline, baseline_image}; }
};

}  // namespace methods

/// (x - x') times the integral of dz_c/dx along the line from the baseline x' to x, the network's input; the
/// shape of the input. The completeness gap comes with it. Sundararajan, Taly and Yan 2017, arXiv:1703.01365.
template <class Model, class Target = logit>
auto integrated_gradients(const Model& model, const basic_tensor<typename Model::scalar>& images,
                          const Target& target = {}, const methods::integrated_gradients& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
