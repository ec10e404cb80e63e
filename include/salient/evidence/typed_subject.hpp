// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "salient/evidence/measurable.hpp"
#include "salient/evidence/open.hpp"
#include "salient/explainer/dispatch.hpp"
#include "salient/explainer/typed_subject.hpp"
#include "salient/graph/predict.hpp"
#include "salient/load.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/list.hpp"
#include "salient/metric/completeness.hpp"
#include "salient/metric/confidence.hpp"
#include "salient/metric/cost.hpp"
#include "salient/metric/infidelity.hpp"
#include "salient/metric/max_sensitivity.hpp"
#include "salient/metric/perturbation.hpp"
#include "salient/metric/randomisation.hpp"
#include "salient/metric/road.hpp"
#include "salient/train/initialise.hpp"

namespace salient::evidence {

/// Images, or their maps, in one pass.
inline constexpr long at_once = 32;

/// Deletion and insertion change 28 pixels of 784 at a time: a row's worth, which costs a quarter of single
/// steps of a hundredth and gives areas that differ in the third digit.
inline constexpr int steps = 28;
/// The papers blur images of 224 pixels by 5 or more. In small ones lines are about three pixels wide.
constexpr double insertion_blur(shape image) { return std::min(image.height, image.width) < 100 ? 3 : 5; }
/// Nine tenths of the pixels are filled in at last, fifteen hundredths at a time.
inline constexpr int road_steps = 6;
/// Of an image, for the infidelity.
inline constexpr int removed_squares = 50;

/// SmoothGrad of a method that is chosen at run time, in the session of the other methods.
struct smooth_of_chosen {
  using needs = methods::gradients::needs;
  template <class Network>
  static constexpr int tap = 0;

  methods::smooth<explainer::detail::chosen_base> smooth;

  template <class Query>
  auto operator()(const Query& q) const {
    return smooth.at(q, -1);
  }
};

/// What the method explains by its definition, which says so of RISE: Petsiuk et al. weigh masks by the
/// probability.
template <class Method>
using score_of = std::conditional_t<std::is_same_v<Method, methods::rise>, probability, logit>;

template <class Network, class Device>
class typed_subject : public subject {
 public:
  typed_subject(const opening& o, std::shared_ptr<const Device> device)
      : device_(std::move(device)),
        model_(load<Network>(o.weights, *device_, {.images = o.images})),
        parameters_(model_, [](std::uint64_t seed) { return random_parameters<Network>(seed); }),
        session_(model_, at_once),
        random_(o.random) {}

  bool applies(std::size_t method) const override {
    const measurable& m = all_measurable()[method];
    return applies_to[static_cast<std::size_t>(m.kind)] && applies_to[static_cast<std::size_t>(m.base)];
  }
  int layers() const override { return decltype(parameters_)::layers(); }
  long parameters() const override { return Network::parameters; }
  graph_view graph() const override { return Network::graph; }
  const preprocessing& images() const override { return model_.input_preprocessing(); }

  tensor scores(const tensor& images) const override { return predict(model_, images); }

  answer ask(std::size_t method, const tensor& images, const std::vector<int>& classes) override {
    answer to;
    metrics::score_counts counts;
    // Images with random numbers of their own are asked about one by one.
    const long together = all_measurable()[method].random ? 1 : at_once;
    for (long first = 0; first < images.batch; first += together) {
      const long count = std::min(together, images.batch - first);
      const std::vector<int> about(classes.begin() + first, classes.begin() + first + count);
      with(method, images.image(first), [&]<class Method>(const Method& m) {
        const metrics::counted<score_of<Method>> target(about, &counts);
        const auto all = salient::explain(session_, images.slice(first, count), target, m);
        const auto& one = std::get<0>(all);
        to.maps.extent = one.map.extent;
        to.maps.batch += count;
        to.maps.values.insert(to.maps.values.end(), one.map.values.begin(), one.map.values.end());
        add_gaps<Method>(one, about, to.gaps);
      });
    }
    to.passes = static_cast<double>(counts.forward()) / static_cast<double>(images.batch);
    return to;
  }

  metrics::values deletion(const tensor& images, const tensor& maps,
                           const std::vector<int>& classes) const override {
    return metrics::areas(metrics::deletion(model_, images, maps, probability(classes), {.steps = steps}));
  }
  metrics::values insertion(const tensor& images, const tensor& maps,
                            const std::vector<int>& classes) const override {
    return metrics::areas(metrics::insertion(model_, images, maps, probability(classes),
                                             {.steps = steps, .blur = insertion_blur(Network::input_shape)}));
  }
  metrics::values road(const tensor& images, const tensor& maps, const std::vector<int>& classes,
                       metrics::removal_order order, std::uint64_t seed) const override {
    return metrics::areas(metrics::road(model_, images, maps, probability(classes),
                                        {.order = order, .steps = road_steps, .fill = {.seed = seed}}));
  }
  metrics::confidences confidence(const tensor& images, const tensor& maps,
                                  const std::vector<int>& classes) const override {
    return metrics::explained_confidence(model_, images, maps, probability(classes));
  }
  metrics::value_falls<float> falls(const tensor& images, const std::vector<int>& classes,
                                    std::uint64_t seed) const override {
    return metrics::draw_value_falls(
        model_, images, logit(classes),
        {.change = metrics::infidelity_change::removal, .samples = removed_squares, .seed = seed});
  }
  metrics::values max_sensitivity(std::size_t method, const tensor& images, const std::vector<int>& classes,
                                  std::uint64_t seed) override {
    metrics::values result;
    const long together = all_measurable()[method].random ? 1 : images.batch;
    for (long first = 0; first < images.batch; first += together) {
      const std::vector<int> about(classes.begin() + first, classes.begin() + first + together);
      with(method, images.image(first), [&]<class Method>(const Method& m) {
        const auto moves = metrics::max_sensitivity(
            session_, images.slice(first, together), m, score_of<Method>(about),
            {.samples = 10, .seed = seed, .first = static_cast<std::uint32_t>(first)});
        result.insert(result.end(), moves.begin(), moves.end());
      });
    }
    return result;
  }

  metrics::map_cost cost(std::size_t method, const tensor& image, int about) override {
    metrics::map_cost found;
    with(method, image.image(0),
         [&](const auto& m) { found = metrics::detail::cost_with_pass<pass_type>(model_, image, m, about); });
    return found;
  }

  void redraw(int count, std::uint64_t seed) override {
    parameters_.redraw(count, seed);
    at_baselines_ = {};
  }

 private:
  using model_type = model<Network, Device>;
  using pass_type = explainer::detail::default_pass<Network>;

  static constexpr auto applies_to = with_all_methods([]<class... Methods>() {
    return std::array<bool, methods_count>{salient::applies<Methods, Network>...};
  });

  /// Calls f with the method and its options for an image, if it applies.
  template <class F>
  void with(std::size_t method, std::span<const float> image, const F& f) const {
    if (!applies(method)) return;
    const measurable& m = all_measurable()[method];
    const method_settings settings = settings_of(m, random_.baselines, seed_of(random_.seed, image));
    if (m.base != kind_of<methods::gradients>) {
      f(smooth_of_chosen{
          explainer::detail::smooth_of(settings.of<methods::smooth<>>(), {m.base, &settings})});
      return;
    }
    const auto one = [&]<class Method>(std::type_identity<Method>) {
      if constexpr (salient::applies<Method, Network>)
        if (kind_of<Method> == m.kind) f(settings.of<Method>());
    };
    with_all_methods([&]<class... Methods>() { (one(std::type_identity<Methods>()), ...); });
  }

  /// Completeness gaps of a method that promises a sum.
  template <class Method, class Explanation>
  void add_gaps(const Explanation& of, [[maybe_unused]] const std::vector<int>& classes,
                metrics::values& to) {
    std::vector<double> changes(of.values.begin(), of.values.end());
    const auto add = [&](const tensor& maps) {
      const auto gaps = metrics::completeness_gap(maps, std::span<const double>(changes));
      to.insert(to.end(), gaps.begin(), gaps.end());
    };
    if constexpr (requires { of.baseline_values; }) {
      for (std::size_t n = 0; n < changes.size(); ++n)
        changes[n] -= static_cast<double>(of.baseline_values[n]);
      add(of.map);
    } else if constexpr (requires { of.totals; }) {
      tensor totals({1, 1, 1}, of.map.batch);
      totals.values = of.totals;
      add(totals);
    } else if constexpr (std::is_same_v<Method, methods::expected_gradients>) {
      if (random_.baselines.batch == 0) return;
      if (at_baselines_.batch == 0) at_baselines_ = predict(model_, random_.baselines);
      for (std::size_t n = 0; n < changes.size(); ++n) {
        double sum = 0;
        for (long k = 0; k < at_baselines_.batch; ++k)
          sum += static_cast<double>(at_baselines_.image(k)[static_cast<std::size_t>(classes[n])]);
        changes[n] -= sum / static_cast<double>(at_baselines_.batch);
      }
      add(of.map);
    }
  }

  std::shared_ptr<const Device> device_;
  model_type model_;
  metrics::redrawn_layers<model_type> parameters_;
  session<model_type, pass_type> session_;
  draws random_;
  tensor at_baselines_;  // scores, if they are known
};

template <class Network>
std::unique_ptr<subject> open(const opening& o) {
  return explainer::with_device(o.where, [&]<class Device>(Device&& device) -> std::unique_ptr<subject> {
    using kind = std::remove_cvref_t<Device>;
    return std::make_unique<typed_subject<Network, kind>>(
        o, std::make_shared<const kind>(std::forward<Device>(device)));
  });
}

}  // namespace salient::evidence
