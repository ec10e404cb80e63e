// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "salient/device/buffer.hpp"
#include "salient/kernel/map.hpp"
#include "salient/method/feature_maps.hpp"
#include "salient/method/integrated_gradients.hpp"
#include "salient/method/line_integral.hpp"
#include "salient/method/option.hpp"
#include "salient/method/side_session.hpp"
#include "salient/method/words.hpp"

namespace salient::methods {

namespace detail {

/// A layer's activations, and the target's gradients there, at points of straight lines from baselines to the
/// query's images. Session must keep the layer. Some points run together in a session of their own, so that
/// memory does not grow with their number.
template <class Session, class Query>
class layer_path {
  using network = typename Query::network;
  using scalar = typename Query::scalar;
  static constexpr long size = network::input_shape.elements();
  static constexpr long at_once = points_at_once<typename Query::device_type>(
      network::template plan<typename Session::pass_type, scalar>.bytes);

 public:
  /// `baselines` and `inputs`: N x H x W x C, the ends of the lines. `points` is the maximum number that
  /// `walk` will receive.
  layer_path(const Query& q, int layer, const basic_tensor<scalar>& baselines,
             const basic_tensor<scalar>& inputs, long points)
      : query_(q),
        layer_(layer),
        baselines_(baselines),
        inputs_(inputs),
        session_(q, std::min(at_once, points)),
        memory_(device(), static_cast<std::size_t>(2 * size + session_.capacity())),
        activations_(network::extent(layer), session_.capacity()),
        gradients_(activations_) {
    places_.reserve(static_cast<std::size_t>(session_.capacity()));
  }

  /// Selects image n's line; returns the target's value at its baseline. Throws salient::error if the scores
  /// there are not finite.
  scalar aim(long n) {
    image_ = n;
    session_->write(from(), baselines_.image(n));
    session_->write(to(), inputs_.image(n));
    session_->begin(1);
    session_->write(session_->activation(0), baselines_.image(n));
    session_->forward_inputs("at the baseline");
    return query_.value(session_->scores().image(0), n);
  }

  /// Calls f(activations, gradients) for each of the positions, in their order. Throws salient::error if the
  /// scores at a point are not finite.
  template <class F>
  void walk(const std::vector<double>& positions, const F& f) {
    const long count = static_cast<long>(positions.size());
    for (long first = 0; first < count; first += session_.capacity()) {
      const long some = std::min(session_.capacity(), count - first);
      session_->begin(some);
      places_.assign(positions.begin() + first, positions.begin() + first + some);
      session_->write(where(), places_);
      kernel::line(device(), some, size, from(), to(), where(), session_->activation(0));
      session_->forward_inputs("between baseline and image");
      query_.template backward<gradient>(*session_, layer_, {image_, 0});
      session_->read(session_->activation(layer_), first_of(activations_, some), session_->signal(layer_),
                     first_of(gradients_, some));
      for (long k = 0; k < some; ++k) f(activations_.image(k), gradients_.image(k));
    }
  }

 private:
  scalar* from() { return memory_.data(); }
  scalar* to() { return memory_.data() + size; }
  scalar* where() { return memory_.data() + 2 * size; }

  static std::span<scalar> first_of(basic_tensor<scalar>& all, long some) {
    return std::span(all.values).first(static_cast<std::size_t>(some * all.extent.elements()));
  }
  const auto& device() const { return query_.session().model().device(); }

  const Query& query_;
  int layer_;
  const basic_tensor<scalar>&baselines_, &inputs_;
  side_session<Session> session_;
  buffer<scalar, typename Query::device_type> memory_;
  basic_tensor<scalar> activations_, gradients_;
  std::vector<scalar> places_;  ///< of the points that run together
  long image_ = 0;
};

}  // namespace detail

/// A method that sums over the line from a baseline to the network's input, at a layer: the map has the shape
/// of the layer's output, N x h x w x K. Rule has
/// - the method's words, its name in messages, and the most steps;
/// - `complete`: whether the map's sum should be the change of the target's value, so that the result is
///   `integrated`;
/// - points(quadrature, steps): positions and weights;
/// - step<scalar>, an object for each image: step(weight, activations, gradients, sum) adds a point to
///   the sum.
template <class Rule, layer_id Layer>
struct along_layer_path {
  static constexpr method_words words = Rule::words;

  int steps = 50;  ///< 1 to Rule::most_steps
  quadrature rule = quadrature::gauss_legendre;
  /// Start of the path: this value in every element of the network's input; 0 if no baseline is given.
  std::optional<double> baseline{};
  /// Start of the path as an image, one for all or one for each: pixels, preprocessed like the images.
  std::optional<basic_tensor<double>> baseline_image{};

  static constexpr auto options =
      std::tuple{method_option{"steps", "Steps of the path from the baseline to the image",
                               &along_layer_path::steps, option_range{1, Rule::most_steps}},
                 method_option{"rule", "Rule of the quadrature along the path", &along_layer_path::rule,
                               quadrature_words},
                 method_option{"baseline", detail::baseline_help, &along_layer_path::baseline}};

  using reads = of_spatial_layer<Layer>;

  using needs = typename reads::needs;
  template <class Network>
  static constexpr int tap = 0;
  /// Throws salient::error if the number of steps is out of range, for two baselines, or a baseline image of
  /// another shape.
  template <class Network>
  void validate(long batch) const {
    detail::check_steps(Rule::name, "steps", steps, Rule::most_steps);
    detail::check_baseline(start(), Network::input_shape, batch);
  }

  along_layer_path of_image(long n) const {
    along_layer_path one = *this;
    if (baseline_image) one.baseline_image = detail::baseline_of(*baseline_image, n);
    return one;
  }

  template <class Query>
  auto operator()(const Query& q) const {
    constexpr int layer = std::max(reads::template tap<typename Query::network>, 0);
    return run<session<typename Query::model_type, pass_with<0, layer>>>(q, layer);
  }
  template <class Query>
  auto at(const Query& q, int layer) const {
    return run<typename Query::session_type>(q, layer);
  }

 private:
  detail::baseline_choice start() const { return {baseline, baseline_image, Rule::name}; }

  template <class Session, class Query>
  auto run(const Query& q, int layer) const {
    using network = typename Query::network;
    using scalar = typename Query::scalar;
    const shape extent = network::extent(layer);
    const auto inputs = q.activation(0);
    const auto from = detail::baselines<scalar>(start(), network::input_shape, q.batch(),
                                                q.session().model().input_preprocessing());
    const nodes points = Rule::points(rule, steps);
    auto result = detail::open(q, start(), extent);
    detail::layer_path<Session, Query> path(q, layer, from, inputs,
                                            static_cast<long>(points.positions.size()));
    const auto size = static_cast<std::size_t>(extent.elements());
    std::vector<double> sum(size);
    for (long n = 0; n < q.batch(); ++n) {
      const scalar at_baseline = path.aim(n);
      typename Rule::template step<scalar> add(size);
      std::ranges::fill(sum, 0.0);
      auto weight = points.weights.begin();
      path.walk(points.positions,
                [&](std::span<const scalar> activations, std::span<const scalar> gradients) {
                  add(*weight++, activations, gradients, sum);
                });
      std::ranges::transform(sum, result.map.image(n).begin(),
                             [](double v) { return static_cast<scalar>(v); });
      if constexpr (Rule::complete) detail::close(result, n, at_baseline, points.positions.size());
    }
    if constexpr (Rule::complete)
      return result;
    else
      return explanation<scalar>(std::move(result));
  }
};

}  // namespace salient::methods
