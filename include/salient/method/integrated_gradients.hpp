// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "salient/core/error.hpp"
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

/// Fills one image's entries of the result but its map, which is there.
template <class T>
void close(integrated<T>& result, long n, T baseline_value, std::size_t points) {
  const auto i = static_cast<std::size_t>(n);
  const auto map = result.map.image(n);
  const double sum = std::accumulate(map.begin(), map.end(), 0.0);
  result.baseline_values[i] = baseline_value;
  result.gaps[i] =
      static_cast<T>(sum - (static_cast<double>(result.values[i]) - static_cast<double>(baseline_value)));
  result.points[i] = static_cast<int>(points);
}

template <class Query>
auto open(const Query& q) {
  using scalar = typename Query::scalar;
  const auto batch = static_cast<std::size_t>(q.batch());
  return integrated<scalar>{q.result(basic_tensor<scalar>(Query::network::input_shape, q.batch())),
                            std::vector<scalar>(batch), std::vector<scalar>(batch), std::vector<int>(batch)};
}

}  // namespace detail

struct integrated_gradients {
  int steps = 50;
  quadrature rule = quadrature::gauss_legendre;
  float baseline = 0;                      ///< the value of every pixel where the path starts,
  std::optional<tensor> baseline_image{};  ///< or a whole image: one, or one an image of the batch
  /// Instead of a fixed number of steps: double them until |gap| <= tolerance |value - baseline value|,
  std::optional<double> tolerance{};
  int most_steps = 6400;  ///< or until the next doubling would exceed this; `gaps` tells

  template <class Network>
  static constexpr bool applies = differentiable<Network>;
  template <class Network>
  static constexpr int tap = 0;

  template <class Network>
  static constexpr void demand() {
    gradients::demand<Network>();
  }

  /// Throws salient::error for steps out of range or a baseline of another shape.
  template <class Query>
  auto operator()(const Query& q) const {
    make_nodes(rule, steps);  // says at once if there are too many
    if (tolerance && !(*tolerance > 0)) throw error("integrated gradients: the tolerance must be above zero");
    const auto from = detail::baselines<typename Query::scalar>(baseline, baseline_image,
                                                                Query::network::input_shape, q.batch());
    auto result = detail::open(q);
    detail::line_integral<Query> integral(q, from, tolerance ? most_steps : steps + 1L);
    for (long n = 0; n < q.batch(); ++n) {
      const auto start = integral.aim(n);
      for (int some = steps;; some *= 2) {
        const nodes points = make_nodes(rule, some);
        integral.integrate(points, result.map.image(n));
        detail::close(result, n, start, points.positions.size());
        if (!tolerance || result.relative_gap(static_cast<std::size_t>(n)) <= *tolerance ||
            some > most_steps / 2)
          break;
      }
    }
    return result;
  }
};

}  // namespace methods

/// (x - x') times the integral of dz_c/dx along the line from the baseline x' to x; the shape of the input.
/// The completeness gap comes with it. Sundararajan, Taly and Yan 2017, arXiv:1703.01365.
template <class Model, target Target = logit>
auto integrated_gradients(const Model& model, const basic_tensor<typename Model::scalar>& images,
                          const Target& target = {}, const methods::integrated_gradients& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
