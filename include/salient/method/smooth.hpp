// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/option.hpp"
#include "salient/method/sampling.hpp"
#include "salient/method/side_session.hpp"
#include "salient/method/words.hpp"

namespace salient {

/// The mean map of noisy inputs, as an explanation of the input without noise: `squares` is SmoothGrad^2, and
/// `variance` VarGrad.
template <class T>
using smoothed = sampled<T>;

/// What the map of smooth is over the samples M: their mean (SmoothGrad), the mean of M^2 (SmoothGrad^2), or
/// the mean of (M - mean)^2 (VarGrad).
enum class smooth_statistic { mean, squares, variance };

namespace methods {

namespace detail {

inline constexpr auto smooth_statistic_words =
    std::to_array<option_word<smooth_statistic>>({{"mean", smooth_statistic::mean},
                                                  {"squares", smooth_statistic::squares},
                                                  {"variance", smooth_statistic::variance}});

/// Throws salient::error for an option that is out of range.
SALIENT_EXPORT void check_noise(double deviation, const sample_options&);

/// The largest minus the smallest value. For float and double.
template <class T>
SALIENT_EXPORT double range_of(std::span<const T> input);

/// Writes the input plus `deviation` times the normal numbers of a sample. For float and double. Throws
/// salient::error if a value is not finite.
template <class T>
SALIENT_EXPORT void add_noise(std::span<const T> input, double deviation, std::uint64_t seed, int sample,
                              std::span<T> noisy);

/// Adds image n to increasing numbers of images.
SALIENT_EXPORT void add_image(std::vector<int>& images, int n);

/// SmoothGrad's words: those of the base method about how its maps are drawn.
template <class Base>
constexpr method_words smooth_words() {
  method_words words{
      .name = "smooth_grad",
      .title = "SmoothGrad",
      .paper = "Smilkov, Thorat, Kim, Viegas, Wattenberg: SmoothGrad (2017)",
      .link = "https://arxiv.org/abs/1706.03825",
      .does = "The mean of a method's maps, by default gradients, at copies of the image with random noise.",
      .good =
          "Changes less than its base method's map when the image changes a little, and can smooth any "
          "method. "
          "The standard error says how far the mean has settled.",
      .bad =
          "Dozens of forward and backward passes, and two choices: the strength of the noise and the number "
          "of copies. With much noise it explains images that the network was not trained on.",
  };
  if constexpr (requires { Base::words; }) {
    words.of_layer = Base::words.of_layer;
    words.non_negative = Base::words.non_negative;
    words.relative = Base::words.relative;
    words.of_probability = Base::words.of_probability;
    words.slow = Base::words.slow;
  }
  return words;
}

/// The method with the options of image n alone.
template <class Method>
decltype(auto) of_image(const Method& m, long n) {
  if constexpr (requires { m.of_image(n); })
    return m.of_image(n);
  else
    return (m);
}

}  // namespace detail

/// The mean of the maps of a base method at noisy copies of the network's input. `smooth<guided_backprop>{}`,
/// `smooth<grad_cam<"features">>{.base = {.relu = false}, .samples = 100}`.
///
/// The class is that of the input without noise, also where it is the predicted one. The noise depends on the
/// seed, the sample and the element of the input, and on nothing else: it is the same for every image, so
/// that an image has the same map alone and in any batch. Statistics over images whose noise should be
/// independent give each image its own seed.
///
/// The budget, the threads and the rest of the batch change nothing that they do not change in the base
/// method: not one bit in float32 on a CPU; elsewhere the rounding of sums.
template <class Base = gradients>
struct smooth {
  static constexpr method_words words = detail::smooth_words<Base>();

  Base base{};              ///< the base method with its options
  double deviation = 0.15;  ///< of the noise, as a share of the input's largest minus its smallest value
  int samples = 50;         ///< noisy inputs for each image, 2 to 1,000,000; with a tolerance, at least
  std::uint64_t seed = 0;
  /// Takes more samples until the mean standard error is at most this share of the mean magnitude of the map,
  /// or the limit is reached.
  std::optional<double> tolerance{};
  /// That limit, 2 to 1,000,000; by default 1000, or `samples` if larger. Requires a tolerance.
  std::optional<int> most_samples{};
  /// Bytes of device memory for the passes of samples that run together; one runs in any case. Memory that
  /// the base method takes for itself comes on top.
  long budget = 64L << 20;
  /// What `map` of the result is; the other statistics are there too, and the standard error is the mean's.
  smooth_statistic statistic = smooth_statistic::mean;

  static constexpr auto options = std::tuple{
      method_option{"samples", "Noisy inputs for each image", &smooth::samples, option_range{2, 1'000'000}},
      method_option{"deviation", "Standard deviation of the noise, as a share of the input's range",
                    &smooth::deviation, option_range{.lowest = 0}},
      method_option{"seed", "Seed of the noise", &smooth::seed},
      method_option{
          "tolerance",
          "Take more samples until the mean standard error is at most this share of the mean magnitude",
          &smooth::tolerance, option_range{.lowest = 0, .above = true}},
      method_option{"most_samples", "Limit of that; by default 1000, or the samples if more",
                    &smooth::most_samples, option_range{2, 1'000'000}},
      method_option{"statistic",
                    "Of the samples' maps: the mean, or SmoothGrad^2 (squares) or VarGrad (variance)",
                    &smooth::statistic, detail::smooth_statistic_words}};

  using needs = typename Base::needs;
  template <class Network>
  static constexpr int tap = 0;

  /// Throws salient::error if an option is out of range, for most_samples without a tolerance, and for wrong
  /// options of the base method.
  template <class Network>
  void validate(long batch) const {
    detail::check_noise(deviation, counts());
    salient::detail::validate<Network>(base, batch);
  }

  smooth of_image(long n) const {
    smooth one = *this;
    one.base = detail::of_image(base, n);
    return one;
  }

  /// Throws salient::error if an input with noise, its scores, a sample's map or a statistic is not finite.
  template <class Query>
  auto operator()(const Query& q) const {
    using inner = session<typename Query::model_type, pass_for<typename Query::network, Base>>;
    return run<inner>(q, [](const Base& m, const auto& noisy) { return salient::detail::run(m, noisy); });
  }

  template <class Query>
    requires requires(const Base& m, const Query& q) { m.at(q, 0); }
  auto at(const Query& q, int activation) const {
    return run<typename Query::session_type>(
        q, [activation](const Base& m, const auto& noisy) { return m.at(noisy, activation); });
  }

 private:
  detail::sample_options counts() const { return {"smooth_grad", samples, tolerance, most_samples, budget}; }

  /// The base method's result at the batch of noisy copies of image n.
  template <class Session, class Query, class F>
  static auto ask_at(const Query& q, long n, Session& session, const F& ask) {
    using target_type = typename Query::target_type;
    std::vector<int> classes;
    if constexpr (class_target<target_type, typename Query::scalar>)
      classes.assign(static_cast<std::size_t>(session.batch()), q.target_class(n));
    return salient::detail::answer(
        ask, salient::query<Session, target_type>(session, std::move(classes), q.target(),
                                                  "at an input with noise"));
  }

  /// Samples of one image run together in a session of their own.
  template <class Session, class Query, class F>
  auto run(const Query& q, const F& ask) const {
    using scalar = typename Query::scalar;
    detail::check_noise(deviation, counts());
    const auto inputs = q.activation(0);
    const long size = inputs.extent.elements();
    const detail::side_session<Session> session(
        q, counts().at_once(Session::network::template plan<typename Session::pass_type, scalar>.bytes));
    std::vector<scalar> noisy(static_cast<std::size_t>(size * session.capacity()));
    smoothed<scalar> result{q.result({}), {}, {}, {}, {}};
    detail::moments moments;
    for (long n = 0; n < q.batch(); ++n) {
      const auto& method = detail::of_image(base, n);
      const double spread = deviation * detail::range_of<scalar>(inputs.image(n));
      detail::take_samples(counts(), session.capacity(), moments, [&](int first, long some) {
        session->begin(some);
        const auto all = std::span(noisy).first(static_cast<std::size_t>(some * size));
        for (long k = 0; k < some; ++k)
          detail::add_noise<scalar>(
              inputs.image(n), spread, seed, first + static_cast<int>(k),
              all.subspan(static_cast<std::size_t>(k * size), static_cast<std::size_t>(size)));
        session->write(session->activation(0), all);
        auto maps = ask_at(q, n, *session, [&](const auto& asked) { return ask(method, asked); });
        if (!maps.out_of_range.empty()) detail::add_image(result.out_of_range, static_cast<int>(n));
        if (result.samples.empty()) detail::make_room(result, maps.map.extent, q.batch());
        return std::move(maps.map);
      });
      moments.write(result, n, counts().method);
    }
    if (statistic == smooth_statistic::squares) result.map = result.squares;
    if (statistic == smooth_statistic::variance) result.map = result.variance;
    return result;
  }
};

}  // namespace methods

/// SmoothGrad: the mean of a method's maps over noisy copies of the network's input, in the shape of the
/// method's map. The result also holds SmoothGrad^2, VarGrad, and the standard error of the mean. Smilkov,
/// Thorat, Kim, Viegas and Wattenberg 2017, arXiv:1706.03825; Hooker et al. 2018, arXiv:1806.10758; Adebayo
/// et al. 2018, arXiv:1810.03307.
///
/// `smooth_grad(model, image, logit(7), {.samples = 100})` smooths gradients;
/// `smooth_grad<methods::guided_backprop>(...)` or options of type `methods::smooth<...>` another method.
template <class Base = methods::gradients, class Model, class Target = logit>
auto smooth_grad(const Model& model, const basic_tensor<typename Model::scalar>& images,
                 const Target& target = {}, const methods::smooth<Base>& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
