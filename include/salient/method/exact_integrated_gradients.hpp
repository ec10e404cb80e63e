// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include "salient/core/error.hpp"
#include "salient/core/export.hpp"
#include "salient/method/integrated_gradients.hpp"
#include "salient/method/side_session.hpp"

namespace salient {

namespace methods {

namespace detail {

/// Throws salient::error if `most` is below 1.
SALIENT_EXPORT void check_pieces(int most);

/// Finds the breakpoints of a piecewise linear network on a line. Several stretches of the line are walked in
/// parallel, each from breakpoint to breakpoint.
template <class Query>
class line_walk {
  using network = typename Query::network;
  using scalar = typename Query::scalar;
  static constexpr long size = network::input_shape.elements();
  static constexpr long stretches = 8;
  /// Shorter pieces are skipped: their ends are within rounding error.
  static constexpr double least_step = std::is_same_v<scalar, float> ? 1e-6 : 1e-12;

 public:
  explicit line_walk(const Query& q)
      : session_(q, 2 * stretches),
        memory_(q.session().model().device(), static_cast<std::size_t>(2 * size + 2 * stretches)) {}

  /// The ends of all linear pieces in (0, 1], increasing; the last is 1. Throws salient::error for
  /// more than `most`.
  std::vector<double> ends(std::span<const scalar> baseline, std::span<const scalar> image, int most) {
    scalar *from = memory_.data(), *to = from + size, *positions = to + size, *reach = positions + stretches;
    std::vector<scalar> direction(image.begin(), image.end());
    for (std::size_t i = 0; i < direction.size(); ++i) direction[i] -= baseline[i];
    session_->write(from, baseline);
    session_->write(to, image);
    std::vector<std::vector<double>> found(stretches);
    std::vector<long> active;
    std::vector<double> at;
    for (long s = 0; s < stretches; ++s) {
      active.push_back(s);
      at.push_back(static_cast<double>(s) / stretches);
      session_->write(session_->slope(0) + s * size, direction);
    }
    for (std::size_t pieces = 0; !active.empty();) {
      const std::size_t some = active.size();
      std::vector<scalar> probes(some), reached(some, std::numeric_limits<scalar>::max());
      for (std::size_t i = 0; i < some; ++i) probes[i] = static_cast<scalar>(at[i] + least_step);
      session_->begin(static_cast<long>(some));
      session_->write(positions, probes);
      session_->write(reach, reached);
      kernel::line(session_->model().device(), session_->batch(), size, from, to, positions,
                   session_->activation(0));
      session_->follow(reach);
      session_->read(reach, reached);

      std::size_t left = 0;
      for (std::size_t i = 0; i < some; ++i) {
        const long s = active[i];
        const double end = static_cast<double>(s + 1) / stretches;
        const double next = std::max(static_cast<double>(probes[i]), at[i]) +
                            std::max(static_cast<double>(reached[i]), least_step);
        found[static_cast<std::size_t>(s)].push_back(std::min(next, end));
        if (++pieces > static_cast<std::size_t>(most))
          throw error("integrated gradients: the line has more than " + std::to_string(most) +
                      " linear pieces; allow more, or use steps");
        if (next >= end) continue;
        active[left] = s;
        at[left++] = next;
      }
      active.resize(left);
      at.resize(left);
    }
    std::vector<double> all;
    for (const auto& some : found) all.insert(all.end(), some.begin(), some.end());
    return all;
  }

 private:
  side_session<session<typename Query::model_type, pass::path>> session_;
  buffer<scalar, typename Query::device_type> memory_;
};

}  // namespace detail

/// Integrated gradients without approximation error, for piecewise linear networks. On the line from baseline
/// to image the gradient is constant between the breakpoints of ReLUs and max-pools.
struct exact_integrated_gradients {
  std::optional<double> baseline{};                      ///< as in integrated_gradients
  std::optional<basic_tensor<double>> baseline_image{};  ///< as in integrated_gradients
  int most_pieces = 1'000'000;                           ///< on one line; throws salient::error for more

  using needs = requirements<need::class_scores, need::piecewise_linear>;
  template <class Network>
  static constexpr int tap = 0;

  /// Throws salient::error if most_pieces is below 1, for two baselines, or for a baseline image of
  /// another shape.
  template <class Network>
  void validate(long batch) const {
    detail::check_pieces(most_pieces);
    detail::check_baseline(start(), Network::input_shape, batch);
  }

  exact_integrated_gradients of_image(long n) const {
    exact_integrated_gradients one = *this;
    if (baseline_image) one.baseline_image = detail::baseline_of(*baseline_image, n);
    return one;
  }

  /// Throws salient::error if a line has more than most_pieces pieces.
  template <class Query>
  auto operator()(const Query& q) const {
    static_assert(linear_target<typename Query::target_type>,
                  "salient: exact integrated gradients need a target that is linear in the scores: logit, or "
                  "one of your own that says so; probability and cross_entropy are not, use steps");
    const auto inputs = q.activation(0);
    const auto from = detail::baselines<typename Query::scalar>(
        start(), Query::network::input_shape, q.batch(), q.session().model().input_preprocessing());
    detail::line_integral<Query> integral(q, from, detail::line_integral<Query>::at_once);
    detail::line_walk<Query> walk(q);
    std::vector<std::size_t> counts;
    for (long n = 0; n < q.batch(); ++n) {
      // Evaluate the gradient in the middle of each piece, where rounding cannot select another piece.
      nodes pieces;
      integral.aim(n);
      double start = 0;
      for (const double end : walk.ends(from.image(n), inputs.image(n), most_pieces)) {
        pieces.positions.push_back((start + end) / 2);
        pieces.weights.push_back(end - start);
        start = end;
      }
      integral.integrate(pieces);
      counts.push_back(pieces.positions.size());
    }
    return detail::closed(q, start(), integral, counts);
  }

 private:
  detail::baseline_choice start() const { return {baseline, baseline_image}; }
};

}  // namespace methods

/// Selects the exact integral: `integrated_gradients(model, image, logit(7), exact{})`. The result's `points`
/// is the number of linear pieces.
using exact = methods::exact_integrated_gradients;

template <class Model, class Target,
          std::same_as<exact> Options>  // a template, so that `{.steps = 64}` selects the other overload
auto integrated_gradients(const Model& model, const basic_tensor<typename Model::scalar>& images,
                          const Target& target, const Options& options) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
