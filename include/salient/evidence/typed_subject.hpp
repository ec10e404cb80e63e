// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "salient/evidence/open.hpp"
#include "salient/explainer/asked.hpp"
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

template <class Network, class Device>
class typed_subject : public subject {
 public:
  typed_subject(const opening& o, std::shared_ptr<const Device> device)
      : device_(std::move(device)),
        model_(load<Network>(o.weights, *device_, {.images = o.images})),
        parameters_(model_, [](std::uint64_t seed) { return random_parameters<Network>(seed); }),
        session_(model_, at_once) {}

  bool applies(std::size_t method) const override {
    bool found = false;
    with(method, [&](auto) { found = true; });
    return found;
  }
  int layers() const override { return decltype(parameters_)::layers(); }
  long parameters() const override { return Network::parameters; }
  graph_view graph() const override { return Network::graph; }
  const preprocessing& images() const override { return model_.input_preprocessing(); }

  tensor scores(const tensor& images) const override { return predict(model_, images); }

  answer ask(std::size_t method, const tensor& images, const std::vector<int>& classes) override {
    answer to;
    metrics::counted_logit::counts counts;
    with(method, [&](auto type) {
      for (long first = 0; first < images.batch; first += at_once) {
        const long count = std::min(at_once, images.batch - first);
        const std::vector<int> about(classes.begin() + first, classes.begin() + first + count);
        const auto all =
            salient::explain(session_, images.slice(first, count), metrics::counted_logit(about, &counts),
                             explainer::asked<typename decltype(type)::type>());
        const auto& one = std::get<0>(all);
        to.maps.extent = one.map.extent;
        to.maps.batch += count;
        to.maps.values.insert(to.maps.values.end(), one.map.values.begin(), one.map.values.end());
        if constexpr (requires { one.baseline_values; }) {
          std::vector<double> changes;
          for (std::size_t n = 0; n < one.baseline_values.size(); ++n)
            changes.push_back(static_cast<double>(one.values[n]) -
                              static_cast<double>(one.baseline_values[n]));
          const auto gaps = metrics::completeness_gap(one.map, std::span<const double>(changes));
          to.gaps.insert(to.gaps.end(), gaps.begin(), gaps.end());
        }
      }
    });
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
    with(method, [&](auto type) {
      result = metrics::max_sensitivity(session_, images, explainer::asked<typename decltype(type)::type>(),
                                        logit(classes), {.samples = 10, .seed = seed});
    });
    return result;
  }

  metrics::map_cost cost(std::size_t method, const tensor& image, int about) override {
    metrics::map_cost found;
    with(method, [&](auto type) {
      found = metrics::detail::cost_with_pass<pass_type>(
          model_, image, explainer::asked<typename decltype(type)::type>(), about);
    });
    return found;
  }

  void redraw(int count, std::uint64_t seed) override { parameters_.redraw(count, seed); }

 private:
  using model_type = model<Network, Device>;
  using pass_type = explainer::detail::default_pass<Network>;

  /// Calls f(std::type_identity<Method>) if the method applies.
  template <class F>
  static void with(std::size_t method, const F& f) {
    const auto one = [&]<class Method>(std::type_identity<Method> type) {
      if constexpr (salient::applies<Method, Network>)
        if (static_cast<std::size_t>(kind_of<Method>) == method) f(type);
    };
    with_all_methods([&]<class... Methods>() { (one(std::type_identity<Methods>()), ...); });
  }

  std::shared_ptr<const Device> device_;
  model_type model_;
  metrics::redrawn_layers<model_type> parameters_;
  session<model_type, pass_type> session_;
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
