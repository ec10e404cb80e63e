// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "salient/device/buffer.hpp"
#include "salient/kernel/map.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/quadrature.hpp"

namespace salient {

/// An explanation whose attributions should sum to how much the target's value changed from the baseline.
template <class T>
struct integrated : explanation<T> {
  std::vector<T> baseline_values;  ///< the target's value at the baseline, for each image
  std::vector<T> gaps;  ///< sum of attributions - (value - baseline value), for each image: what the sum over
                        ///< steps missed
};

namespace methods {

struct integrated_gradients {
  int steps = 50;
  quadrature rule = quadrature::gauss_legendre;
  float baseline = 0;                      ///< the value of every pixel where the path starts,
  std::optional<tensor> baseline_image{};  ///< or a whole image: one, or one an image of the batch

  template <class Network>
  static constexpr bool applies = differentiable<Network>;
  template <class Network>
  static constexpr int tap = 0;

  template <class Network>
  static constexpr void demand() {
    gradients::demand<Network>();
  }

  /// Memory does not grow with the steps: they run a few at a time, in a session of their own.
  /// Throws salient::error for steps out of range or a baseline of another shape.
  template <class Query>
  auto operator()(const Query& q) const {
    using scalar = typename Query::scalar;
    integrated<scalar> result{q.result(basic_tensor<scalar>(Query::network::input_shape, q.batch())), {}, {}};
    path<Query> along(q, make_nodes(rule, steps), baselines<scalar>(Query::network::input_shape, q.batch()));
    for (long n = 0; n < q.batch(); ++n) {
      const auto map = result.map.image(n);
      result.baseline_values.push_back(along.integrate(n, map));
      double sum = 0;
      for (const scalar v : map) sum += v;
      const auto value = static_cast<double>(result.values[static_cast<std::size_t>(n)]);
      result.gaps.push_back(
          static_cast<scalar>(sum - (value - static_cast<double>(result.baseline_values.back()))));
    }
    return result;
  }

 private:
  template <class T>
  basic_tensor<T> baselines(shape extent, long batch) const {
    if (!std::isfinite(baseline)) throw error("integrated gradients: the baseline must be a finite number");
    basic_tensor<T> result(extent, batch, static_cast<T>(baseline));
    if (!baseline_image) return result;
    if (!(baseline_image->extent == extent) || (baseline_image->batch != 1 && baseline_image->batch != batch))
      throw error(
          "integrated gradients: the baseline image must have the input's shape, and there must be one, or "
          "one an image");
    for (const float v : baseline_image->values)
      if (!std::isfinite(v))
        throw error("integrated gradients: the baseline image has a value that is not finite");
    for (long n = 0; n < batch; ++n)
      std::ranges::copy(baseline_image->image(baseline_image->batch == 1 ? 0 : n), result.image(n).begin());
    return result;
  }

  /// The straight line from a baseline to an image, and the integral of gradients along it.
  template <class Query>
  class path {
    using network = typename Query::network;
    using scalar = typename Query::scalar;
    using session_type = session<typename Query::model_type>;
    static constexpr long at_once = 16;
    static constexpr long size = network::input_shape.elements();

   public:
    path(const Query& q, nodes points, basic_tensor<scalar> baselines)
        : query_(q),
          points_(std::move(points)),
          baselines_(std::move(baselines)),
          session_(q.session().model(), std::min(at_once, static_cast<long>(points_.positions.size()))),
          memory_(device(), static_cast<std::size_t>(2 * size + 2 * session_.capacity())) {}

    /// Writes (x - x') times the mean gradient to `map` and returns the target's value at the baseline.
    scalar integrate(long n, std::span<scalar> map) {
      const int target = query_.target_class(n);
      const std::span<const scalar> image = query_.images().image(n);
      const std::span<const scalar> baseline = std::as_const(baselines_).image(n);
      const long capacity = session_.capacity();
      scalar *from = memory_.data(), *sum = from + size, *positions = sum + size,
             *weights = positions + capacity;

      session_.begin(1);
      session_.write(session_.activation(0), baseline);
      session_.forward(0, network::scores);
      session_.read_scores();
      const scalar start = Query::value(session_, 0, target);

      session_.write(from, baseline);
      session_.write(sum, std::vector<scalar>(static_cast<std::size_t>(size)));
      const scalar* to = query_.session().activation(0) + n * size;
      const long count = static_cast<long>(points_.positions.size());
      for (long first = 0; first < count; first += capacity) {
        const long some = std::min(capacity, count - first);
        session_.begin(some);
        session_.write(positions, slice(points_.positions, first, some));
        session_.write(weights, slice(points_.weights, first, some));
        kernel::line(device(), some, size, from, to, positions, session_.activation(0));
        session_.forward(0, network::scores);
        session_.read_scores();
        Query::template backward<gradient>(session_, 0, [&](long) { return target; });
        kernel::accumulate(device(), some, size, session_.signal(0), weights, sum);
      }
      session_.read(sum, map);
      for (std::size_t i = 0; i < map.size(); ++i) map[i] *= image[i] - baseline[i];
      return start;
    }

   private:
    const auto& device() const { return query_.session().model().device(); }
    static std::vector<scalar> slice(const std::vector<double>& all, long first, long count) {
      return {all.begin() + first, all.begin() + first + count};
    }

    const Query& query_;
    nodes points_;
    basic_tensor<scalar> baselines_;
    session_type session_;
    buffer<scalar, typename Query::device_type> memory_;
  };
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
