// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "salient/explainer/dispatch.hpp"
#include "salient/explainer/subject.hpp"
#include "salient/load.hpp"
#include "salient/method/list.hpp"

namespace salient::explainer {

namespace detail {

template <class Network>
inline constexpr auto missing = with_all_methods(
    []<class... Methods>() { return std::array{Methods::needs::template missing<Network>...}; });

/// The activation that a method reads at its default layer; -1 for none, or if it does not apply.
template <class Network, class Method>
constexpr int default_tap() {
  if constexpr (applies<Method, Network>)
    return Method::template tap<Network>;
  else
    return -1;
}

template <class Network>
inline constexpr auto default_taps = with_all_methods(
    []<class... Methods>() { return std::array<int, methods_count>{default_tap<Network, Methods>()...}; });

template <class Network>
constexpr auto all_methods_pass() {
  return with_all_methods([]<class... Methods>() { return pass_with<default_tap<Network, Methods>()...>{}; });
}
template <class Network>
constexpr auto all_layers_pass() {
  return with_all_methods(
      []<class... Methods>() { return pass_of_any_layer<Network, default_tap<Network, Methods>()...>{}; });
}

/// The pass for all methods at their default layers.
template <class Network>
using default_pass = decltype(all_methods_pass<Network>());

/// The pass that also keeps every layer that --layer may name.
template <class Network>
using any_layer_pass = decltype(all_layers_pass<Network>());

/// A method of the list that is chosen at run time, for a method that has a base. Its passes are those of the
/// session of the other methods, which are compiled already.
struct chosen_base {
  using needs = requirements<>;
  template <class Network>
  static constexpr int tap = 0;

  method_kind kind = kind_of<salient::methods::gradients>;
  const method_settings* settings = nullptr;

  template <class Query>
  auto at(const Query& q, int activation) const {
    explanation<typename Query::scalar> result;
    const auto run_if = [&]<class Method>(std::type_identity<Method>) {
      if constexpr (applies<Method, typename Query::network>)
        if (kind == kind_of<Method>) {
          auto found = salient::detail::run(settings->of<Method>(), q, activation);
          result.map = std::move(found.map);
          result.out_of_range = std::move(found.out_of_range);
        }
    };
    with_all_methods([&]<class... Methods>() { (run_if(std::type_identity<Methods>{}), ...); });
    return result;
  }
};

/// SmoothGrad's options for another base.
inline salient::methods::smooth<chosen_base> smooth_of(const salient::methods::smooth<>& options,
                                                       const chosen_base& base) {
  return {.base = base,
          .deviation = options.deviation,
          .samples = options.samples,
          .seed = options.seed,
          .tolerance = options.tolerance,
          .most_samples = options.most_samples,
          .budget = options.budget,
          .statistic = options.statistic};
}

template <class Network, class Device, class Pass>
class typed_model : public explained_model {
 public:
  typed_model(Device device, device_kind named, const opening& o)
      : explained_model(o.asked),
        named_(named),
        device_(std::move(device)),
        model_(load<Network>(o.weights, device_, {.images = o.images})),
        session_(model_, o.batch) {}

  std::string device() const override { return describe(named_, device_); }

  const tensor& look(const tensor& images) override {
    query_.emplace(session_, images, chosen_target());
    return session_.scores();
  }

  answer explain(method_kind method, const std::vector<int>& classes) override {
    query_->about({asked.score_of(method), classes});
    answer result;
    with_all_methods([&]<class... Methods>() { (ask_if<Methods>(method, result), ...); });
    return result;
  }

 private:
  using session_type = session<model<Network, Device>, Pass>;

  template <class Method>
  void ask_if(method_kind chosen, answer& result) {
    if constexpr (applies<Method, Network>)
      if (chosen == kind_of<Method>) result = ask(asked.methods.template of<Method>());
  }

  template <class Method>
  answer ask(const Method& method) {
    if constexpr (std::is_same_v<Method, salient::methods::smooth<>>) {
      const bool mean = method.statistic == smooth_statistic::mean;
      if (asked.base == kind_of<salient::methods::gradients>)
        return answer_of(salient::detail::answer(method, *query_), mean);
      auto found = smooth_of(method, {asked.base, &asked.methods}).at(*query_, asked.activation());
      salient::detail::check_finite<float>(found.map.values, found.values);
      return answer_of(std::move(found), mean);
    } else {
      if constexpr (requires { method.at(*query_, 0); })
        if (asked.activations.size() > 1) return answer_of(combined(method), true);
      return answer_of(salient::detail::answer(method, *query_, asked.activation()), true);
    }
  }

  /// The maps of several layers as one, at the size of the input.
  template <class Method>
  explanation<float> combined(const Method& method) {
    using fuse = salient::methods::detail::fused_maps<float>;
    fuse together(asked.combine, Network::input_shape, query_->batch());
    for (const int activation : asked.activations) {
      auto map = fuse::flat(salient::detail::answer(method, *query_, activation).map);
      together.add(Method::words.of_layer ? enlarge<Network>(map, activation, asked.alignment) : map);
    }
    return query_->result(together.result());
  }

  /// `mean`: the map of a method that samples is their mean, so that a standard error of the mean is of the
  /// map.
  template <class Result>
  static answer answer_of(Result found, [[maybe_unused]] bool mean) {
    answer result;
    if constexpr (requires { found.relative_gap(0); }) {
      for (std::size_t n = 0; n < found.gaps.size(); ++n) result.gaps.push_back(found.relative_gap(n));
      result.evaluations = std::move(found.points);
    }
    if constexpr (requires { found.standard_error; }) {
      for (long n = 0; mean && n < found.map.batch; ++n)
        result.errors.push_back(relative_error(found.map.image(n), found.standard_error.image(n)));
      result.evaluations = std::move(found.samples);
    }
    result.map = std::move(found.map);
    result.values = std::move(found.values);
    return result;
  }

  device_kind named_;
  Device device_;
  model<Network, Device> model_;
  session_type session_;
  std::optional<query<session_type, chosen_target>> query_;
};

/// Whether the method reads a layer that may be chosen at run time. Asked of the model on a CPU, which every
/// explainer has.
template <class Network, class Method>
constexpr bool takes_layer() {
  using session_type = session<model<Network, cpu_pool>, default_pass<Network>>;
  if constexpr (applies<Method, Network>)
    return requires(const Method& m, const query<session_type, chosen_target>& q) { m.at(q, 0); };
  else
    return false;
}

template <class Network>
inline constexpr auto all_take_layer = with_all_methods(
    []<class... Methods>() { return std::array<bool, methods_count>{takes_layer<Network, Methods>()...}; });

template <class Network>
void validate(const question& q, long batch, std::span<const method_kind> asked) {
  const auto check = [&]<class Method>(std::type_identity<Method>) {
    if constexpr (applies<Method, Network>)
      if (std::ranges::find(asked, kind_of<Method>) != asked.end())
        salient::detail::validate<Network>(q.methods.template of<Method>(), batch);
  };
  with_all_methods([&]<class... Methods>() { (check(std::type_identity<Methods>{}), ...); });
}

template <class Network>
std::unique_ptr<explained_model> open(const device_options& d, const opening& o) {
  return with_device(d, [&]<class Device>(Device device) -> std::unique_ptr<explained_model> {
    using of_default = typed_model<Network, Device, default_pass<Network>>;
    using of_any = typed_model<Network, Device, any_layer_pass<Network>>;
    if (o.asked.activations.empty()) return std::make_unique<of_default>(std::move(device), d.device, o);
    return std::make_unique<of_any>(std::move(device), d.device, o);
  });
}

}  // namespace detail

/// Network as a subject.
template <class Network>
subject subject_of() {
  network_facts facts{.input = Network::input_shape,
                      .images = Network::input_preprocessing,
                      .classes = Network::classes,
                      .layers = layers_of<Network>,
                      .default_activation = 0,
                      .missing = detail::missing<Network>,
                      .takes_layer = detail::all_take_layer<Network>,
                      .taps = detail::default_taps<Network>,
                      .parameters = Network::parameters,
                      .sigmoids = Network::graph.facts(Network::scores - 1).name == "sigmoid"};
  if constexpr (std::ranges::find(detail::all_take_layer<Network>, true) !=
                detail::all_take_layer<Network>.end())
    facts.default_activation = salient::chosen_activation<Network, salient::default_layer>;
  return {std::move(facts), &detail::validate<Network>, &detail::open<Network>};
}

}  // namespace salient::explainer
